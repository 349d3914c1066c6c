/** Signing in: with an access key or a Bedrock API key, which the server proves by telling who it belongs to. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { craton } from "../../api/craton";
import { type Credentials, forget, remember, remembered } from "../../api/credentials";
import { type Failure, failureOf, isRefused } from "../../api/failure";
import type { GetCallerIdentityResponse } from "../../api/shapes";
import { Code } from "../../parts/Code";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";

type OnSignIn = (credentials: Credentials, caller: GetCallerIdentityResponse) => void;

const EMPTY = { accessKeyId: "", secretAccessKey: "", sessionToken: "", key: "", region: "us-east-1" };
type Fields = typeof EMPTY;

export function SignIn({ onSignIn }: { onSignIn: OnSignIn }) {
  const texts = useTexts();
  const signIn = useSigningIn(onSignIn);
  const [kind, setKind] = useState<Credentials["kind"]>("accessKey");
  const [fields, setFields] = useState(EMPTY);
  const [keep, setKeep] = useState(false);
  const [tried, setTried] = useState(false);

  useEffect(() => {
    document.title = `${texts.signIn.submit} · ${texts.product}`;
  }, [texts]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    const credentials = made(kind, fields);
    if (credentials) void signIn.with(credentials, keep);
  }

  if (signIn.returning) {
    return (
      <Box textAlign="center" padding="xxxl">
        <Spinner size="large" /> <Box variant="span">{texts.loading}</Box>
      </Box>
    );
  }
  const field = { fields, tried, set: (changed: Partial<Fields>) => setFields({ ...fields, ...changed }) };
  return (
    <main className="sign-in" id="content" tabIndex={-1}>
      <form onSubmit={submit}>
        <SpaceBetween size="l">
          <Header variant="h1" description={texts.signIn.text}>
            {texts.signIn.title}
          </Header>
          {signIn.failure && <Failed failure={signIn.failure} what={texts.signIn.failed} {...(signIn.again && { onAgain: signIn.again })} />}
          <Container>
            <SpaceBetween size="l">
              <SegmentedControl
                label={texts.signIn.kind}
                selectedId={kind}
                options={[
                  { id: "accessKey", text: texts.signIn.accessKey },
                  { id: "apiKey", text: texts.signIn.apiKey },
                ]}
                onChange={({ detail }) => setKind(detail.selectedId as Credentials["kind"])}
              />
              {kind === "accessKey" ? (
                <SpaceBetween size="m">
                  <Field {...field} name="accessKeyId" label={texts.signIn.accessKeyId} needed autoComplete="username" />
                  <Field {...field} name="secretAccessKey" label={texts.signIn.secret} needed type="password" />
                </SpaceBetween>
              ) : (
                <Field {...field} name="key" label={texts.signIn.key} hint={texts.signIn.keyText} needed type="password" />
              )}
              <ExpandableSection headerText={kind === "accessKey" ? texts.signIn.more : texts.signIn.moreApiKey}>
                <SpaceBetween size="m">
                  <Field {...field} name="region" label={texts.signIn.region} hint={texts.signIn.regionText} needed />
                  {kind === "accessKey" && (
                    <Field {...field} name="sessionToken" label={texts.signIn.token} hint={texts.signIn.tokenText} type="password" />
                  )}
                </SpaceBetween>
              </ExpandableSection>
              <Checkbox checked={keep} description={texts.signIn.keepText} onChange={({ detail }) => setKeep(detail.checked)}>
                {texts.signIn.keep}
              </Checkbox>
              <Button variant="primary" formAction="submit" fullWidth loading={signIn.busy}>
                {texts.signIn.submit}
              </Button>
            </SpaceBetween>
          </Container>
          <ExpandableSection headerText={texts.signIn.where}>
            <SpaceBetween size="xs">
              <Box>{texts.signIn.whereText}</Box>
              <Code
                code={kind === "accessKey" ? "craton keys create" : "craton keys create --api-key"}
                language="shell"
                label={texts.signIn.where}
              />
            </SpaceBetween>
          </ExpandableSection>
        </SpaceBetween>
      </form>
    </main>
  );
}

interface FieldShown {
  fields: Fields;
  tried: boolean;
  set: (changed: Partial<Fields>) => void;
  name: keyof Fields;
  label: string;
  hint?: string;
  needed?: boolean;
  type?: InputProps.Type;
  autoComplete?: string;
}

function Field({ fields, tried, set, name, label, hint, needed, type = "text", autoComplete = "off" }: FieldShown) {
  const texts = useTexts();
  const value = fields[name];
  return (
    <FormField label={label} description={hint} errorText={needed && tried && !value.trim() ? texts.signIn.needed : ""}>
      <Input
        name={name}
        value={value}
        type={type}
        spellcheck={false}
        disableBrowserAutocorrect
        autoComplete={type === "password" ? "current-password" : autoComplete}
        ariaRequired={needed === true}
        onChange={({ detail }) => set({ [name]: detail.value })}
      />
    </FormField>
  );
}

function made(kind: Credentials["kind"], fields: Fields): Credentials | null {
  const { accessKeyId, secretAccessKey, sessionToken, key, region } = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value.trim()]),
  ) as Fields;
  if (!region) return null;
  if (kind === "apiKey") return key ? { kind, key, region } : null;
  if (!accessKeyId || !secretAccessKey) return null;
  return { kind, accessKeyId, secretAccessKey, region, ...(sessionToken && { sessionToken }) };
}

function useSigningIn(onSignIn: OnSignIn) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [before] = useState(remembered);
  const [returning, setReturning] = useState(before !== null);
  const began = useRef(false);

  async function attempt(credentials: Credentials, keep: boolean): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      const caller = await craton(location.origin, credentials)("GetCallerIdentity", {});
      if (keep) remember(credentials);
      onSignIn(credentials, caller);
    } catch (error) {
      const failed = failureOf(error);
      // A server that is only away, or has too much to do, has refused nobody.
      if (isRefused(failed)) forget();
      setFailure(failed);
      setReturning(false);
      setBusy(false);
    }
  }

  useEffect(() => {
    if (!before || began.current) return;
    began.current = true;
    void attempt(before, true);
  });

  const again = before !== null && failure !== null && !isRefused(failure) ? () => void attempt(before, true) : null;
  return { busy, failure, returning, again, with: attempt };
}

/** Whom a role trusts, and the place where that is changed. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { Call } from "../../../api/call";
import { type Failure, failureOf } from "../../../api/failure";
import type { Role } from "../../../api/shapes";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Code } from "../../../parts/Code";
import { Failed } from "../../../parts/Failed";
import { indented } from "../Document";
import { send } from "../../keys/create/making";
import { usePeopleTexts } from "../texts";
import { useRoleTexts } from "./texts";
import { namesIn, type Trust, trustIn } from "./trust";
import { TrustFields } from "./TrustFields";

export function TrustView({ role, onChanged }: { role: Role; onChanged: () => void }) {
  const own = useRoleTexts();
  const [editing, setEditing] = useState(false);
  const trust = trustIn(role.assumeRolePolicyDocument, accountOf(role));
  if (editing) {
    return (
      <Editing
        role={role}
        onClose={() => setEditing(false)}
        onDone={() => {
          setEditing(false);
          onChanged();
        }}
      />
    );
  }
  return (
    <Container
      header={
        <Header variant="h2" description={own.trustText} actions={<Button onClick={() => setEditing(true)} ariaLabel={`${own.trustEdit}: ${own.trusted}`}>{own.trustEdit}</Button>}>
          {own.trusted}
        </Header>
      }
    >
      {trust ? <Words trust={trust} /> : <Code code={indented(role.assumeRolePolicyDocument)} language={null} label={own.trusted} />}
    </Container>
  );
}

/** The account that stands in its ARN. */
export function accountOf({ arn }: Role): string {
  return arn.split(":")[4] ?? "";
}

function Words({ trust: { account, names, externalId } }: { trust: Trust }) {
  const own = useRoleTexts();
  return (
    <SpaceBetween size="xs">
      {account && (
        <div>
          {own.account}
          <div className="under">{own.accountText}</div>
        </div>
      )}
      {namesIn(names).map((name) => (
        <div key={name} className="told">
          {name}
        </div>
      ))}
      {externalId && <div className="under">{own.withId(externalId)}</div>}
    </SpaceBetween>
  );
}

function Editing({ role, onDone, onClose }: { role: Role; onDone: () => void; onClose: () => void }) {
  const own = useRoleTexts();
  const texts = usePeopleTexts();
  const { api } = useSession();
  const before = role.assumeRolePolicyDocument;
  const [document, setDocument] = useState<string | null>(before);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const ready = document !== null && document !== before;
  const call: Call = { service: "craton", operation: "UpdateAssumeRolePolicy", input: { roleName: role.roleName, policyDocument: document } };

  async function save(): Promise<void> {
    setRunning(true);
    setFailure(null);
    try {
      await send(api, call);
      onDone();
    } catch (error) {
      setFailure(failureOf(error));
      setRunning(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !running) void save();
      }}
    >
      <Container
        header={
          <Header variant="h2" actions={<ApiCall calls={ready ? [call] : []} />}>
            {own.trusted}
          </Header>
        }
        footer={
          <Box float="right">
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" disabled={running} onClick={onClose}>
                {texts.cancel}
              </Button>
              <Button variant="primary" formAction="submit" loading={running} disabled={!ready}>
                {texts.save}
              </Button>
            </SpaceBetween>
          </Box>
        }
      >
        <SpaceBetween size="m">
          <TrustFields owner={accountOf(role)} document={document ?? before} onChange={setDocument} />
          {ready && <Alert type="info">{own.trustCounts}</Alert>}
          {failure && <Failed failure={failure} />}
        </SpaceBetween>
      </Container>
    </form>
  );
}

/** Which guardrail the account enforces on all of its requests. */

import type { GuardrailSummary } from "@aws-sdk/client-bedrock";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { nameOf } from "../../../app/Bar";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Dialog } from "../../../parts/Dialog";
import { Failed } from "../../../parts/Failed";
import { useFormats } from "../../../texts/texts";
import { EnforcedForm } from "./EnforcedForm";
import { type Enforced, enforcingOf, getEnforced, NOTHING, stopEnforcing } from "./enforcing";
import { useEnforcedTexts } from "./texts";

export function EnforcedGuardrail({ guardrails }: { guardrails: GuardrailSummary[] }) {
  const texts = useEnforcedTexts();
  const { api } = useSession();
  const [asking, setAsking] = useState<"form" | "removal" | null>(null);
  const { answer, failure, loading, again } = useCall(useCallback((signal: AbortSignal) => getEnforced(api, signal), [api]));
  const name = guardrails.find(({ id }) => id === answer?.guardrailId)?.name ?? answer?.guardrailId ?? "";
  const removal = { configId: answer?.configId };

  function close(): void {
    setAsking(null);
    again();
  }

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={texts.text}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <ApiCall variant="icon" calls={[{ service: "bedrock", operation: "ListEnforcedGuardrailsConfiguration", input: {} }]} />
              {answer && <Button onClick={() => setAsking("removal")}>{texts.remove}</Button>}
              <Button disabled={loading || guardrails.length === 0} onClick={() => setAsking("form")}>
                {answer ? texts.change : texts.enforce}
              </Button>
            </SpaceBetween>
          }
        >
          {texts.title}
        </Header>
      }
    >
      {failure && <Failed failure={failure} onAgain={again} />}
      {answer ? (
        <Present told={answer} name={name} />
      ) : (
        !failure && !loading && <Box color="text-body-secondary">{texts.none}</Box>
      )}
      {asking === "form" && (
        <EnforcedForm
          guardrails={guardrails}
          present={answer ? enforcingOf(answer) : NOTHING}
          configId={answer?.configId}
          onClose={() => setAsking(null)}
          onDone={close}
        />
      )}
      {asking === "removal" && (
        <Dialog
          title={texts.removal.title}
          action={texts.remove}
          calls={[{ service: "bedrock", operation: "DeleteEnforcedGuardrailConfiguration", input: removal }]}
          onAction={async () => {
            await stopEnforcing(api, removal);
            close();
          }}
          onClose={() => setAsking(null)}
        >
          <Box>{texts.removal.text}</Box>
        </Dialog>
      )}
    </Container>
  );
}

function Present({ told, name }: { told: Enforced; name: string }) {
  const texts = useEnforcedTexts();
  const formats = useFormats();
  const { guardrail, version, included, excluded, system, messages } = enforcingOf(told);
  const since = told.updatedAt ? texts.sinceOf(formats.time(told.updatedAt), nameOf(told.updatedBy ?? "")) : "–";
  return (
    <SpaceBetween size="m">
      <Alert type="warning" header={texts.now(name, version)}>
        {texts.nowText}
      </Alert>
      <KeyValuePairs
        columns={3}
        items={[
          {
            label: texts.guardrail,
            value: (
              <Link href={`${href(`/guardrails/${guardrail}`)}#version=${version}`} onFollow={follow}>
                {name}
              </Link>
            ),
          },
          { label: texts.models, value: included ? included.join(", ") : texts.all },
          ...(excluded.length > 0 ? [{ label: texts.excluded, value: excluded.join(", ") }] : []),
          { label: texts.system, value: texts.guarding[system] },
          { label: texts.messages, value: texts.guarding[messages] },
          { label: texts.by, value: since },
        ]}
      />
    </SpaceBetween>
  );
}

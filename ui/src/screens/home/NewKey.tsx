/** An API key for the programs that need one, made with a click. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type Failure, failureOf } from "../../api/failure";
import { useSession } from "../../app/session";
import { quoted } from "../../code/shell";
import { ApiCall } from "../../parts/ApiCall";
import { Code } from "../../parts/Code";
import { Failed } from "../../parts/Failed";
import { useHomeTexts } from "./texts";

export const HIDDEN = "••••••••";
const DAYS = 30;

interface Shown {
  /** Whether secrets are. */
  shown: boolean;
  made: string | null;
  onMade: (key: string) => void;
}

export function NewKey({ shown, made, onMade }: Shown) {
  const { snippets } = useHomeTexts();
  const { api } = useSession();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function make(): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      onMade((await api.craton("CreateApiKey", { expiresAt: lastDay() })).apiKey);
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  }

  if (made !== null) {
    return (
      <SpaceBetween size="xs">
        <Box color="text-body-secondary">{snippets.key}</Box>
        <Code code={exported(shown ? quoted(made) : HIDDEN)} copied={exported(quoted(made))} language="shell" label={snippets.key} />
        {api.endpoint.startsWith("http:") && <Alert type="info">{snippets.ownTerminal}</Alert>}
      </SpaceBetween>
    );
  }
  return (
    <SpaceBetween size="xs">
      <Box color="text-body-secondary">{snippets.needsKey}</Box>
      <SpaceBetween direction="horizontal" size="xs">
        <Button iconName="key" loading={busy} onClick={() => void make()}>
          {snippets.makeKey}
        </Button>
        <ApiCall calls={[{ service: "craton", operation: "CreateApiKey", input: { expiresAt: lastDay() } }]} variant="link" />
      </SpaceBetween>
      {failure && <Failed failure={failure} />}
    </SpaceBetween>
  );
}

function exported(key: string): string {
  return `export AWS_BEARER_TOKEN_BEDROCK=${key}`;
}

function lastDay(): string {
  return new Date(Math.floor(Date.now() / 1000 + DAYS * 86_400) * 1000).toISOString().replace(".000", "");
}

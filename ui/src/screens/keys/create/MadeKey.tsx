/** A new key: its secret, this one time, and a program that uses it. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useCallback } from "react";
import type { Credentials } from "../../../api/credentials";
import { answersWithText, listTextModels } from "../../../api/models";
import { useCall } from "../../../api/polling";
import { go } from "../../../app/address";
import { useSession } from "../../../app/session";
import { environment, SNIPPETS } from "../../../code/snippets";
import { Code } from "../../../parts/Code";
import type { Made } from "./making";
import { useKeyTexts } from "../texts";

export function MadeKey({ made, onClose }: { made: Made; onClose: () => void }) {
  const texts = useKeyTexts().made;
  const { api } = useSession();
  const { answer } = useCall(useCallback((signal: AbortSignal) => listTextModels(api, signal), [api]));
  const modelId = answer?.find(answersWithText)?.id;
  const fitting = SNIPPETS.filter(({ apiKey }) => apiKey === (made.kind === "API_KEY"));
  return (
    <Modal
      visible
      size="large"
      header={texts.title}
      // The secret is not to be had again: a click beside it must not take it away.
      onDismiss={({ detail }) => detail.reason !== "overlay" && onClose()}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => go(`/keys/${encodeURIComponent(made.keyId)}`)}>
              {texts.open}
            </Button>
            <Button variant="primary" onClick={onClose}>
              {texts.done}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{texts.once}</Alert>
        {made.kind === "ACCESS_KEY" && <Named name={texts.keyId} text={made.keyId} />}
        <Named name={texts.secret} text={made.secret} />
        <div>
          <Box variant="awsui-key-label">{texts.environment}</Box>
          <Code code={environment(credentialsOf(made, api.region), api.endpoint, null)} language="shell" label={texts.environment} />
        </div>
        {modelId && (
          <div>
            <Box variant="awsui-key-label">{texts.program}</Box>
            <Tabs
              ariaLabel={texts.program}
              tabs={fitting.map(({ id, name, language, install, code }) => ({
                id,
                label: name,
                content: (
                  <SpaceBetween size="xs">
                    {install && <Code code={install} language="shell" label={texts.install} />}
                    <Code code={code({ endpoint: api.endpoint, region: api.region, modelId })} language={language} label={name} />
                  </SpaceBetween>
                ),
              }))}
            />
          </div>
        )}
      </SpaceBetween>
    </Modal>
  );
}

function Named({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <Box variant="awsui-key-label">{name}</Box>
      <Code code={text} language={null} label={name} />
    </div>
  );
}

function credentialsOf({ kind, keyId, secret }: Made, region: string): Credentials {
  if (kind === "API_KEY") return { kind: "apiKey", key: secret, region };
  return { kind: "accessKey", accessKeyId: keyId, secretAccessKey: secret, region };
}

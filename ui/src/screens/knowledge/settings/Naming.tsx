/** The name and description of a knowledge base, edited in place. */

import { UpdateKnowledgeBaseCommand, type UpdateKnowledgeBaseCommandInput } from "@aws-sdk/client-bedrock-agent";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type Failure, failureOf } from "../../../api/failure";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import type { Base } from "../asking";
import { useClients } from "../clients";
import { isName } from "../sources/draft";
import { useSettingsTexts } from "./texts";

export function Naming({ base: { told }, onChange }: { base: Base; onChange: () => void }) {
  const own = useSettingsTexts();
  const { agent } = useClients();
  const [name, setName] = useState(told.name ?? "");
  const [description, setDescription] = useState(told.description ?? "");
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const bad = !isName(name.trim());
  const changed = name.trim() !== told.name || description.trim() !== (told.description ?? "");
  const input: UpdateKnowledgeBaseCommandInput = {
    knowledgeBaseId: told.knowledgeBaseId,
    name: name.trim(),
    ...(description.trim() && { description: description.trim() }),
    roleArn: told.roleArn,
    knowledgeBaseConfiguration: told.knowledgeBaseConfiguration,
    ...(told.storageConfiguration && { storageConfiguration: told.storageConfiguration }),
  };

  async function save(): Promise<void> {
    setRunning(true);
    setFailure(null);
    try {
      await agent.send(new UpdateKnowledgeBaseCommand(input));
      onChange();
    } catch (error) {
      setFailure(failureOf(error));
    }
    setRunning(false);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (changed && !bad) void save();
      }}
    >
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <ApiCall calls={[{ service: "bedrock-agent", operation: "UpdateKnowledgeBase", input }]} />
                <Button formAction="submit" loading={running} disabled={!changed || bad}>
                  {own.save}
                </Button>
              </SpaceBetween>
            }
          >
            {own.edit}
          </Header>
        }
      >
        <SpaceBetween size="m">
          {failure && <Failed failure={failure} />}
          <div className="pair">
            <FormField label={own.name} errorText={bad && own.nameWrong}>
              <Input value={name} spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
            </FormField>
            <FormField label={own.description}>
              <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
            </FormField>
          </div>
        </SpaceBetween>
      </Container>
    </form>
  );
}

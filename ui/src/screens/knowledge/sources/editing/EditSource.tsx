/** A data source, changed in place: its name, what becomes of it, and what its syncs read. */

import { GetDataSourceCommand, UpdateDataSourceCommand } from "@aws-sdk/client-bedrock-agent";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type Failure, failureOf } from "../../../../api/failure";
import { ApiCall } from "../../../../parts/ApiCall";
import { Failed } from "../../../../parts/Failed";
import type { Source } from "../../asking";
import { useClients } from "../../clients";
import { useKnowledgeTexts } from "../../texts";
import { useSourcesTexts } from "../texts";
import { CrawlerFields } from "./CrawlerFields";
import { type Edit, editOf, type Meaning, meaningsOf, mistakesIn, updateOf } from "./editing";
import { useEditingTexts } from "./texts";

interface Shown {
  baseId: string;
  source: Source;
  /** How its documents are cut, in words. */
  cut: string;
  onSaved: (meanings: Meaning[]) => void;
  onClose: () => void;
}

export function EditSource({ baseId, source: shown, cut, onSaved, onClose }: Shown) {
  const own = useEditingTexts();
  const known = useKnowledgeTexts();
  const { agent } = useClients();
  // As it was when somebody began, whatever is read of it meanwhile.
  const [source] = useState(shown);
  const [edit, setEdit] = useState(() => editOf(source));
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [meanwhile, setMeanwhile] = useState(false);
  const bad = mistakesIn(edit);
  const meanings = meaningsOf(source, edit);
  const ready = bad.length === 0 && meanings.length > 0;
  const input = { knowledgeBaseId: baseId, ...updateOf(source, edit) };

  async function save(): Promise<void> {
    setRunning(true);
    setFailure(null);
    try {
      const { dataSource } = await agent.send(new GetDataSourceCommand({ knowledgeBaseId: baseId, dataSourceId: source.id }));
      const changed = Number(dataSource?.updatedAt) !== Number(source.told.updatedAt);
      setMeanwhile(changed);
      if (!changed) {
        await agent.send(new UpdateDataSourceCommand(input));
        onSaved(meanings);
        return;
      }
    } catch (error) {
      setFailure(failureOf(error));
    }
    setRunning(false);
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
          <Header variant="h2" actions={<ApiCall calls={ready ? [{ service: "bedrock-agent", operation: "UpdateDataSource", input }] : []} />}>
            {own.title}
          </Header>
        }
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" disabled={running} onClick={onClose}>
                {known.cancel}
              </Button>
              <Button variant="primary" formAction="submit" loading={running} disabled={!ready}>
                {own.save}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Fields edit={edit} bad={bad} change={(changes) => setEdit({ ...edit, ...changes })} />
            <Box color="text-body-secondary">{own.fixed(cut)}</Box>
            {meanings.length > 0 && (
              <Alert type="info" header={own.means}>
                <ul className="knowledge-names">
                  {meanings.map((meaning) => (
                    <li key={meaning}>{own.meanings[meaning]}</li>
                  ))}
                </ul>
              </Alert>
            )}
            {meanwhile && <Alert type="warning">{own.meanwhile}</Alert>}
            {failure && <Failed failure={failure} />}
          </SpaceBetween>
        </Form>
      </Container>
    </form>
  );
}

function Fields({ edit, bad, change }: { edit: Edit; bad: (keyof Edit)[]; change: (changes: Partial<Edit>) => void }) {
  const own = useEditingTexts();
  const sources = useSourcesTexts();
  return (
    <SpaceBetween size="l">
      <div className="pair">
        <FormField label={sources.name} errorText={bad.includes("name") && sources.nameWrong}>
          <Input value={edit.name} spellcheck={false} onChange={({ detail }) => change({ name: detail.value })} />
        </FormField>
        <FormField label={own.description}>
          <Input value={edit.description} onChange={({ detail }) => change({ description: detail.value })} />
        </FormField>
      </div>
      {edit.kind === "bucket" && (
        <FormField label={sources.bucket} description={sources.bucketText} errorText={bad.includes("bucket") && sources.bucketWrong}>
          <Input value={edit.bucket} spellcheck={false} onChange={({ detail }) => change({ bucket: detail.value })} />
        </FormField>
      )}
      {edit.kind === "web" && <CrawlerFields edit={edit} bad={bad} change={change} />}
      <FormField label={own.policy}>
        <RadioGroup
          value={edit.policy}
          ariaLabel={own.policy}
          items={(["DELETE", "RETAIN"] as const).map((value) => ({ value, label: sources.policies[value] }))}
          onChange={({ detail }) => change({ policy: detail.value as Edit["policy"] })}
        />
      </FormField>
    </SpaceBetween>
  );
}

/** Makes a knowledge base: its name, its embedding model, and where its documents are from. */

import { CreateKnowledgeBaseCommand, type CreateKnowledgeBaseCommandInput } from "@aws-sdk/client-bedrock-agent";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useState } from "react";
import type { Call } from "../../../api/call";
import { type Failure, failureOf } from "../../../api/failure";
import { useCall } from "../../../api/polling";
import { follow, go, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { useSession } from "../../../app/session";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { useTexts } from "../../../texts/texts";
import { useClients } from "../clients";
import { uploadsOf } from "../documents/uploads";
import { isWrong, metadataOf, NOTHING } from "../metadata/metadata";
import { Telling } from "../metadata/Telling";
import { embeddingModels } from "../models";
import { type Draft, EMPTY, isName, nameFor, sourceFor, wrong } from "../sources/draft";
import { createSource } from "../sources/making";
import { KINDS, SourceFields } from "../sources/SourceFields";
import { baseAt } from "../tabs";
import { useKnowledgeTexts } from "../texts";
import { ChosenFiles } from "./ChosenFiles";
import { Embedding, NoEmbedding } from "./Embedding";
import { useMakingTexts } from "./texts";

/** What is made is known by its id only afterwards. */
const PLACE = { knowledgeBaseId: "KNOWLEDGEB", dataSourceId: "DATASOURCE" };
const ROLE = /^arn:aws(-[^:]+)?:iam::([0-9]{12})?:role\/.+$/;

export function NewBase() {
  const texts = useTexts();
  const known = useKnowledgeTexts();
  const own = useMakingTexts();
  const clients = useClients();
  const { caller } = useSession();
  const models = useCall(useCallback((signal: AbortSignal) => embeddingModels(clients, signal), [clients]));
  const [name, setName] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const [embedding, setEmbedding] = useState("");
  const [role, setRole] = useState(`arn:aws:iam::${caller.account}:role/knowledge`);
  const [source, setSource] = useState<Draft>(EMPTY);
  const [files, setFiles] = useState<File[]>([]);
  const [told, setTold] = useState(NOTHING);
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [madeId, setMadeId] = useState<string | null>(null);

  const suggested = nameFor((files[0]?.name ?? "").replace(/\.\w+$/, ""));
  const called = (name ?? suggested).trim();
  const model = models.answer?.find(({ arn }) => arn === embedding) ?? models.answer?.[0];
  const bad = { name: !isName(called), role: !ROLE.test(role.trim()), source: wrong(source), told: source.kind === "upload" && files.length > 0 && isWrong(told) };
  const made = madeId !== null;
  const ready = !bad.name && !bad.role && bad.source.length === 0 && !bad.told && model !== undefined;
  const input: CreateKnowledgeBaseCommandInput = {
    name: called,
    ...(description.trim() && { description: description.trim() }),
    roleArn: role.trim(),
    knowledgeBaseConfiguration: { type: "VECTOR", vectorKnowledgeBaseConfiguration: { embeddingModelArn: model?.arn } },
  };

  async function create(): Promise<void> {
    setTried(true);
    if (!ready || running) return;
    setRunning(true);
    setFailure(null);
    try {
      const id = madeId ?? (await clients.agent.send(new CreateKnowledgeBaseCommand(input))).knowledgeBase?.knowledgeBaseId ?? "";
      setMadeId(id);
      const sourceId = await createSource(clients, id, source);
      if (source.kind === "upload") uploadsOf(clients, id).add(files, sourceId, metadataOf(told));
      go(baseAt(id, source.kind === "upload" ? "documents" : "sources"));
    } catch (error) {
      setFailure(failureOf(error));
      setRunning(false);
      scrollTo({ top: 0 });
    }
  }

  if (models.answer?.length === 0) return <NoEmbedding />;
  return (
    <Page
      title={own.title}
      description={own.text}
      above={[{ text: texts.screens.knowledge, href: href("/knowledge") }]}
      actions={<ApiCall calls={ready ? callsOf(input, source) : []} />}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!running) void create();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" href={href("/knowledge")} onFollow={follow}>
                {known.cancel}
              </Button>
              <Button variant="primary" loading={running}>
                {own.create}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            {models.failure && <Failed failure={models.failure} onAgain={models.again} />}
            {failure && <Failed failure={failure} />}
            {madeId && failure && (
              <Alert
                type="info"
                action={
                  <Button formAction="none" href={href(baseAt(madeId))} onFollow={follow}>
                    {own.open}
                  </Button>
                }
              >
                {own.madeBase}
              </Alert>
            )}
            <Container header={<Header variant="h2">{own.documents}</Header>}>
              <SourceFields
                draft={source}
                bad={tried ? bad.source : []}
                kinds={KINDS}
                onChange={setSource}
                more={
                  <FormField label={own.role} description={own.roleText} errorText={bad.role && own.roleWrong}>
                    <Input value={role} disabled={made} spellcheck={false} onChange={({ detail }) => setRole(detail.value)} />
                  </FormField>
                }
              >
                <SpaceBetween size="s">
                  <ChosenFiles files={files} onChange={setFiles} />
                  {files.length > 0 && <Telling draft={told} tried={tried} onChange={setTold} place={PLACE} />}
                </SpaceBetween>
              </SourceFields>
            </Container>
            <Container header={<Header variant="h2">{own.model}</Header>}>
              <SpaceBetween size="l">
                <div className="pair">
                  <FormField label={own.name} errorText={tried && bad.name && own.nameWrong}>
                    <Input value={name ?? suggested} disabled={made} placeholder={own.nameHint} spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
                  </FormField>
                  <FormField label={own.description}>
                    <Input value={description} disabled={made} onChange={({ detail }) => setDescription(detail.value)} />
                  </FormField>
                </div>
                <Embedding models={models.answer} chosen={model} disabled={made} onChange={setEmbedding} />
              </SpaceBetween>
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}

function callsOf(input: CreateKnowledgeBaseCommandInput, source: Draft): Call[] {
  const place = { knowledgeBaseId: PLACE.knowledgeBaseId };
  return [
    { service: "bedrock-agent", operation: "CreateKnowledgeBase", input },
    { service: "bedrock-agent", operation: "CreateDataSource", input: { ...place, ...sourceFor(source) } },
    ...(source.kind === "upload" ? [] : [{ service: "bedrock-agent" as const, operation: "StartIngestionJob", input: { ...place, dataSourceId: PLACE.dataSourceId } }]),
  ];
}

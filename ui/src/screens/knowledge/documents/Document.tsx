/** One document: what became of it, and its chunks. */

import { GetKnowledgeBaseDocumentsCommand } from "@aws-sdk/client-bedrock-agent";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback } from "react";
import type { Call } from "../../../api/call";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import { type Document as Told, documentOf, getBase, isWorking, nameOf } from "../asking";
import { type Clients, useClients } from "../clients";
import { DocumentMetadata } from "../metadata/DocumentMetadata";
import { Status } from "../Status";
import { baseAt } from "../tabs";
import { Chunks } from "./Chunks";
import { Contents } from "./Contents";
import { useDocumentsTexts } from "./texts";

const WATCHED_EVERY = 1500;

interface Named {
  baseId: string;
  sourceId: string;
  id: string;
}

async function load(clients: Clients, { baseId, sourceId, id }: Named, signal: AbortSignal) {
  const base = await getBase(clients, baseId, signal);
  const source = base.sources.find((each) => each.id === sourceId);
  if (!source) return { base, document: null };
  const identifier = source.kind === "bucket" && id.startsWith("s3://") && source.told.dataSourceConfiguration?.type === "S3"
    ? { dataSourceType: "S3" as const, s3: { uri: id } }
    : { dataSourceType: "CUSTOM" as const, custom: { id } };
  const asked = { knowledgeBaseId: baseId, dataSourceId: sourceId, documentIdentifiers: [identifier] };
  const { documentDetails } = await clients.agent.send(new GetKnowledgeBaseDocumentsCommand(asked), { abortSignal: signal });
  const [detail] = documentDetails ?? [];
  return { base, document: detail && detail.status !== "NOT_FOUND" ? documentOf(source, detail) : null };
}

export function Document(named: Named) {
  const { baseId, sourceId, id } = named;
  const texts = useTexts();
  const own = useDocumentsTexts();
  const clients = useClients();
  const { answer, failure, again } = useCall(
    useCallback((signal: AbortSignal) => load(clients, { baseId, sourceId, id }, signal), [clients, baseId, sourceId, id]),
    WATCHED_EVERY * 4,
  );
  const place = { knowledgeBaseId: baseId, dataSourceId: sourceId, documentId: id };
  const calls: Call[] = [{ service: "craton", operation: "ListKnowledgeBaseChunks", input: place }];
  return (
    <Page
      title={nameOf(id)}
      above={[
        { text: texts.screens.knowledge, href: href("/knowledge") },
        { text: answer?.base.told.name ?? baseId, href: href(baseAt(baseId)) },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ApiCall calls={calls} />
          {answer?.document && <Contents {...named} />}
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {failure && <Failed failure={failure} onAgain={again} />}
        {!answer && !failure && <Spinner size="large" />}
        {answer && !answer.document && (
          <Empty title={own.notThere} text={own.notThereText(id)}>
            <Button href={href(baseAt(baseId))} onFollow={follow}>
              {own.back}
            </Button>
          </Empty>
        )}
        {answer?.document && <About document={answer.document} />}
        {answer?.document && (
          <DocumentMetadata key={`${String(isWorking(answer.document))} metadata`} knowledgeBaseId={baseId} dataSourceId={sourceId} documentId={id} />
        )}
        {answer?.document && <Chunks key={String(isWorking(answer.document))} {...named} />}
      </SpaceBetween>
    </Page>
  );
}

function About({ document: { source, id, status, reason, updatedAt } }: { document: Told }) {
  const texts = useTexts();
  const own = useDocumentsTexts();
  const formats = useFormats();
  return (
    <Container header={<Header variant="h2">{own.about}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          {
            label: own.status,
            value: (
              <>
                <Status status={status} />
                {reason && <div className="under">{reason}</div>}
              </>
            ),
          },
          { label: own.source, value: source.name },
          { label: own.changed, value: updatedAt ? formats.time(updatedAt) : "–" },
          {
            label: own.id,
            value: (
              <CopyToClipboard
                variant="inline"
                wrapText
                textToCopy={id}
                copyButtonAriaLabel={`${texts.copy}: ${own.id}`}
                copySuccessText={texts.copied}
                copyErrorText={texts.notCopied}
              />
            ),
          },
        ]}
      />
    </Container>
  );
}

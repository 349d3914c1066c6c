/** What a document was told of beside its content, as searches know it: its attributes, and who may find it. */

import { type DocumentAclMembership, GetIngestedDocumentAclCommand } from "@aws-sdk/client-bedrock-agent-runtime";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { Attributes } from "../Attributes";
import { type Clients, useClients } from "../clients";
import { given } from "../passages";
import { meet } from "./known";
import { useMetadataTexts } from "./texts";

interface Place {
  knowledgeBaseId: string;
  dataSourceId: string;
  documentId: string;
}

/** All chunks have the attributes of their document. */
async function load(clients: Clients, place: Place, signal: AbortSignal) {
  const [{ chunks }, { documentAcl }] = await Promise.all([
    clients.craton("ListKnowledgeBaseChunks", { ...place, maxResults: 1 }, signal),
    clients.searching.send(new GetIngestedDocumentAclCommand(place), { abortSignal: signal }),
  ]);
  const attributes = given(chunks[0]?.metadata);
  meet(clients, place.knowledgeBaseId, attributes);
  const [allowed, denied] = [usersIn(documentAcl?.allowList), usersIn(documentAcl?.denyList)];
  return { attributes, allowed, denied, restricted: allowed.length + denied.length > 0 };
}

function usersIn(list: DocumentAclMembership | undefined): string[] {
  return (list?.conditions ?? []).flatMap(({ users }) => (users ?? []).map(({ id }) => id ?? ""));
}

export function DocumentMetadata({ knowledgeBaseId, dataSourceId, documentId }: Place) {
  const own = useMetadataTexts();
  const clients = useClients();
  const place = { knowledgeBaseId, dataSourceId, documentId };
  const { answer, failure, again } = useCall(
    useCallback(
      (signal: AbortSignal) => load(clients, { knowledgeBaseId, dataSourceId, documentId }, signal),
      [clients, knowledgeBaseId, dataSourceId, documentId],
    ),
  );
  return (
    <Container
      header={
        <Header variant="h2" actions={<ApiCall calls={[{ service: "bedrock-agent-runtime", operation: "GetIngestedDocumentAcl", input: place }]} />}>
          {own.title}
        </Header>
      }
    >
      {failure && <Failed failure={failure} onAgain={again} />}
      {!answer && !failure && <Spinner />}
      {answer && (
        <KeyValuePairs
          columns={2}
          minColumnWidth={220}
          items={[
            {
              label: own.attributes,
              value: Object.keys(answer.attributes).length > 0 ? <Attributes attributes={answer.attributes} /> : <Box color="text-body-secondary">{own.noneTold}</Box>,
            },
            { label: own.access, value: <Access restricted={answer.restricted} allowed={answer.allowed} denied={answer.denied} /> },
          ]}
        />
      )}
    </Container>
  );
}

function Access({ restricted, allowed, denied }: { restricted: boolean; allowed: string[]; denied: string[] }) {
  const own = useMetadataTexts();
  if (!restricted) return own.everybody;
  return (
    <>
      {allowed.length > 0 ? <div className="told">{own.onlyFor(allowed.join(", "))}</div> : own.nobody}
      {denied.length > 0 && <div className="told">{own.never(denied.join(", "))}</div>}
    </>
  );
}

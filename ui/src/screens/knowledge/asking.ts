/** Knowledge bases, their data sources and documents, as the API tells of them. */

import {
  type DataSource,
  type DocumentIdentifier,
  GetDataSourceCommand,
  GetKnowledgeBaseCommand,
  type KnowledgeBase,
  type KnowledgeBaseDocumentDetail,
  type KnowledgeBaseSummary,
  ListDataSourcesCommand,
  ListKnowledgeBaseDocumentsCommand,
  ListKnowledgeBasesCommand,
} from "@aws-sdk/client-bedrock-agent";
import type { Call } from "../../api/call";
import { failureOf } from "../../api/failure";
import type { Clients } from "./clients";
import { type Kind, kindOf, whereOf } from "./kinds";

export interface Source {
  id: string;
  name: string;
  kind: Kind;
  /** An address; nothing where documents are handed in. */
  where: string;
  told: DataSource;
}

export interface Base {
  told: KnowledgeBase;
  sources: Source[];
}

export interface Document {
  source: Source;
  /** Its id or address within its data source. */
  id: string;
  name: string;
  status: string;
  reason: string;
  updatedAt: Date | undefined;
  identifier: DocumentIdentifier;
}

export interface Documents {
  documents: Document[];
  /** Whether there are more than were asked for. */
  more: boolean;
}

/** The most that the API tells at once. */
const PAGE = 1000;

export const LIST_CALL: Call = { service: "bedrock-agent", operation: "ListKnowledgeBases", input: {} };

export async function listBases({ agent }: Clients, signal: AbortSignal): Promise<KnowledgeBaseSummary[]> {
  const all: KnowledgeBaseSummary[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await agent.send(new ListKnowledgeBasesCommand({ nextToken, maxResults: PAGE }), { abortSignal: signal });
    all.push(...(answer.knowledgeBaseSummaries ?? []));
    nextToken = answer.nextToken;
  } while (nextToken);
  return all;
}

export async function getBase(clients: Clients, knowledgeBaseId: string, signal: AbortSignal): Promise<Base> {
  const [{ knowledgeBase }, sources] = await Promise.all([
    clients.agent.send(new GetKnowledgeBaseCommand({ knowledgeBaseId }), { abortSignal: signal }),
    listSources(clients, knowledgeBaseId, signal),
  ]);
  return { told: knowledgeBase as KnowledgeBase, sources };
}

export async function listSources({ agent }: Clients, knowledgeBaseId: string, signal: AbortSignal): Promise<Source[]> {
  const told = await agent.send(new ListDataSourcesCommand({ knowledgeBaseId, maxResults: PAGE }), { abortSignal: signal });
  const all = await Promise.all(
    (told.dataSourceSummaries ?? []).map(({ dataSourceId }) =>
      agent.send(new GetDataSourceCommand({ knowledgeBaseId, dataSourceId }), { abortSignal: signal }).catch(goneMeanwhile),
    ),
  );
  return all.flatMap((answer) => (answer?.dataSource ? [sourceOf(answer.dataSource)] : []));
}

/** What was listed and has been deleted since is simply not there. */
function goneMeanwhile(error: unknown): null {
  if (failureOf(error).code !== "ResourceNotFoundException") throw error;
  return null;
}

export function sourceOf(told: DataSource): Source {
  const { dataSourceId: id = "", name = "", dataSourceConfiguration } = told;
  return { id, name, kind: kindOf(dataSourceConfiguration), where: whereOf(dataSourceConfiguration), told };
}

/** The documents of some data sources, the newest first; of each at most `most`. */
export async function listDocuments({ agent }: Clients, knowledgeBaseId: string, sources: Source[], most: number, signal: AbortSignal): Promise<Documents> {
  const told = await Promise.all(
    sources.map(async (source) => {
      const documents: Document[] = [];
      let nextToken: string | undefined;
      do {
        const asked = { knowledgeBaseId, dataSourceId: source.id, maxResults: Math.min(PAGE, most), nextToken };
        const answer = await agent.send(new ListKnowledgeBaseDocumentsCommand(asked), { abortSignal: signal });
        documents.push(...(answer.documentDetails ?? []).map((detail) => documentOf(source, detail)));
        nextToken = answer.nextToken;
      } while (nextToken && documents.length < most);
      return { documents, more: nextToken !== undefined };
    }),
  );
  const newest = (one: Document, other: Document) => Number(other.updatedAt) - Number(one.updatedAt) || one.name.localeCompare(other.name);
  return { documents: told.flatMap(({ documents }) => documents).sort(newest), more: told.some(({ more }) => more) };
}

export function documentOf(source: Source, { identifier, status, statusReason = "", updatedAt }: KnowledgeBaseDocumentDetail): Document {
  const id = identifier?.s3?.uri ?? identifier?.custom?.id ?? "";
  return { source, id, name: nameOf(id), status: status ?? "", reason: statusReason, updatedAt, identifier: identifier as DocumentIdentifier };
}

/** What a person calls a document: of an object in a bucket its key. */
export function nameOf(id: string): string {
  const key = /^s3:\/\/[^/]+\/(.+)$/.exec(id)?.[1] ?? id;
  return key.replace(/^https?:\/\//, "");
}

const WORKING = new Set(["STARTING", "PENDING", "IN_PROGRESS", "DELETING", "DELETE_IN_PROGRESS"]);

/** Whether something is still being done with it. */
export function isWorking({ status }: { status: string }): boolean {
  return WORKING.has(status);
}

/** Whether a knowledge base or a data source is being made, changed or deleted. */
export function isChanging({ status }: { status?: string | undefined }): boolean {
  return status === "CREATING" || status === "UPDATING" || status === "DELETING";
}

export function hasFailed({ status }: { status: string }): boolean {
  return status === "FAILED" || status === "IGNORED" || status === "METADATA_UPDATE_FAILED";
}

/** A model by what it is called where models are named by ARN. */
export function modelIn(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

export function embeddingOf({ knowledgeBaseConfiguration }: KnowledgeBase): string {
  const { vectorKnowledgeBaseConfiguration: vector, managedKnowledgeBaseConfiguration: managed } = knowledgeBaseConfiguration ?? {};
  return modelIn(vector?.embeddingModelArn ?? managed?.embeddingModelArn ?? "");
}

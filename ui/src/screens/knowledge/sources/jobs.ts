/** Ingestion jobs: what they count, and why documents failed. */

import {
  GetIngestionJobCommand,
  type IngestionJob,
  type IngestionJobSummary,
  ListIngestionJobsCommand,
} from "@aws-sdk/client-bedrock-agent";
import type { Clients } from "../clients";

export const STATISTICS = [
  "numberOfDocumentsScanned",
  "numberOfNewDocumentsIndexed",
  "numberOfModifiedDocumentsIndexed",
  "numberOfDocumentsDeleted",
  "numberOfDocumentsFailed",
  "numberOfDocumentsSkipped",
  "numberOfMetadataDocumentsScanned",
  "numberOfMetadataDocumentsModified",
] as const;

const LATEST = { attribute: "STARTED_AT", order: "DESCENDING" } as const;

export function isRunning({ status = "" }: { status?: string | undefined }): boolean {
  return status === "STARTING" || status === "IN_PROGRESS" || status === "STOPPING";
}

/** The newest job, with its reasons; null where there was none. */
export async function latestJob(clients: Clients, knowledgeBaseId: string, dataSourceId: string, signal: AbortSignal): Promise<IngestionJob | null> {
  const [newest] = await listJobs(clients, knowledgeBaseId, dataSourceId, 1, signal);
  return newest ? getJob(clients, knowledgeBaseId, dataSourceId, newest.ingestionJobId ?? "", signal) : null;
}

export async function getJob({ agent }: Clients, knowledgeBaseId: string, dataSourceId: string, ingestionJobId: string, signal: AbortSignal): Promise<IngestionJob> {
  const answer = await agent.send(new GetIngestionJobCommand({ knowledgeBaseId, dataSourceId, ingestionJobId }), { abortSignal: signal });
  return answer.ingestionJob as IngestionJob;
}

export async function listJobs({ agent }: Clients, knowledgeBaseId: string, dataSourceId: string, most: number, signal: AbortSignal): Promise<IngestionJobSummary[]> {
  const asked = { knowledgeBaseId, dataSourceId, maxResults: most, sortBy: LATEST };
  const answer = await agent.send(new ListIngestionJobsCommand(asked), { abortSignal: signal });
  return answer.ingestionJobSummaries ?? [];
}

/** The sentences of a reason, which the API writes as a list in JSON. */
export function sentencesIn(reason: string): string[] {
  try {
    const read: unknown = JSON.parse(reason);
    if (Array.isArray(read)) return read.map(String);
  } catch {
    // it was cut, or is no list: then it is told as it is
  }
  return [reason];
}

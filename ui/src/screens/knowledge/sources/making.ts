/** Makes data sources, and starts what fills them. */

import { CreateDataSourceCommand, StartIngestionJobCommand } from "@aws-sdk/client-bedrock-agent";
import type { Base } from "../asking";
import type { Clients } from "../clients";
import { type Draft, EMPTY, sourceFor } from "./draft";

/** The id of a data source for uploads. */
export async function createUploads(clients: Clients, { told }: Base): Promise<string> {
  return createSource(clients, told.knowledgeBaseId ?? "", EMPTY, told.knowledgeBaseConfiguration?.type);
}

/** The id of the data source; one that is not filled by uploads is synced at once. */
export async function createSource({ agent }: Clients, knowledgeBaseId: string, draft: Draft, type?: string): Promise<string> {
  const { dataSource } = await agent.send(new CreateDataSourceCommand({ knowledgeBaseId, ...sourceFor(draft, type) }));
  const dataSourceId = dataSource?.dataSourceId ?? "";
  if (draft.kind !== "upload") await agent.send(new StartIngestionJobCommand({ knowledgeBaseId, dataSourceId }));
  return dataSourceId;
}

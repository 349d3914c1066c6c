/** What there is to go to, besides the screens: what the caller may not list is not among it. */

import { ListFoundationModelsCommand, paginateListGuardrails } from "@aws-sdk/client-bedrock";
import { BedrockAgentClient, paginateListKnowledgeBases } from "@aws-sdk/client-bedrock-agent";
import type { Api } from "../api/api";

export type Kind = "models" | "guardrails" | "knowledge" | "users";

export interface Thing {
  kind: Kind;
  name: string;
  id: string;
  /** As `go` takes it. */
  address: string;
}

/** The most that the APIs tell at once. */
const PAGE = 1000;
const MOST = 8;

export async function things(api: Api, signal: AbortSignal): Promise<Thing[]> {
  const asked = await Promise.allSettled([models(api, signal), guardrails(api, signal), bases(api, signal), users(api, signal)]);
  return asked.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
}

async function models({ bedrock }: Api, abortSignal: AbortSignal): Promise<Thing[]> {
  const { modelSummaries = [] } = await bedrock.send(new ListFoundationModelsCommand({}), { abortSignal });
  return modelSummaries.map(({ modelId: id = "", modelName: name = id }) => thing("models", id, name, `/models/${encodeURIComponent(id)}`));
}

async function guardrails({ bedrock: client }: Api, abortSignal: AbortSignal): Promise<Thing[]> {
  const found: Thing[] = [];
  for await (const { guardrails: page = [] } of paginateListGuardrails({ client }, { maxResults: PAGE }, { abortSignal })) {
    found.push(...page.map(({ id = "", name = id }) => thing("guardrails", id, name, `/guardrails/${id}`)));
  }
  return found;
}

async function bases({ settings }: Api, abortSignal: AbortSignal): Promise<Thing[]> {
  const client = new BedrockAgentClient(settings);
  const found: Thing[] = [];
  for await (const { knowledgeBaseSummaries = [] } of paginateListKnowledgeBases({ client }, { maxResults: PAGE }, { abortSignal })) {
    found.push(...knowledgeBaseSummaries.map(({ knowledgeBaseId: id = "", name = id }) => thing("knowledge", id, name, `/knowledge/${id}`)));
  }
  return found;
}

async function users({ craton }: Api, signal: AbortSignal): Promise<Thing[]> {
  const { users: found } = await craton("ListUsers", { maxResults: PAGE }, signal);
  return found.map(({ userName }) => thing("users", userName, userName, `/people/users/${encodeURIComponent(userName)}`));
}

function thing(kind: Kind, id: string, name: string, address: string): Thing {
  return { kind, id, name, address };
}

/** Those whose name or id has all words of what was typed; of each kind so many that a person still reads them. */
export function matching(all: Thing[], typed: string): Thing[] {
  const words = typed.toLowerCase().split(/\s+/);
  const counts = new Map<Kind, number>();
  return all.filter(({ kind, name, id }) => {
    const text = `${name} ${id}`.toLowerCase();
    const count = counts.get(kind) ?? 0;
    if (count === MOST || !words.every((word) => text.includes(word))) return false;
    counts.set(kind, count + 1);
    return true;
  });
}

/** Whether a text reads as the id of a request. */
export function isRequestId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text.trim());
}

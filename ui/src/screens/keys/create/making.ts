/** What a key is made by: the calls, in their order, and what is taken back where one of them fails. */

import type { Api } from "../../../api/api";
import type { Call } from "../../../api/call";
import type { CreateAccessKeyResponse, CreateApiKeyResponse, Operations } from "../../../api/shapes";
import { documentOf, MANAGED, type Scope, WRITTEN } from "../reach/scopes";

export type Kind = "API_KEY" | "ACCESS_KEY";

/** A new user, one that there is, or whoever is signed in. */
export type Holder = { make: string; scope: Scope; models: string[] } | { user: string } | "caller";

export interface Limits {
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  tokensPerDay?: number;
  /** In a month. */
  budget?: { amount: string; currency: string };
}

export interface Wish {
  kind: Kind;
  holder: Holder;
  expiresAt: Date | null;
  limits: Limits;
}

/** With the secret, which cannot be had again. */
export interface Made {
  keyId: string;
  kind: Kind;
  secret: string;
  userName?: string;
  expiresAt?: string;
}

/** For whom it is: first. */
export function holderCalls(holder: Holder): Call[] {
  if (holder === "caller" || "user" in holder) return [];
  const { make: userName, scope, models } = holder;
  const user: Call = { service: "craton", operation: "CreateUser", input: { userName } };
  if (scope === "ask" || scope === "models") {
    const input = { userName, policyName: WRITTEN[scope], policyDocument: documentOf(scope, models) };
    return [user, { service: "craton", operation: "PutUserPolicy", input }];
  }
  return [user, { service: "craton", operation: "AttachUserPolicy", input: { userName, policyArn: MANAGED[scope] } }];
}

export function keyCall({ kind, holder, expiresAt }: Wish): Call {
  const userName = holder === "caller" ? undefined : "user" in holder ? holder.user : holder.make;
  const input = { ...(userName && { userName }), ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
  return { service: "craton", operation: kind === "API_KEY" ? "CreateApiKey" : "CreateAccessKey", input };
}

/** How names of limits of one key begin. */
export const NAMED = "key-";

/** What they are called; both may have the name. */
export function limitName(keyId: string): string {
  return `${NAMED}${keyId}`.slice(0, 64);
}

export function limitCalls({ budget, ...counts }: Limits, keyId: string): Call[] {
  const appliesTo = { keyId };
  const quota: Call = { service: "craton", operation: "PutQuota", input: { quotaName: limitName(keyId), appliesTo, ...counts } };
  const spending: Call = { service: "craton", operation: "PutBudget", input: { budgetName: limitName(keyId), appliesTo, ...budget } };
  return [...(Object.keys(counts).length > 0 ? [quota] : []), ...(budget ? [spending] : [])];
}

/** All calls for a wish; the id of the key is not known before. */
export function callsFor(wish: Wish): Call[] {
  return [...holderCalls(wish.holder), keyCall(wish), ...limitCalls(wish.limits, "KEY_ID")];
}

/** Nobody has the key before its limits hold: where they cannot be set, neither key nor user is left behind. */
export async function make(api: Api, wish: Wish): Promise<Made> {
  const undo: Call[] = [];
  try {
    for (const call of holderCalls(wish.holder)) {
      await send(api, call);
      if (call.operation === "CreateUser") undo.unshift({ service: "craton", operation: "DeleteUser", input: call.input });
    }
    const made = madeOf(wish.kind, await send(api, keyCall(wish)));
    undo.unshift({ service: "craton", operation: "DeleteKey", input: { keyId: made.keyId } });
    for (const call of limitCalls(wish.limits, made.keyId)) {
      await send(api, call);
      undo.unshift(undone(call, made.keyId));
    }
    return made;
  } catch (error) {
    for (const call of undo) await send(api, call);
    throw error;
  }
}

function undone({ operation }: Call, keyId: string): Call {
  const name = limitName(keyId);
  if (operation === "PutQuota") return { service: "craton", operation: "DeleteQuota", input: { quotaName: name } };
  return { service: "craton", operation: "DeleteBudget", input: { budgetName: name } };
}

function madeOf(kind: Kind, answer: unknown): Made {
  const { userName, expiresAt, ...made } = answer as CreateAccessKeyResponse | CreateApiKeyResponse;
  const [keyId, secret] = "apiKey" in made ? [made.keyId, made.apiKey] : [made.accessKeyId, made.secretAccessKey];
  return { keyId, secret, kind, ...(userName && { userName }), ...(expiresAt && { expiresAt }) };
}

/** Of Craton's own operations. */
export async function send(api: Api, { operation, input }: Call): Promise<unknown> {
  return api.craton(operation as keyof Operations, input as Operations[keyof Operations]["input"]);
}

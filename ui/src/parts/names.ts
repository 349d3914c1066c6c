/** What the values of dimensions are called: users of keys, names of models and accounts. What may not be asked keeps its id. */

import { ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";
import { useCallback, useMemo } from "react";
import type { Api } from "../api/api";
import { useCall } from "../api/polling";
import { useSession } from "../app/session";

/** By dimension and value. */
type Known = Map<string, Map<string, string>>;

async function ask(api: Api, signal: AbortSignal): Promise<Known> {
  const models = api.bedrock.send(new ListFoundationModelsCommand({}), { abortSignal: signal });
  const keys = api.craton("ListKeys", { maxResults: 1000 }, signal);
  const accounts = api.craton("ListAccounts", { maxResults: 1000 }, signal);
  const [named, held, kept] = await Promise.allSettled([models, keys, accounts]);
  const told = named.status === "fulfilled" ? (named.value.modelSummaries ?? []) : [];
  return new Map([
    ["model", distinct(told.map(({ modelId = "", modelName = "" }) => [modelId, modelName]))],
    ["key", new Map(held.status === "fulfilled" ? held.value.keys.map(({ keyId, userName }) => [keyId, userName ?? keyId]) : [])],
    ["account", new Map(kept.status === "fulfilled" ? kept.value.accounts.map(({ accountId, accountName }) => [accountId, accountName]) : [])],
  ]);
}

/** Without the names that several have. */
function distinct(pairs: [string, string][]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const [, name] of pairs) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(pairs.filter(([, name]) => name && counts.get(name) === 1));
}

export interface Names {
  /** The id itself where there is no better name. */
  of: (dimension: string, value: string) => string;
  /** With the id where the name alone may be that of several. */
  full: (dimension: string, value: string) => string;
}

export function useNames(): Names {
  const { api } = useSession();
  const { answer } = useCall(useCallback((signal: AbortSignal) => ask(api, signal), [api]));
  return useMemo(() => {
    const of = (dimension: string, value: string) =>
      dimension === "principal" || dimension === "profile"
        ? value.slice(value.lastIndexOf(":") + 1)
        : (answer?.get(dimension)?.get(value) ?? value);
    const full = (dimension: string, value: string) => {
      const name = of(dimension, value);
      return dimension === "key" && name !== value ? `${name} (…${value.slice(-4)})` : name;
    };
    return { of, full };
  }, [answer]);
}

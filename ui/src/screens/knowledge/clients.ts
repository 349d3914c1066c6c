/** The clients that only these screens ask, made once for whoever is signed in. */

import { BedrockAgentClient } from "@aws-sdk/client-bedrock-agent";
import { BedrockAgentRuntimeClient } from "@aws-sdk/client-bedrock-agent-runtime";
import type { Api } from "../../api/api";
import { useSession } from "../../app/session";

export interface Clients extends Api {
  agent: BedrockAgentClient;
  searching: BedrockAgentRuntimeClient;
}

const made = new WeakMap<Api, Clients>();

export function useClients(): Clients {
  const { api } = useSession();
  const known = made.get(api) ?? {
    ...api,
    agent: new BedrockAgentClient(api.settings),
    searching: new BedrockAgentRuntimeClient(api.settings),
  };
  made.set(api, known);
  return known;
}

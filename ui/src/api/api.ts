/** All that the console calls: the AWS SDK's clients, and Craton's own operations, at the address it came from. */

import { BedrockClient } from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { type Craton, craton } from "./craton";
import type { Credentials } from "./credentials";

export type Settings = ReturnType<typeof settingsOf>;

export interface Api {
  endpoint: string;
  region: string;
  credentials: Credentials;
  /** For clients of services that only one screen asks. */
  settings: Settings;
  bedrock: BedrockClient;
  runtime: BedrockRuntimeClient;
  craton: Craton;
}

export function apiFor(credentials: Credentials, endpoint: string = location.origin): Api {
  const settings = settingsOf(credentials, endpoint);
  const bedrock = new BedrockClient(settings);
  // The runtime client's own handler is for web sockets, and keeps it to itself when a call is stopped.
  const { requestHandler } = bedrock.config;
  return {
    endpoint,
    region: credentials.region,
    credentials,
    settings,
    bedrock,
    runtime: new BedrockRuntimeClient({ ...settings, requestHandler }),
    craton: craton(endpoint, credentials),
  };
}

function settingsOf(credentials: Credentials, endpoint: string) {
  // One try: what a person sees is what happened.
  return { endpoint, region: credentials.region, maxAttempts: 1, ...proof(credentials) };
}

function proof(credentials: Credentials) {
  if (credentials.kind === "accessKey") return { credentials };
  return { token: { token: credentials.key }, authSchemePreference: ["httpBearerAuth"] };
}

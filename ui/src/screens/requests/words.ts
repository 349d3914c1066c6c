/** Names of things as people say them. */

import type { RequestSummary } from "../../api/shapes";

/** bedrock-runtime.Converse: Converse. Those of other APIs, such as openai.chat.completions, have no such end. */
export function operationOf(name: string | undefined): string {
  const last = name?.slice(name.lastIndexOf(".") + 1) ?? "–";
  return /^[A-Z–]/.test(last) ? last : (name ?? "–");
}

/** ThrottlingException that was sent as 429: 429 Throttling. */
export function errorOf(code: string, status: number, cancelled: string): string {
  return `${status || ""} ${code === "CANCELLED" ? cancelled : code.replace(/(Exception|Error)$/, "")}`.trim();
}

/** Whether the console itself asked, for what its screens show. */
export function isReading({ operation, userAgent, modelId, outcome }: RequestSummary): boolean {
  return modelId === undefined && outcome !== "SERVER_ERROR" && (userAgent ?? "").startsWith("Mozilla/") && /^(Get|List|Describe)/.test(operationOf(operation));
}

/** Boto3/1.44.5 md/Botocore#1.44.5 ...: Boto3/1.44.5. Of a browser, which one. */
export function clientOf(agent: string | undefined): string {
  if (!agent) return "–";
  const browser = /(Firefox|Edg|Chrome|Safari)\/(\d+)/.exec(agent);
  if (agent.startsWith("Mozilla/") && browser) return `${browser[1] === "Edg" ? "Edge" : browser[1]} ${browser[2]}`;
  return agent.split(" ")[0] ?? agent;
}

/** A call as a program with the AWS SDK for JavaScript. */

import type { Call } from "../api/call";
import { base64, fileOf } from "./files";

const CLIENTS = {
  bedrock: "BedrockClient",
  "bedrock-runtime": "BedrockRuntimeClient",
  "bedrock-agent": "BedrockAgentClient",
  "bedrock-agent-runtime": "BedrockAgentRuntimeClient",
};

/** None for Craton's own operations: the SDK does not know them. */
export function javascript({ service, operation, input }: Call, endpoint: string, region: string): string | null {
  if (service === "craton") return null;
  const client = CLIENTS[service];
  const given = written(input, 0);
  return [
    `import { ${client}, ${operation}Command } from "@aws-sdk/client-${service}";`,
    ...(given.includes("readFileSync(") ? ['import { readFileSync } from "node:fs";'] : []),
    "",
    `const client = new ${client}({ endpoint: ${JSON.stringify(endpoint)}, region: ${JSON.stringify(region)} });`,
    `const answer = await client.send(new ${operation}Command(${given}));`,
    operation.endsWith("Stream") ? "for await (const event of answer.stream) console.log(event);" : "console.log(answer);",
  ].join("\n");
}

function written(value: unknown, depth: number): string {
  if (value instanceof Uint8Array) {
    const name = fileOf(value);
    return name === undefined ? `Buffer.from(${JSON.stringify(base64(value))}, "base64")` : `readFileSync(${JSON.stringify(name)})`;
  }
  if (value instanceof Date) return `new Date(${JSON.stringify(value)})`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const list = Array.isArray(value);
  const parts = list
    ? value.map((item) => written(item, depth + 1))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${written(item, depth + 1)}`);
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  const space = list || parts.length === 0 ? "" : " ";
  const line = `${open}${space}${parts.join(", ")}${space}${close}`;
  if (depth > 0 && line.length + 2 * depth < 90 && !line.includes("\n")) return line;
  const indent = "  ".repeat(depth);
  return `${open}\n${parts.map((part) => `${indent}  ${part},\n`).join("")}${indent}${close}`;
}

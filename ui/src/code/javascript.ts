/** A call as a program with the AWS SDK for JavaScript. */

import type { Call } from "../api/call";

const CLIENTS = { bedrock: "BedrockClient", "bedrock-runtime": "BedrockRuntimeClient" };

/** None for Craton's own operations: the SDK does not know them. */
export function javascript({ service, operation, input }: Call, endpoint: string, region: string): string | null {
  if (service === "craton") return null;
  const client = CLIENTS[service];
  const given = JSON.stringify(input, null, 2).replace(/^( *)"(\w+)":/gm, "$1$2:");
  return [
    `import { ${client}, ${operation}Command } from "@aws-sdk/client-${service}";`,
    "",
    `const client = new ${client}({ endpoint: ${JSON.stringify(endpoint)}, region: ${JSON.stringify(region)} });`,
    `const answer = await client.send(new ${operation}Command(${given}));`,
    operation.endsWith("Stream") ? "for await (const event of answer.stream) console.log(event);" : "console.log(answer);",
  ].join("\n");
}

// InvokeModelWithResponseStream: every chunk of the model family's own JSON.
import { BedrockRuntimeClient, InvokeModelWithResponseStreamCommand } from "@aws-sdk/client-bedrock-runtime";

const [modelId, body] = process.argv.slice(2);
const client = new BedrockRuntimeClient({});
const answer = await client.send(
  new InvokeModelWithResponseStreamCommand({ modelId, contentType: "application/json", body }),
);
const chunks = [];
for await (const { chunk } of answer.body) chunks.push(JSON.parse(new TextDecoder().decode(chunk.bytes)));
client.destroy();
console.log(JSON.stringify({ contentType: answer.contentType, chunks }));

// Converse over HTTP/2 with prior knowledge, which is what this client opens on a plain http endpoint.
import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";

const [modelId, text] = process.argv.slice(2);
const client = new BedrockRuntimeClient({});
const answer = await client.send(
  new ConverseCommand({
    modelId,
    messages: [{ role: "user", content: [{ text }] }],
    inferenceConfig: { temperature: 0, maxTokens: 30 },
  }),
);
client.destroy();
const handler = client.config.requestHandler.metadata.handlerProtocol;
console.log(JSON.stringify({ handler, answer }));

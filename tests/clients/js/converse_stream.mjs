// ConverseStream: every event, in order.
import { BedrockRuntimeClient, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";

const [modelId, text] = process.argv.slice(2);
const client = new BedrockRuntimeClient({});
const { stream } = await client.send(
  new ConverseStreamCommand({
    modelId,
    messages: [{ role: "user", content: [{ text }] }],
    inferenceConfig: { temperature: 0, maxTokens: 30 },
  }),
);
const events = [];
for await (const event of stream) events.push(event);
client.destroy();
console.log(JSON.stringify(events));

// A stream that its reader gives up after a few words, on a connection that goes on to be used.
import { BedrockRuntimeClient, ConverseStreamCommand, CountTokensCommand } from "@aws-sdk/client-bedrock-runtime";

const [modelId, text] = process.argv.slice(2);
const client = new BedrockRuntimeClient({});
const messages = [{ role: "user", content: [{ text }] }];
const controller = new AbortController();
const started = performance.now();
const answer = await client.send(
  new ConverseStreamCommand({ modelId, messages, inferenceConfig: { maxTokens: 4000 } }),
  { abortSignal: controller.signal },
);
let words = 0;
let milliseconds;
for await (const event of answer.stream) {
  if (event.contentBlockDelta && ++words === 3) {
    milliseconds = performance.now() - started;
    controller.abort();
  }
}
const { inputTokens } = await client.send(new CountTokensCommand({ modelId, input: { converse: { messages } } }));
client.destroy();
console.log(JSON.stringify({ requestId: answer.$metadata.requestId, words, milliseconds, inputTokens }));

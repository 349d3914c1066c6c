// What a caller catches: the error's class, its words and its status.
import { BedrockRuntimeClient, ConverseStreamCommand, ValidationException } from "@aws-sdk/client-bedrock-runtime";

const client = new BedrockRuntimeClient({});
try {
  await client.send(
    new ConverseStreamCommand({ modelId: process.argv[2], messages: [{ role: "user", content: [{ text: "Hello." }] }] }),
  );
} catch (error) {
  const { name, message } = error;
  const { httpStatusCode, requestId } = error.$metadata;
  console.log(
    JSON.stringify({ name, message, httpStatusCode, requestId, modelled: error instanceof ValidationException }),
  );
} finally {
  client.destroy();
}

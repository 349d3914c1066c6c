// ListFoundationModels; this client keeps to HTTP/1.1.
import { BedrockClient, ListFoundationModelsCommand } from "@aws-sdk/client-bedrock";

const answer = await new BedrockClient({}).send(new ListFoundationModelsCommand({ byOutputModality: "TEXT" }));
console.log(JSON.stringify(answer.modelSummaries));

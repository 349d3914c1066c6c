/** First programs: what someone pastes to see their own client answered by this server. */

import type { Credentials } from "../api/credentials";
import type { CodeLanguage } from "./highlight";
import { quoted } from "./shell";

export interface Place {
  endpoint: string;
  region: string;
  modelId: string;
}

export interface Snippet {
  id: string;
  /** A product's name, the same in every language. */
  name: string;
  language: CodeLanguage;
  /** What is installed first. */
  install: string;
  /** Whether it needs an API key (true) or any credentials of the environment. */
  apiKey: boolean;
  code: (place: Place) => string;
}

const QUESTION = "Name three fruits.";
/** So that a small model's answer ends soon. */
const MOST_TOKENS = 100;

/** `hidden` stands where a secret would. */
export function environment(credentials: Credentials, endpoint: string, hidden: string | null): string {
  const { region } = credentials;
  const proof: [string, string][] =
    credentials.kind === "apiKey"
      ? [["AWS_BEARER_TOKEN_BEDROCK", hidden ?? credentials.key]]
      : [
          ["AWS_ACCESS_KEY_ID", credentials.accessKeyId],
          ["AWS_SECRET_ACCESS_KEY", hidden ?? credentials.secretAccessKey],
          ...(credentials.sessionToken ? [["AWS_SESSION_TOKEN", hidden ?? credentials.sessionToken] as [string, string]] : []),
        ];
  const variables = [["AWS_ENDPOINT_URL", endpoint], ...proof, ["AWS_REGION", region], ["AWS_DEFAULT_REGION", region]] as const;
  return variables.map(([name, value]) => `export ${name}=${value === hidden ? value : quoted(value)}`).join("\n");
}

export const SNIPPETS: Snippet[] = [
  {
    id: "boto3",
    name: "boto3",
    language: "python",
    install: "pip install boto3",
    apiKey: false,
    code: ({ modelId }) => `import boto3

answer = boto3.client("bedrock-runtime").converse(
    modelId="${modelId}",
    messages=[{"role": "user", "content": [{"text": "${QUESTION}"}]}],
    inferenceConfig={"maxTokens": ${MOST_TOKENS}},
)
print(answer["output"]["message"]["content"][0]["text"])`,
  },
  {
    id: "cli",
    name: "AWS CLI",
    language: "shell",
    install: "pip install awscli",
    apiKey: false,
    code: ({ modelId }) => `aws bedrock-runtime converse \\
  --model-id ${modelId} \\
  --messages '[{"role": "user", "content": [{"text": "${QUESTION}"}]}]' \\
  --inference-config maxTokens=${MOST_TOKENS}`,
  },
  {
    id: "javascript",
    name: "JavaScript",
    language: "javascript",
    install: "npm install @aws-sdk/client-bedrock-runtime",
    apiKey: false,
    code: ({ modelId }) => `import { BedrockRuntimeClient, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";

const answer = await new BedrockRuntimeClient().send(
  new ConverseStreamCommand({
    modelId: "${modelId}",
    messages: [{ role: "user", content: [{ text: "${QUESTION}" }] }],
    inferenceConfig: { maxTokens: ${MOST_TOKENS} },
  }),
);
for await (const event of answer.stream) {
  process.stdout.write(event.contentBlockDelta?.delta.text ?? "");
}`,
  },
  {
    id: "langchain",
    name: "LangChain",
    language: "python",
    install: "pip install langchain-aws",
    apiKey: false,
    code: ({ modelId }) => `from langchain_aws import ChatBedrockConverse

chat = ChatBedrockConverse(model="${modelId}", max_tokens=${MOST_TOKENS}, disable_streaming=False)
for chunk in chat.stream("${QUESTION}"):
    print(chunk.text, end="", flush=True)`,
  },
  {
    id: "strands",
    name: "Strands",
    language: "python",
    install: "pip install strands-agents",
    apiKey: false,
    code: ({ modelId }) => `from strands import Agent
from strands.models import BedrockModel

agent = Agent(model=BedrockModel(model_id="${modelId}", max_tokens=${MOST_TOKENS}))
agent("${QUESTION}")`,
  },
  {
    id: "openai",
    name: "OpenAI",
    language: "python",
    install: "pip install openai",
    apiKey: true,
    code: ({ endpoint, modelId }) => `import os
from openai import OpenAI

client = OpenAI(base_url="${endpoint}/v1", api_key=os.environ["AWS_BEARER_TOKEN_BEDROCK"])
answer = client.chat.completions.create(
    model="${modelId}",
    messages=[{"role": "user", "content": "${QUESTION}"}],
    max_completion_tokens=${MOST_TOKENS},
)
print(answer.choices[0].message.content)`,
  },
  {
    id: "curl",
    name: "curl",
    language: "shell",
    install: "",
    apiKey: true,
    code: ({ endpoint, modelId }) => `curl ${endpoint}/model/${encodeURIComponent(modelId)}/converse \\
  -H "Authorization: Bearer $AWS_BEARER_TOKEN_BEDROCK" \\
  -H "Content-Type: application/json" \\
  -d '{"messages": [{"role": "user", "content": [{"text": "${QUESTION}"}]}], "inferenceConfig": {"maxTokens": ${MOST_TOKENS}}}'`,
  },
];

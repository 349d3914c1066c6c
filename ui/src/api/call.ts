/** A call of the API as plain data: what is sent, and what the console shows of it. */

export type Service = "bedrock" | "bedrock-runtime" | "bedrock-agent" | "bedrock-agent-runtime" | "craton";

export interface Call {
  service: Service;
  operation: string;
  input: object;
}

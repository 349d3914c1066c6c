import type { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { expect, test } from "vitest";
import { BROKE_OFF, failureOf, UNREACHED } from "../../api/failure";
import { ask } from "./asking";

const DELTA = { contentBlockDelta: { contentBlockIndex: 0, delta: { text: "one" } } };
const INPUT = { modelId: "m", messages: [] };

function telling(...events: (object | Error)[]): BedrockRuntimeClient {
  async function* stream() {
    for (const event of events) {
      if (event instanceof Error) throw event;
      yield event;
    }
  }
  return { send: () => Promise.resolve({ $metadata: { requestId: "id" }, stream: stream() }) } as unknown as BedrockRuntimeClient;
}

const asked = (client: BedrockRuntimeClient) => ask(client, "m", INPUT, new AbortController().signal, () => {});

test("an answer with its end is done", async () => {
  const answer = await asked(telling(DELTA, { messageStop: { stopReason: "end_turn" } }));
  expect([answer.progress, answer.failure]).toEqual(["done", null]);
});

test.each([
  ["the stream ends without its last event", []],
  ["the connection is lost", [new TypeError("network error")]],
])("an answer broke off where %s", async (_, events) => {
  const answer = await asked(telling(DELTA, ...events));
  expect(answer).toMatchObject({ progress: "failed", blocks: [{ text: "one" }], failure: { code: BROKE_OFF, requestId: "id" } });
});

test("where there was no answer at all the server is not there", () => {
  expect(failureOf(new TypeError("Failed to fetch")).code).toBe(UNREACHED);
});

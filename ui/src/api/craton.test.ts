import { afterEach, expect, test, vi } from "vitest";
import { craton } from "./craton";
import type { Credentials } from "./credentials";
import { failureOf } from "./failure";

const KEY: Credentials = { kind: "accessKey", accessKeyId: "AKIA", secretAccessKey: "s", region: "us-east-1" };

afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: unknown, headers: Record<string, string> = { "x-amzn-requestid": "id" }) {
  const sent = vi.fn((_: string, __: RequestInit) => Promise.resolve(new Response(JSON.stringify(body), { status, headers })));
  vi.stubGlobal("fetch", sent);
  return sent;
}

test("members go where the service model says, signed for craton", async () => {
  const sent = answering(200, { requests: [] });
  await craton("http://c:1", KEY)("ListRequests", { operation: "A B*", maxResults: 5 });
  const [url, init] = sent.mock.calls[0] as [string, RequestInit];
  expect(url).toBe("http://c:1/_craton/requests?operation=A%20B%2A&maxResults=5");
  expect((init.headers as Record<string, string>)["authorization"]).toMatch(/us-east-1\/craton\/aws4_request.*SignedHeaders=.*host/);
  expect(init.credentials).toBe("omit");
});

test("what stands in the path is escaped", async () => {
  const sent = answering(200, {});
  await craton("http://c:1", { kind: "apiKey", key: "k", region: "r" })("GetRequest", { requestId: "a/b:c" });
  const [url, init] = sent.mock.calls[0] as [string, RequestInit];
  expect(url).toBe("http://c:1/_craton/requests/a%2Fb%3Ac");
  expect((init.headers as Record<string, string>)["authorization"]).toBe("Bearer k");
});

test("an error is told as the API told it, with its request id", async () => {
  answering(403, { message: "You may not." }, { "x-amzn-errortype": "AccessDeniedException:http://x", "x-amzn-requestid": "id-1" });
  const failed = craton("http://c:1", KEY)("ListLocalModels", {});
  await expect(failed).rejects.toThrow("You may not.");
  expect(failureOf(await failed.catch((error: unknown) => error))).toEqual({
    code: "AccessDeniedException",
    message: "You may not.",
    requestId: "id-1",
    status: 403,
  });
});

test("a file within JSON is base64, and a large body is hashed all the same", async () => {
  vi.stubGlobal("isSecureContext", true);
  const sent = answering(202, {});
  const content = new Blob([new Uint8Array(1 << 20).fill(255)]);
  await craton("http://c:1", KEY)("UploadKnowledgeBaseDocument", { knowledgeBaseId: "B", dataSourceId: "S", fileName: "a", content });
  const [, init] = sent.mock.calls[0] as [string, RequestInit];
  const body = init.body as string;
  expect((JSON.parse(body) as { content: string }).content).toBe(Buffer.alloc(1 << 20, 255).toString("base64"));
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
  expect((init.headers as Record<string, string>)["x-amz-content-sha256"]).toBe(Buffer.from(hash).toString("hex"));
});

test.each([
  ["a page of somebody on the way", () => answering(200, "<html>Sign in to the network</html>", {}), "Unreached"],
  ["the page of a proxy", () => answering(502, "<html>", {}), "HTTP 502"],
])("%s is no answer", async (_, answer, code) => {
  answer();
  const failed = craton("http://c:1", KEY)("ListLocalModels", {}).catch((error: unknown) => failureOf(error));
  expect(await failed).toMatchObject({ code });
});

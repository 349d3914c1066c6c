import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallFailed } from "../../../api/failure";
import type { Clients } from "../clients";
import { Uploads } from "./uploads";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const file = (name: string) => new File(["x"], name);

function serving(craton: Clients["craton"], statuses: Record<string, string[]>): Clients {
  const send = ({ input }: { input: { documentIdentifiers: { custom: { id: string } }[] } }) =>
    Promise.resolve({
      documentDetails: input.documentIdentifiers.map(({ custom }) => ({
        identifier: { custom },
        status: statuses[custom.id]?.shift() ?? "INDEXED",
        statusReason: custom.id === "bad.pdf" ? "It is damaged." : undefined,
      })),
    });
  return { craton, agent: { send } } as unknown as Clients;
}

test("a file is sent, read and found; two are sent at once", async () => {
  const sent: string[] = [];
  let arrive: (() => void)[] = [];
  const craton = (_: string, { fileName }: { fileName: string }) => {
    sent.push(fileName);
    return new Promise((done) => arrive.push(() => done({ documentId: fileName, status: "STARTING" })));
  };
  const uploads = new Uploads(serving(craton as Clients["craton"], { "a.md": ["IN_PROGRESS", "INDEXED"], "bad.pdf": ["FAILED"] }), "B");
  uploads.add(["a.md", "bad.pdf", "c.md"].map(file), "S");
  expect(sent).toEqual(["a.md", "bad.pdf"]);
  for (const each of arrive) each();
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual(["a.md", "bad.pdf", "c.md"]);
  arrive.at(-1)?.();
  arrive = [];
  await vi.advanceTimersByTimeAsync(5000);
  expect(uploads.now().map(({ stage, status, reason }) => [stage, status, reason])).toEqual([
    ["ended", "INDEXED", ""],
    ["ended", "FAILED", "It is damaged."],
    ["ended", "INDEXED", ""],
  ]);
  uploads.clear();
  expect(uploads.now()).toEqual([]);
});

test("what the server refuses is told in its words, holds up no other file, and can be sent again", async () => {
  let refuses = true;
  const craton = (_: string, { fileName }: { fileName: string }) =>
    refuses && fileName === "a.exe"
      ? Promise.reject(new CallFailed({ code: "ValidationException", message: "The format is not supported.", requestId: "id" }))
      : Promise.resolve({ documentId: fileName, status: "STARTING" });
  const uploads = new Uploads(serving(craton as Clients["craton"], {}), "B");
  uploads.add(["a.exe", "b.md"].map(file), "S");
  await vi.advanceTimersByTimeAsync(2000);
  expect(uploads.now().map(({ stage, failure }) => [stage, failure?.message])).toEqual([
    ["refused", "The format is not supported."],
    ["ended", undefined],
  ]);
  refuses = false;
  uploads.again(0);
  await vi.advanceTimersByTimeAsync(2000);
  expect(uploads.now()[0]).toMatchObject({ stage: "ended", status: "INDEXED", failure: null });
});

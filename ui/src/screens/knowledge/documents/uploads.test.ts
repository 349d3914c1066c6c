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

test("what is told of files goes with each of them, also when it is sent again", async () => {
  const attributes = [{ key: "year", value: { type: "NUMBER" as const, numberValue: 2024 } }];
  const sent: unknown[] = [];
  const craton = (_: string, input: object) => {
    sent.push(input);
    return sent.length > 2 ? Promise.resolve({ status: "STARTING" }) : Promise.reject(new CallFailed({ code: "ThrottlingException", message: "" }));
  };
  const uploads = new Uploads(serving(craton as Clients["craton"], {}), "B");
  uploads.add(["a.md", "b.md"].map(file), "S", { attributes });
  await vi.advanceTimersByTimeAsync(10);
  uploads.again(0);
  expect(sent).toEqual(["a.md", "b.md", "a.md"].map((fileName) => expect.objectContaining({ fileName, attributes })));
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

test("a server that is away for a while has the file all the same, and tells of it later", async () => {
  const craton = () => Promise.resolve({ documentId: "a.md", status: "STARTING" });
  const clients = serving(craton as unknown as Clients["craton"], {});
  const { send } = clients.agent as unknown as { send: (asked: object) => Promise<object> };
  const answers = [() => Promise.reject(new TypeError("Failed to fetch")), () => Promise.reject(new CallFailed({ code: "Throttling", message: "Later.", status: 429 })), send];
  const agent = { send: (asked: object) => (answers.length > 1 ? (answers.shift() ?? send) : send)(asked) };
  const uploads = new Uploads({ ...clients, agent } as unknown as Clients, "B");
  uploads.add([file("a.md")], "S");
  await vi.advanceTimersByTimeAsync(700);
  expect(uploads.now()[0]).toMatchObject({ stage: "reading", failure: { code: "Unreached" } });
  await vi.advanceTimersByTimeAsync(2000);
  expect(uploads.now()[0]).toMatchObject({ stage: "ended", status: "INDEXED", failure: null });
});

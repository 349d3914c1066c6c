import { expect, test } from "vitest";
import { fileOf } from "../../../code/files";
import { attachmentOf, blockOf, named, problemOf, problemsOf } from "./files";

const file = (name: string, size = 3) => new File([new Uint8Array(size)], name);

test("the kind and the format follow from the name", async () => {
  expect(await attachmentOf(file("Übersicht 2026.v2.PDF"), [])).toMatchObject({ kind: "document", format: "pdf", name: "Ubersicht 2026-v2", size: 3 });
  expect(await attachmentOf(file("photo.jpg"), [])).toMatchObject({ kind: "image", format: "jpeg" });
  expect(await attachmentOf(file("film.mp4"), [])).toBeNull();
});

test("no two documents are called the same, and code reads the files that were named", async () => {
  const one = await attachmentOf(file("image.png"), []);
  const other = one && (await attachmentOf(file("image.png"), [one]));
  expect([other?.name, other?.fileName]).toEqual(["image (2)", "image (2).png"]);
  expect(other?.bytes && fileOf(other.bytes)).toBe("image (2).png");
  expect(named("...")).toBe("-");
});

test("what the API refuses is told before it is sent", async () => {
  const picture = await attachmentOf(file("a.png"), []);
  const large = await attachmentOf(file("b.pdf", 5_000_000), []);
  expect(picture && [problemOf(picture, true, 0), problemOf(picture, false, 0), problemOf(picture, true, 20)]).toEqual([null, "unseen", "many"]);
  expect(picture && problemOf({ ...picture, bytes: null }, true, 0)).toBe("missing");
  expect(large && [problemOf(large, true, 0), large.bytes?.length]).toEqual(["size", 0]);
  const text = await attachmentOf(file("c.txt"), []);
  expect(text && problemsOf([text, text], false, [text, text, text, text])).toEqual([null, "many"]);
});

test("a file without its bytes is not sent", async () => {
  const text = await attachmentOf(file("c.txt"), []);
  expect(text && blockOf(text)).toEqual([{ document: { format: "txt", name: "c", source: { bytes: text?.bytes } } }]);
  expect(text && blockOf({ ...text, bytes: null })).toEqual([]);
});

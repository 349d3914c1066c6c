/** Files that go with a message: which the API takes, and how it is given them. Knows no model. */

import type { ContentBlock, DocumentFormat, ImageFormat } from "@aws-sdk/client-bedrock-runtime";
import { fromFile } from "../../../code/files";

/** By the API's limits: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html */
export const MOST = { image: 20, document: 5 };
const BYTES = { image: 3_932_160, document: 4_718_592 };

const FORMATS: Record<string, { kind: Attachment["kind"]; format: ImageFormat | DocumentFormat }> = {
  png: { kind: "image", format: "png" },
  jpg: { kind: "image", format: "jpeg" },
  jpeg: { kind: "image", format: "jpeg" },
  gif: { kind: "image", format: "gif" },
  webp: { kind: "image", format: "webp" },
  pdf: { kind: "document", format: "pdf" },
  csv: { kind: "document", format: "csv" },
  doc: { kind: "document", format: "doc" },
  docx: { kind: "document", format: "docx" },
  xls: { kind: "document", format: "xls" },
  xlsx: { kind: "document", format: "xlsx" },
  htm: { kind: "document", format: "html" },
  html: { kind: "document", format: "html" },
  md: { kind: "document", format: "md" },
  txt: { kind: "document", format: "txt" },
};
export const ACCEPTED = Object.keys(FORMATS).map((ending) => `.${ending}`).join(",");

export interface Attachment {
  kind: "image" | "document";
  format: string;
  /** The file's. */
  fileName: string;
  /** What the model is told a document is called. */
  name: string;
  size: number;
  /** None where it came by a link, which holds no files. */
  bytes: Uint8Array<ArrayBuffer> | null;
}

export type Problem = "size" | "empty" | "unseen" | "many" | "missing";

/** Null for a file of a kind that no model is given. `others` are those that are in the conversation already. */
export async function attachmentOf(file: File, others: Attachment[]): Promise<Attachment | null> {
  const known = FORMATS[(/\.(\w+)$/.exec(file.name)?.[1] ?? file.type.split("/")[1] ?? "").toLowerCase()];
  if (!known) return null;
  // What is too large for the API is not read at all.
  const bytes = new Uint8Array(file.size > BYTES[known.kind] ? new ArrayBuffer(0) : await file.arrayBuffer());
  const name = unique(named(file.name), others.map((other) => other.name));
  const [, stem = file.name, ending = ""] = /^(.*?)(\.\w+)?$/.exec(file.name) ?? [];
  const stems = others.map((other) => other.fileName).filter((other) => other.endsWith(ending));
  const fileName = unique(stem, stems.map((other) => other.slice(0, other.length - ending.length))) + ending;
  return { ...known, fileName, name, size: file.size, bytes: fromFile(bytes, fileName) };
}

/** Of the signs that the API takes in a document's name. */
export function named(fileName: string): string {
  const plain = fileName
    .replace(/\.\w+$/, "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replace(/[^0-9A-Za-z_()[\] -]+/g, "-")
    .replace(/ {2,}/g, " ")
    .trim();
  return plain || "document";
}

/** Pictures that are pasted are all called the same. */
function unique(name: string, taken: string[]): string {
  let free = name;
  for (let number = 2; taken.includes(free); number += 1) free = `${name} (${number})`;
  return free;
}

/** What keeps the file from being sent; `sighted` tells whether all models see pictures, `before` how many of its kind go before it. */
export function problemOf(file: Attachment, sighted: boolean, before: number): Problem | null {
  if (!file.bytes) return "missing";
  if (file.size === 0) return "empty";
  if (file.size > BYTES[file.kind]) return "size";
  if (file.kind === "image" && !sighted) return "unseen";
  return before >= MOST[file.kind] ? "many" : null;
}

export function problemsOf(files: Attachment[], sighted: boolean, earlier: Attachment[]): (Problem | null)[] {
  return files.map((file, place) => {
    const before = [...earlier, ...files.slice(0, place)].filter(({ kind, bytes }) => kind === file.kind && bytes);
    return problemOf(file, sighted, before.length);
  });
}

/** As Converse takes it; nothing where its bytes are not here. */
export function blockOf({ kind, format, name, bytes }: Attachment): ContentBlock[] {
  if (!bytes) return [];
  if (kind === "image") return [{ image: { format: format as ImageFormat, source: { bytes } } }];
  return [{ document: { format: format as DocumentFormat, name, source: { bytes } } }];
}

const shown = new WeakMap<Attachment, File>();

/** As the browser has files: one and the same each time, with its size even where its bytes are not here. */
export function fileFrom(attachment: Attachment): File {
  const { bytes, fileName, kind, format, size } = attachment;
  const known = shown.get(attachment);
  if (known) return known;
  const file = new File(bytes ? [bytes] : [], fileName, { type: bytes && kind === "image" ? `image/${format}` : "" });
  if (file.size !== size) Object.defineProperty(file, "size", { value: size });
  shown.set(attachment, file);
  return file;
}

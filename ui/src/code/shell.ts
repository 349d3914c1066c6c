/** A call as a command of the AWS CLI. */

import type { Call } from "../api/call";
import { base64, fileOf, hasBytes } from "./files";
import { CLI_2, MODELS_NOTE, NOT_STREAMED } from "./notes";
import { kebab } from "./words";

/** What a streamed operation has and the plain one has not, by member. */
const STREAMED_ONLY: Record<string, string[]> = { guardrailConfig: ["streamProcessingMode"] };
const REQUEST = "request.json";

export function shell({ service, operation, input }: Call, endpoint: string, region: string): string {
  const streamed = operation.endsWith("Stream");
  const given = streamed ? plain(input) : input;
  const bytes = hasBytes(given);
  const options = bytes
    ? [`--cli-input-json file://${REQUEST}`]
    : Object.entries(given)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => option(name, value));
  const words = [
    `aws ${service} ${kebab(streamed ? operation.slice(0, -"Stream".length) : operation)}`,
    `--endpoint-url ${quoted(endpoint)} --region ${quoted(region)}`,
    ...options,
  ];
  return [
    ...(service === "craton" ? [`# ${MODELS_NOTE}`] : []),
    ...(streamed ? [`# ${NOT_STREAMED}`] : []),
    ...(bytes ? [`# ${CLI_2}`, ...writing(given)] : []),
    words.join(" \\\n  "),
  ].join("\n");
}

function plain(input: object): object {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      const only = STREAMED_ONLY[name];
      if (!only || typeof value !== "object" || value === null) return [name, value];
      return [name, Object.fromEntries(Object.entries(value).filter(([member]) => !only.includes(member)))];
    }),
  );
}

/** The request as a file, since bytes are too long for a command line. The shell puts in what files hold. */
function writing(input: object): string[] {
  const files: string[] = [];
  const text = JSON.stringify(input, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value;
    const name = fileOf(value);
    return name === undefined ? base64(value) : `\0${files.push(name) - 1}\0`;
  });
  const filled = text
    .replace(/[\\$`]/g, "\\$&")
    .replace(/\\\\u0000(\d+)\\\\u0000/g, (_, place: string) => `$(base64 < ${quoted(files[Number(place)] ?? "")} | tr -d '\\n')`);
  return [`cat > ${REQUEST} <<END`, filled, "END"];
}

function option(name: string, value: unknown): string {
  if (typeof value === "boolean") return `--${value ? "" : "no-"}${kebab(name)}`;
  if (value instanceof Date) return `--${kebab(name)} ${value.toISOString()}`;
  return `--${kebab(name)} ${quoted(typeof value === "object" ? JSON.stringify(value) : String(value))}`;
}

/** For a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

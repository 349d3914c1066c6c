/** A call as a command of the AWS CLI. */

import type { Call } from "../api/call";
import { MODELS_NOTE, NOT_STREAMED } from "./notes";
import { kebab } from "./words";

export function shell({ service, operation, input }: Call, endpoint: string, region: string): string {
  const streamed = operation.endsWith("Stream");
  const options = Object.entries(input)
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
    words.join(" \\\n  "),
  ].join("\n");
}

function option(name: string, value: unknown): string {
  if (typeof value === "boolean") return `--${value ? "" : "no-"}${kebab(name)}`;
  return `--${kebab(name)} ${quoted(typeof value === "object" ? JSON.stringify(value) : String(value))}`;
}

/** For a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

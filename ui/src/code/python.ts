/** A call as a boto3 program. */

import type { Call } from "../api/call";
import { base64, fileOf } from "./files";
import { MODELS_NOTE } from "./notes";
import { snake } from "./words";

export function python({ service, operation, input }: Call, endpoint: string, region: string): string {
  const streamed = operation.endsWith("Stream");
  const members = Object.entries(input).filter(([, value]) => value !== undefined);
  const given = members.map(([name, value]) => `    ${name}=${literal(value, 1)},\n`).join("");
  const call = `client.${snake(operation)}(${given && `\n${given}`})`;
  return [
    ...(service === "craton" ? [`# ${MODELS_NOTE}`] : []),
    ...(given.includes("base64.b64decode(") ? ["import base64"] : []),
    ...(given.includes("Path(") ? ["from pathlib import Path"] : []),
    ...(/base64\.b64decode\(|Path\(/.test(given) ? [""] : []),
    "import boto3",
    "",
    "client = boto3.client(",
    `    ${quoted(service)},`,
    `    endpoint_url=${quoted(endpoint)},`,
    `    region_name=${quoted(region)},`,
    ")",
    `answer = ${call}`,
    ...(streamed ? ['for event in answer["stream"]:', "    print(event)"] : ["print(answer)"]),
  ].join("\n");
}

const quoted = (text: string): string => JSON.stringify(text);

function literal(value: unknown, depth: number): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value !== "object") return JSON.stringify(value);
  if (value instanceof Uint8Array) return bytes(value);
  if (value instanceof Date) return quoted(value.toISOString());
  const list = Array.isArray(value);
  const parts = list
    ? value.map((item) => literal(item, depth + 1))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => `${quoted(name)}: ${literal(item, depth + 1)}`);
  const [open, close] = list ? ["[", "]"] : ["{", "}"];
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length + 4 * depth < 80 || single(value)) return line;
  const indent = "    ".repeat(depth);
  return `${open}\n${parts.map((part) => `${indent}    ${part},\n`).join("")}${indent}${close}`;
}

function bytes(value: Uint8Array): string {
  const name = fileOf(value);
  return name === undefined ? `base64.b64decode(${quoted(base64(value))})` : `Path(${quoted(name)}).read_bytes()`;
}

/** Nothing is gained by breaking what holds but one thing. */
function single(value: unknown): boolean {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return true;
  const inner = Object.values(value);
  return inner.length <= 1 && inner.every(single);
}

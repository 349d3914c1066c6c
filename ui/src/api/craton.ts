/** Craton's own operations: a service like AWS's, for which no SDK exists. Knows their routes and no operation by name. */

import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import { base64 } from "../code/files";
import type { Credentials } from "./credentials";
import { CallFailed, UNREACHED } from "./failure";
import { type Operations, routes } from "./shapes";

const SIGNING_NAME = "craton";
/** Each answer of the server has it. */
const REQUEST_ID = "x-amzn-requestid";

export type Craton = <Name extends keyof Operations>(
  name: Name,
  input: Operations[Name]["input"],
  signal?: AbortSignal,
) => Promise<Operations[Name]["output"]>;

export function craton(endpoint: string, credentials: Credentials): Craton {
  const authorize = authorizer(credentials);
  return async (name, input, signal) => {
    const request = await authorize(requestOf(endpoint, name, await inJson(name, input)));
    const query = Object.entries(request.query as Record<string, string>)
      .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
      .join("&");
    const { host: _, ...headers } = request.headers; // the browser sends it by itself
    const answer = await fetch(`${endpoint}${request.path}${query && `?${query}`}`, {
      method: request.method,
      headers,
      body: request.body as BodyInit | null,
      signal: signal ?? null,
      credentials: "omit",
      cache: "no-store",
    });
    if (!answer.ok) throw await failed(answer);
    // Something on the way has answered, such as the page of a network that wants a sign-in.
    if (!answer.headers.has(REQUEST_ID)) throw new CallFailed({ code: UNREACHED, message: "" });
    return (await read(answer)) as Operations[typeof name]["output"];
  };
}

/** What is no JSON is a file, such as an export: its bytes. */
async function read(answer: Response): Promise<unknown> {
  const contentType = answer.headers.get("content-type") ?? "";
  return contentType.startsWith("application/json") || contentType === "" ? answer.json() : { contentType, body: await answer.blob() };
}

/** Files within a body of JSON are base64. */
async function inJson(name: keyof Operations, input: object): Promise<Record<string, unknown>> {
  const given = Object.entries(input).map(async ([member, value]: [string, unknown]) => {
    const file = value instanceof Blob && routes[name].payload !== member;
    return [member, file ? base64(new Uint8Array(await value.arrayBuffer())) : value];
  });
  return Object.fromEntries(await Promise.all(given)) as Record<string, unknown>;
}

function requestOf(endpoint: string, name: keyof Operations, input: Record<string, unknown>): HttpRequest {
  const { method, path, query, payload } = routes[name];
  const left = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const taken = (member: string): string => {
    const value = left.get(member);
    left.delete(member);
    return String(value);
  };
  const filled = path.replace(/\{(\w+)\}/g, (_, member: string) => escaped(taken(member)));
  const asked = Object.fromEntries(query.filter((member) => left.has(member)).map((member) => [member, taken(member)]));
  const { host, protocol } = new URL(endpoint);
  const bodied = left.size > 0 || method === "POST" || method === "PUT" || method === "PATCH";
  const body = payload === null ? JSON.stringify(Object.fromEntries(left)) : left.get(payload);
  return new HttpRequest({
    method,
    protocol,
    hostname: host,
    path: filled,
    query: asked,
    headers: { host, ...(bodied ? { "content-type": payload === null ? "application/json" : "application/octet-stream" } : {}) },
    body: bodied ? body : undefined,
  });
}

function authorizer(credentials: Credentials): (request: HttpRequest) => Promise<HttpRequest> {
  if (credentials.kind === "apiKey") {
    return async (request) => {
      request.headers["authorization"] = `Bearer ${credentials.key}`;
      return request;
    };
  }
  const { region } = credentials;
  const signer = new SignatureV4({ credentials, region, service: SIGNING_NAME, sha256: Sha256 });
  return async (request) => {
    await hash(request);
    return (await signer.sign(request)) as HttpRequest;
  };
}

/** Bodies above this are hashed by the browser, in characters: in JavaScript it would halt the page for seconds. */
const LARGE = 1 << 20;

/** Only https and this very machine have the browser's own hash; elsewhere the signer's does it. */
async function hash({ body, headers }: HttpRequest): Promise<void> {
  if (typeof body !== "string" || body.length < LARGE || !globalThis.isSecureContext) return;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
  headers["x-amz-content-sha256"] = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function failed(answer: Response): Promise<CallFailed> {
  const text = await answer.text();
  const code = answer.headers.get("x-amzn-errortype")?.split(":")[0] ?? `HTTP ${answer.status}`;
  const requestId = answer.headers.get(REQUEST_ID);
  return new CallFailed({ code, message: messageIn(text) || answer.statusText, status: answer.status, ...(requestId ? { requestId } : {}) });
}

function messageIn(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: string; Message?: string };
    return body.message ?? body.Message ?? text;
  } catch {
    return text.trimStart().startsWith("<") ? "" : text; // the page of a proxy says nothing more
  }
}

/** By RFC 3986, as signatures want it. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

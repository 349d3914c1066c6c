/** Craton's own operations: a service like AWS's, for which no SDK exists. Knows their routes and no operation by name. */

import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credentials } from "./credentials";
import { CallFailed } from "./failure";
import { type Operations, routes } from "./shapes";

const SIGNING_NAME = "craton";

export type Craton = <Name extends keyof Operations>(
  name: Name,
  input: Operations[Name]["input"],
  signal?: AbortSignal,
) => Promise<Operations[Name]["output"]>;

export function craton(endpoint: string, credentials: Credentials): Craton {
  const authorize = authorizer(credentials);
  return async (name, input, signal) => {
    const request = await authorize(requestOf(endpoint, name, input as Record<string, unknown>));
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
    return (await answer.json()) as Operations[typeof name]["output"];
  };
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
  return async (request) => (await signer.sign(request)) as HttpRequest;
}

async function failed(answer: Response): Promise<CallFailed> {
  const text = await answer.text();
  const code = answer.headers.get("x-amzn-errortype")?.split(":")[0] ?? `HTTP ${answer.status}`;
  const requestId = answer.headers.get("x-amzn-requestid");
  return new CallFailed({ code, message: messageIn(text), status: answer.status, ...(requestId ? { requestId } : {}) });
}

function messageIn(text: string): string {
  try {
    const body = JSON.parse(text) as { message?: string; Message?: string };
    return body.message ?? body.Message ?? text;
  } catch {
    return text;
  }
}

/** By RFC 3986, as signatures want it. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

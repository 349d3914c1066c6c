/** Which requests are listed: what stands behind the # of the address, and what is asked for it. */

import type { ListRequestsRequest } from "../../api/shapes";

/** Of each the member of ListRequests. Times are asked for by `last`, or as they stand in the address. */
const MEMBERS = {
  outcome: "outcome",
  operation: "operation",
  model: "modelId",
  principal: "principal",
  key: "accessKeyId",
  error: "errorCode",
  since: "since",
  until: "until",
} as const satisfies Record<string, keyof ListRequestsRequest>;

export const OUTCOMES = ["RUNNING", "SUCCESS", "CLIENT_ERROR", "SERVER_ERROR"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** In seconds, by the name in the address. */
export const LAST = { "15m": 900, "1h": 3600, "24h": 86_400 } as const;
export type Last = keyof typeof LAST;

export function isLast(value: string | null): value is Last {
  return value !== null && value in LAST;
}

/** What is asked for; what no request can have is left out. `now` in milliseconds since 1970. */
export function asked(hash: URLSearchParams, now: number): ListRequestsRequest {
  const wanted: Record<string, string> = {};
  for (const [name, member] of Object.entries(MEMBERS)) {
    const value = hash.get(name);
    if (value) wanted[member] = value;
  }
  const last = hash.get("last");
  if (isLast(last)) wanted["since"] = new Date(now - LAST[last] * 1000).toISOString();
  if (!OUTCOMES.some((outcome) => outcome === wanted["outcome"])) delete wanted["outcome"];
  for (const member of ["since", "until"]) if (Number.isNaN(Date.parse(wanted[member] ?? "0"))) delete wanted[member];
  return wanted;
}

/** The same as long as the same is asked for. */
export function keyOf(hash: URLSearchParams): string {
  const own = [...Object.keys(MEMBERS), "last"].map((name): [string, string] => [name, hash.get(name) ?? ""]);
  return String(new URLSearchParams(own.filter(([, value]) => value)));
}

export function filtered(hash: URLSearchParams): boolean {
  return [...Object.keys(MEMBERS), "last"].some((name) => hash.get(name));
}

/** The address of the list with these filters. */
export function addressOf(filters: Partial<Record<keyof typeof MEMBERS, string>>): string {
  return `/requests#${new URLSearchParams(filters)}`;
}

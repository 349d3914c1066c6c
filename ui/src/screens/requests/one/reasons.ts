/** Why a request failed, read from the code and the message that its client was told. Knows no language. */

import type { GetRequestResponse } from "../../../api/shapes";

export const REASONS = [
  "denied",
  "explicitlyDenied",
  "noAccess",
  "quota",
  "budget",
  "throttled",
  "invalid",
  "tooLong",
  "missing",
  "conflict",
  "tooLarge",
  "unserved",
  "cancelled",
  "expired",
  "notReady",
  "timeout",
  "dependency",
  "brokeOff",
  "model",
  "unavailable",
  "failed",
  "refused",
] as const;
export type Reason = (typeof REASONS)[number];

export interface Why {
  reason: Reason;
  /** What the caller may not do, and to what. */
  action?: string;
  resource?: string;
  /** The quota or budget that refused it. */
  limit?: string;
}

type Told = Pick<GetRequestResponse, "errorCode" | "errorMessage" | "outcome">;

const BY_CODE: Record<string, Reason> = {
  ThrottlingException: "throttled",
  ServiceQuotaExceededException: "throttled",
  ValidationException: "invalid",
  SerializationException: "invalid",
  ResourceNotFoundException: "missing",
  UnknownOperationException: "missing",
  ConflictException: "conflict",
  ResourceInUseException: "conflict",
  RequestEntityTooLargeException: "tooLarge",
  NotImplementedException: "unserved",
  CANCELLED: "cancelled",
  ExpiredTokenException: "expired",
  ModelNotReadyException: "notReady",
  ModelTimeoutException: "timeout",
  RequestTimeoutException: "timeout",
  DependencyFailedException: "dependency",
  BadGatewayException: "dependency",
  ModelStreamErrorException: "brokeOff",
  ModelErrorException: "model",
  ServiceUnavailableException: "unavailable",
};

/** Null where nothing failed. */
export function why({ errorCode, errorMessage = "", outcome }: Told): Why | null {
  if (!errorCode) return null;
  if (errorCode === "AccessDeniedException") return denial(errorMessage);
  const limit = /\bThe (quota|budget) '([^']+)'/.exec(errorMessage);
  if (limit) return { reason: limit[1] as "quota" | "budget", limit: limit[2] as string };
  if (errorCode === "ValidationException" && /too long for requested model/.test(errorMessage)) return { reason: "tooLong" };
  return { reason: BY_CODE[errorCode] ?? (outcome === "SERVER_ERROR" ? "failed" : "refused") };
}

function denial(message: string): Why {
  const found = /not authorized to perform: (\S+)(?: on resource: (\S+))?/.exec(message);
  if (!found) return { reason: "noAccess" };
  const reason = /explicit deny/.test(message) ? "explicitlyDenied" : "denied";
  return { reason, action: found[1] as string, ...(found[2] && { resource: found[2] }) };
}

/** The policy that would allow it. */
export function policyFor({ action = "", resource = "*" }: Why): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: resource }] }, null, 2);
}

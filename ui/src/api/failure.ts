/** What went wrong with a call, as the API told it. */

export interface Failure {
  /** The API's name for it, such as AccessDeniedException; UNREACHED where there was no answer, BROKE_OFF where it had no end. */
  code: string;
  message: string;
  requestId?: string;
  status?: number;
}

export const UNREACHED = "Unreached";
export const BROKE_OFF = "BrokeOff";

export class CallFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = failure.code;
  }
}

interface FromSdk {
  name: string;
  message: string;
  $metadata?: { requestId?: string; httpStatusCode?: number };
}

/** `requestId` is that of the answer, for errors that come later than its head, in a stream. */
export function failureOf(error: unknown, requestId?: string): Failure {
  if (error instanceof CallFailed) return error.failure;
  if (!(error instanceof Error)) return { code: "Error", message: String(error) };
  const { name, message, $metadata } = error as FromSdk;
  const id = $metadata?.requestId ?? requestId;
  const status = $metadata?.httpStatusCode;
  // How browsers tell that there is no connection, or no more.
  if (status === undefined && name === "TypeError") return id === undefined ? { code: UNREACHED, message } : { code: BROKE_OFF, message, requestId: id };
  if (name === "SyntaxError") return { code: UNREACHED, message }; // what came is no answer of the server
  return { code: name, message, ...(id === undefined ? {} : { requestId: id }), ...(status === undefined ? {} : { status }) };
}

/** Asked again, it would be refused again. */
export function isRefused({ status }: Failure): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 429;
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

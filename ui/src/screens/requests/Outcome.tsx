/** What became of a request, as a light and a word. */

import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { Outcome as Name } from "./filters";
import { useRequestsTexts } from "./texts";
import { errorOf } from "./words";

const TYPES: Record<Name, StatusIndicatorProps.Type> = {
  RUNNING: "in-progress",
  SUCCESS: "success",
  CLIENT_ERROR: "warning",
  SERVER_ERROR: "error",
};

export function Outcome({ outcome, status, error }: { outcome: Name; status: number; error?: string | undefined }) {
  const { outcomes, cancelled } = useRequestsTexts();
  return <StatusIndicator type={TYPES[outcome]}>{error ? errorOf(error, status, cancelled) : outcomes[outcome]}</StatusIndicator>;
}

/** What became of a request, as a light and a word. */

import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { Outcome as Name } from "./filters";
import { useRequestsTexts } from "./texts";

const TYPES: Record<Name, StatusIndicatorProps.Type> = {
  RUNNING: "in-progress",
  SUCCESS: "success",
  CLIENT_ERROR: "warning",
  SERVER_ERROR: "error",
};

export function Outcome({ outcome, status, error }: { outcome: Name; status: number; error?: string | undefined }) {
  const { outcomes, cancelled } = useRequestsTexts();
  const code = error === "CANCELLED" ? cancelled : error?.replace(/(Exception|Error)$/, "");
  return <StatusIndicator type={TYPES[outcome]}>{code ? `${status || ""} ${code}`.trim() : outcomes[outcome]}</StatusIndicator>;
}

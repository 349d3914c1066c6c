/** How far something is: a knowledge base, a data source, a document or a job. */

import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { useKnowledgeTexts } from "./texts";

const TYPES: Record<string, StatusIndicatorProps.Type> = {
  ACTIVE: "success",
  AVAILABLE: "success",
  INDEXED: "success",
  COMPLETE: "success",
  STARTING: "pending",
  PENDING: "pending",
  CREATING: "in-progress",
  UPDATING: "in-progress",
  IN_PROGRESS: "in-progress",
  DELETING: "in-progress",
  DELETE_IN_PROGRESS: "in-progress",
  STOPPING: "in-progress",
  STOPPED: "stopped",
  IGNORED: "warning",
  METADATA_UPDATE_FAILED: "warning",
  PARTIALLY_INDEXED: "warning",
  METADATA_PARTIALLY_INDEXED: "warning",
  FAILED: "error",
  DELETE_UNSUCCESSFUL: "error",
};

export function Status({ status = "" }: { status: string | undefined }) {
  const { statuses } = useKnowledgeTexts();
  return <StatusIndicator type={TYPES[status] ?? "info"}>{(statuses as Record<string, string>)[status] ?? status}</StatusIndicator>;
}

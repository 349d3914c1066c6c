/** How an operation is served, as a light and a word. */

import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { ServedOperation } from "../../api/shapes";
import { useCoverageTexts } from "./texts";

export const GRADES = ["full", "partial", "refused"] as const;
type Name = ServedOperation["grade"];

const TYPES: Record<Name, StatusIndicatorProps.Type> = { full: "success", partial: "warning", refused: "stopped" };

export function Grade({ grade }: { grade: Name }) {
  return <StatusIndicator type={TYPES[grade]}>{useCoverageTexts().grades[grade]}</StatusIndicator>;
}

export function served(operations: ServedOperation[]): number {
  return operations.filter(({ grade }) => grade !== "refused").length;
}

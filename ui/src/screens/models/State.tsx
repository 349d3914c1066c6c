/** The state of a model, as a light and a word. */

import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { State as Name } from "../../api/models";
import { useTexts } from "../../texts/texts";

const TYPES: Record<Name, StatusIndicatorProps.Type> = {
  loaded: "success",
  installed: "not-started",
  remote: "info",
  fetchable: "pending",
};

export function State({ state }: { state: Name }) {
  return <StatusIndicator type={TYPES[state]}>{useTexts().models.states[state]}</StatusIndicator>;
}

/** A list of texts, one a line. Empty lines are no texts, but may be written on the way to one. */

import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

export function Lines({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const [written, setWritten] = useState(value.join("\n"));
  const held = linesIn(written);
  const shown = held.join("\n") === value.join("\n") ? written : value.join("\n");

  function write(text: string): void {
    setWritten(text);
    onChange(linesIn(text));
  }

  return <Textarea value={shown} rows={3} onChange={({ detail }) => write(detail.value)} />;
}

export function linesIn(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

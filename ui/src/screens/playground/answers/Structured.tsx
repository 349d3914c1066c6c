/** An answer that was asked for as JSON: the value, and whether it fits the schema. */

import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useMemo } from "react";
import { Code } from "../../../parts/Code";
import { Prose } from "../../../parts/Prose";
import { isObject } from "../settings/settings";
import { parsed } from "../talk/answer";
import { usePlaygroundTexts } from "../texts/texts";
import { type Misfit, misfits } from "./schema";

export function Structured({ text, schema, growing }: { text: string; schema: string; growing: boolean }) {
  const { structured } = usePlaygroundTexts();
  const value = useMemo(() => (growing || !text.trim() ? undefined : parsed(text)), [text, growing]);
  if (growing) return <Code code={text} language="javascript" label={structured.label} />;
  if (value === undefined) {
    return (
      <SpaceBetween size="xs">
        <Prose text={text} />
        {text.trim() && <StatusIndicator type="error">{structured.noJson}</StatusIndicator>}
      </SpaceBetween>
    );
  }
  return (
    <SpaceBetween size="xs">
      <Code code={JSON.stringify(value, null, 2)} language="javascript" label={structured.label} />
      <Checked value={value} schema={schema} />
    </SpaceBetween>
  );
}

function Checked({ value, schema }: { value: unknown; schema: string }) {
  const { structured } = usePlaygroundTexts();
  const found = useMemo(() => judged(value, parsed(schema)), [value, schema]);
  if (!found) return <StatusIndicator type="info">{structured.noSchema}</StatusIndicator>;
  if (found.length === 0) return <StatusIndicator type="success">{structured.fits}</StatusIndicator>;
  return (
    <>
      <StatusIndicator type="error">{structured.unfit}</StatusIndicator>
      <Misfits found={found} label={structured.mistakes} />
    </>
  );
}

export function Misfits({ found, label }: { found: Misfit[]; label: string }) {
  return (
    <ul className="misfits" aria-label={label}>
      {found.map(({ at, rule, wants }) => (
        <li key={`${at} ${rule}`}>
          <code className="inline-code">{at}</code> {rule}: <code className="inline-code">{wants}</code>
        </li>
      ))}
    </ul>
  );
}

/** None where the schema is none, or says what cannot be checked. */
export function judged(value: unknown, schema: unknown): Misfit[] | null {
  if (!isObject(schema)) return null;
  try {
    return misfits(value, schema);
  } catch {
    return null;
  }
}

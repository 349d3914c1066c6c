/** What automated reasoning found: how a text was read, and what the rules say of it. */

import { useMemo } from "react";
import { LINES, linesOf } from "./reasoning";
import { useEvidenceTexts } from "./texts";

export function Reasoned({ finding }: { finding: object }) {
  const texts = useEvidenceTexts();
  const lines = useMemo(() => linesOf(finding), [finding]);
  return (
    <dl className="reasoned">
      {LINES.filter((name) => lines[name].length > 0).map((name) => (
        <div key={name}>
          <dt>{texts.reasoned[name]}</dt>
          {lines[name].map((line, place) => (
            <dd key={place}>{line}</dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

/** What automated reasoning found: how a text was read, and what the rules say of it. */

import { useMemo } from "react";
import { LINES, linesOf } from "./reasoning";
import { useEvidenceTexts } from "./texts";

const RULES = ["supporting", "contradicting"];

/** `ruleOf` tells a rule by its id, where the rules are known. */
export function Reasoned({ finding, ruleOf }: { finding: object; ruleOf?: (id: string) => string }) {
  const texts = useEvidenceTexts();
  const lines = useMemo(() => linesOf(finding), [finding]);
  return (
    <dl className="reasoned">
      {LINES.filter((name) => lines[name].length > 0).map((name) => (
        <div key={name}>
          <dt>{texts.reasoned[name]}</dt>
          {lines[name].map((line, place) => (
            <dd key={place}>{RULES.includes(name) && ruleOf ? ruleOf(line) : line}</dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

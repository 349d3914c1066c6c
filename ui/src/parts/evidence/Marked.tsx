/** A text in which what a guardrail found is marked, each mark with its name: colour alone tells nothing. */

import { useMemo } from "react";
import "./evidence.css";
import type { Found } from "./evidence";
import { pieces } from "./marks";
import { useNames } from "./names";
import { useEvidenceTexts } from "./texts";
import { called } from "./words";

export function Marked({ text, found }: { text: string; found: Found[] }) {
  const texts = useEvidenceTexts();
  const names = useNames();
  const named = (one: Found) =>
    one.action === "ANONYMIZED" ? `{${one.name}}` : one.group === "word" ? names.policies.word : called(one, names);
  const all = useMemo(() => pieces(text, found), [text, found]);
  return (
    <div className="told marked" role="group" aria-label={texts.marked}>
      {all.map((piece, place) => {
        const [first] = piece.found;
        if (!first) return <span key={place}>{piece.text}</span>;
        const label = [...new Set(piece.found.map(named))].join(", ");
        return (
          <mark key={place} className={`mark mark-${first.action.toLowerCase()}`}>
            {piece.text} <span className="mark-name">{label}</span>
          </mark>
        );
      })}
    </div>
  );
}

/** The metadata of a chunk or a document. */

import { useKnowledgeTexts } from "./texts";

export function Attributes({ attributes }: { attributes: unknown }) {
  const { yes, no } = useKnowledgeTexts();
  const all = Object.entries((attributes ?? {}) as Record<string, unknown>);
  return (
    <dl className="knowledge-attributes">
      {all.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === "boolean" ? (value ? yes : no) : wordsOf(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Texts as they are, lists of them with commas, and what else there may be as JSON. */
function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? value.join(", ") : JSON.stringify(value);
}

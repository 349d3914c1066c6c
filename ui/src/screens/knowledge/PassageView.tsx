/** A passage: its text with the sought words marked, and the way to its document. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Link from "@cloudscape-design/components/link";
import { useMemo } from "react";
import { follow, href } from "../../app/address";
import { Attributes } from "./Attributes";
import { marked, type Passage } from "./passages";
import { documentAt } from "./tabs";
import { useKnowledgeTexts } from "./texts";

export function PassageText({ passage, query }: { passage: Passage; query: string }) {
  const parts = useMemo(() => marked(passage.text, query), [passage.text, query]);
  return (
    <div className="told">{parts.map(({ text, found }, place) => (found ? <mark key={place}>{text}</mark> : text))}</div>
  );
}

/** Where it is from: a link where this knowledge base has its document. */
export function PassageSource({ passage, baseId }: { passage: Passage; baseId: string }) {
  const { page } = useKnowledgeTexts();
  const { name, documentId, sourceId, chunkId } = passage;
  const where = passage.page === null ? name : `${name}, ${page(passage.page)}`;
  if (!documentId || !sourceId) return <span className="told">{where}</span>;
  return (
    <Link href={href(documentAt(baseId, sourceId, documentId, chunkId))} onFollow={follow}>
      <span className="told">{where}</span>
    </Link>
  );
}

export function PassageAttributes({ passage: { attributes } }: { passage: Passage }) {
  const { metadata } = useKnowledgeTexts();
  if (Object.keys(attributes).length === 0) return null;
  return (
    <ExpandableSection headerText={metadata} variant="footer">
      <Attributes attributes={attributes} />
    </ExpandableSection>
  );
}

/** The chunks of a document: what a search finds of it. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useEffect, useRef, useState } from "react";
import { useCall } from "../../../api/polling";
import type { KnowledgeBaseChunk } from "../../../api/shapes";
import { useHash } from "../../../app/address";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats } from "../../../texts/texts";
import { Attributes } from "../Attributes";
import { type Clients, useClients } from "../clients";
import { useKnowledgeTexts } from "../texts";
import { useDocumentsTexts } from "./texts";

const PIECE = 100;

interface Named {
  baseId: string;
  sourceId: string;
  id: string;
}

/** As many as wanted, and as far as it takes to have the one that an address names. */
async function list({ craton }: Clients, { baseId, sourceId, id }: Named, most: number, wanted: string | null, signal: AbortSignal) {
  const chunks: KnowledgeBaseChunk[] = [];
  let nextToken: string | undefined;
  do {
    const asked = { knowledgeBaseId: baseId, dataSourceId: sourceId, documentId: id, maxResults: PIECE };
    const answer = await craton("ListKnowledgeBaseChunks", { ...asked, ...(nextToken && { nextToken }) }, signal);
    chunks.push(...answer.chunks);
    nextToken = answer.nextToken;
  } while (nextToken && (chunks.length < most || (wanted && !chunks.some(({ chunkId }) => chunkId === wanted))));
  return { chunks, more: nextToken !== undefined };
}

export function Chunks({ baseId, sourceId, id }: Named) {
  const own = useDocumentsTexts();
  const known = useKnowledgeTexts();
  const formats = useFormats();
  const clients = useClients();
  const [hash] = useHash();
  const wanted = hash.get("chunk");
  const [most, setMost] = useState(PIECE);
  const { answer, failure, again } = useCall(
    useCallback(
      (signal: AbortSignal) => list(clients, { baseId, sourceId, id }, most, wanted, signal),
      [clients, baseId, sourceId, id, most, wanted],
    ),
  );
  const chunks = answer?.chunks ?? [];
  const numbers = new Map(chunks.map(({ chunkId }, place) => [chunkId, place + 1]));
  const parents = new Set(chunks.map(({ parentChunkId }) => parentChunkId));
  return (
    <SpaceBetween size="m">
      <Header variant="h2" description={own.chunksText} counter={answer ? own.chunksCount(formats.number(chunks.length), answer.more) : ""}>
        {own.chunks}
      </Header>
      {failure && <Failed failure={failure} onAgain={again} />}
      {!answer && !failure && <Spinner />}
      {answer && chunks.length === 0 && <Empty title={own.noChunks} text={own.noChunksText} />}
      {chunks.map((chunk) => (
        <Chunk
          key={chunk.chunkId}
          chunk={chunk}
          number={numbers.get(chunk.chunkId) ?? 0}
          within={numbers.get(chunk.parentChunkId ?? "")}
          isParent={parents.has(chunk.chunkId)}
          wanted={chunk.chunkId === wanted}
        />
      ))}
      {answer?.more && <Button onClick={() => setMost(chunks.length + PIECE)}>{known.more}</Button>}
    </SpaceBetween>
  );
}

interface Shown {
  chunk: KnowledgeBaseChunk;
  number: number;
  /** The number of its parent. */
  within: number | undefined;
  isParent: boolean;
  wanted: boolean;
}

function Chunk({ chunk: { text, pageNumber, metadata }, number, within, isParent, wanted }: Shown) {
  const own = useDocumentsTexts();
  const known = useKnowledgeTexts();
  const formats = useFormats();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (wanted) place.current?.scrollIntoView({ block: "center" });
  }, [wanted]);
  return (
    <div ref={place} className={wanted ? "knowledge-wanted" : undefined}>
      <Container>
        <SpaceBetween size="xs">
          <div className="row">
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <Box variant="strong">{own.chunk(number)}</Box>
              {pageNumber !== undefined && <Badge>{known.page(pageNumber)}</Badge>}
              {isParent && <Badge color="blue">{own.parent}</Badge>}
              {within !== undefined && <Badge color="grey">{own.childOf(within)}</Badge>}
            </SpaceBetween>
            <Box variant="small" color="text-body-secondary">
              {own.length(formats.number(text.length))}
            </Box>
          </div>
          {isParent && (
            <Box variant="small" color="text-body-secondary">
              {own.parentText}
            </Box>
          )}
          <div className="told">{text}</div>
          <ExpandableSection headerText={own.attributes} variant="footer">
            <Attributes attributes={metadata} />
          </ExpandableSection>
        </SpaceBetween>
      </Container>
    </div>
  );
}

/** Asks whether documents are to be deleted, says what goes with them, and deletes them. */

import { DeleteKnowledgeBaseDocumentsCommand, type DeleteKnowledgeBaseDocumentsCommandInput } from "@aws-sdk/client-bedrock-agent";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Dialog } from "../../../parts/Dialog";
import type { Document } from "../asking";
import { useClients } from "../clients";
import { isSynced } from "../kinds";
import { useDocumentsTexts } from "./texts";

/** The API takes so many at once. */
const AT_ONCE = 10;
const NAMED = 5;

interface Shown {
  baseId: string;
  documents: Document[];
  onEnd: (done: boolean) => void;
}

export function DeleteDocuments({ baseId, documents, onEnd }: Shown) {
  const own = useDocumentsTexts();
  const { agent } = useClients();
  const inputs = inputsOf(baseId, documents);

  async function remove(): Promise<void> {
    for (const input of inputs) await agent.send(new DeleteKnowledgeBaseDocumentsCommand(input));
    onEnd(true);
  }

  return (
    <Dialog
      title={own.deleteTitle(documents.length)}
      action={own.delete}
      calls={inputs.map((input) => ({ service: "bedrock-agent", operation: "DeleteKnowledgeBaseDocuments", input }))}
      onAction={remove}
      onClose={() => onEnd(false)}
    >
      <SpaceBetween size="s">
        <ul className="knowledge-names">
          {documents.slice(0, NAMED).map(({ source, id, name }) => (
            <li key={`${source.id}/${id}`} className="told">
              {name}
            </li>
          ))}
          {documents.length > NAMED && <li>…</li>}
        </ul>
        <Box>{own.deleteText}</Box>
        {documents.some(({ source }) => isSynced(source.kind)) && <Box>{own.deleteSynced}</Box>}
      </SpaceBetween>
    </Dialog>
  );
}

function inputsOf(knowledgeBaseId: string, documents: Document[]): DeleteKnowledgeBaseDocumentsCommandInput[] {
  return [...bySource(documents)].flatMap(([dataSourceId, its]) =>
    Array.from({ length: Math.ceil(its.length / AT_ONCE) }, (_, part) => ({
      knowledgeBaseId,
      dataSourceId,
      documentIdentifiers: its.slice(part * AT_ONCE, (part + 1) * AT_ONCE).map(({ identifier }) => identifier),
    })),
  );
}

function bySource(documents: Document[]): Map<string, Document[]> {
  const all = new Map<string, Document[]>();
  for (const document of documents) all.set(document.source.id, [...(all.get(document.source.id) ?? []), document]);
  return all;
}

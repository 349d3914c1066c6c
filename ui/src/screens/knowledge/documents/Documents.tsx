/** The documents of a knowledge base, and where files are dropped into it. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { type Failure, failureOf } from "../../../api/failure";
import { useCall } from "../../../api/polling";
import { Failed } from "../../../parts/Failed";
import { type Base, isWorking, listDocuments, type Source } from "../asking";
import { useClients } from "../clients";
import { createUploads } from "../sources/making";
import { DocumentsTable } from "./DocumentsTable";
import { Dropzone } from "./Dropzone";
import { useDocumentsTexts } from "./texts";
import { isUnderWay, uploadsOf } from "./uploads";
import { UploadsView } from "./UploadsView";

const WATCHED_EVERY = 2000;
const PIECE = 1000;
const NOTHING = { documents: [], more: false };

interface Shown {
  base: Base;
  onChange: () => void;
}

export function Documents({ base, onChange }: Shown) {
  const own = useDocumentsTexts();
  if (base.told.knowledgeBaseConfiguration?.type === "SQL") return <Alert type="info">{own.tables}</Alert>;
  return <Files base={base} onChange={onChange} />;
}

function Files({ base, onChange }: Shown) {
  const clients = useClients();
  const baseId = base.told.knowledgeBaseId ?? "";
  const uploads = uploadsOf(clients, baseId);
  const sent = useSyncExternalStore(uploads.listen, uploads.now);
  const [most, setMost] = useState(PIECE);
  const [watched, setWatched] = useState(false);
  const ids = base.sources.map(({ id }) => id).join(" ");
  const sources = useRef(base.sources);
  sources.current = base.sources;
  const load = useCallback(
    async (signal: AbortSignal) => (ids ? listDocuments(clients, baseId, sources.current, most, signal) : NOTHING),
    [clients, baseId, ids, most],
  );
  const { answer, failure, again } = useCall(load, watched ? WATCHED_EVERY : undefined);
  const moving = sent.some(isUnderWay) || (answer?.documents.some(isWorking) ?? false);
  useEffect(() => setWatched(moving), [moving]);

  return (
    <SpaceBetween size="m">
      <Adding base={base} onFiles={(files, source) => (uploads.add(files, source), onChange())} />
      {sent.length > 0 && <UploadsView uploads={uploads} all={sent} />}
      {failure && <Failed failure={failure} onAgain={again} />}
      <DocumentsTable
        base={base}
        documents={answer?.documents ?? null}
        more={answer?.more ?? false}
        onMore={() => setMost(most + PIECE)}
        onChange={again}
      />
    </SpaceBetween>
  );
}

/** Files go into a data source for uploads; where there is none, the first of them makes one. */
function Adding({ base, onFiles }: { base: Base; onFiles: (files: File[], sourceId: string) => void }) {
  const own = useDocumentsTexts();
  const clients = useClients();
  const taking = base.sources.filter(({ kind, told }) => kind === "upload" && told.status === "AVAILABLE");
  const [chosen, setChosen] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const source = taking.find(({ id }) => id === chosen) ?? taking[0];

  async function take(files: File[]): Promise<void> {
    setFailure(null);
    try {
      onFiles(files, source?.id ?? (await createUploads(clients, base)));
    } catch (error) {
      setFailure(failureOf(error));
    }
  }

  return (
    <SpaceBetween size="xs">
      {taking.length > 1 && <Into sources={taking} chosen={source} onChoose={setChosen} />}
      <Dropzone onFiles={(files) => files.length > 0 && void take(files)} />
      {!source && (
        <Box variant="small" color="text-body-secondary">
          {own.makesSource}
        </Box>
      )}
      {failure && <Failed failure={failure} />}
    </SpaceBetween>
  );
}

function Into({ sources, chosen, onChoose }: { sources: Source[]; chosen: Source | undefined; onChoose: (id: string) => void }) {
  return (
    <FormField label={useDocumentsTexts().into}>
      <Select
        selectedOption={chosen ? { value: chosen.id, label: chosen.name } : null}
        options={sources.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={({ detail }) => onChoose(detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}

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
import { isWrong, type Metadata, metadataOf, NOTHING } from "../metadata/metadata";
import { Telling } from "../metadata/Telling";
import { type Prepared, Waiting } from "../metadata/Waiting";
import { createUploads } from "../sources/making";
import { DocumentsTable } from "./DocumentsTable";
import { Dropzone } from "./Dropzone";
import { useDocumentsTexts } from "./texts";
import { isUnderWay, uploadsOf } from "./uploads";
import { UploadsView } from "./UploadsView";

const WATCHED_EVERY = 2000;
const PIECE = 1000;
const NO_DOCUMENTS = { documents: [], more: false };

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
    async (signal: AbortSignal) => (ids ? listDocuments(clients, baseId, sources.current, most, signal) : NO_DOCUMENTS),
    [clients, baseId, ids, most],
  );
  const { answer, failure, again } = useCall(load, watched ? WATCHED_EVERY : undefined);
  const moving = sent.some(isUnderWay) || (answer?.documents.some(isWorking) ?? false);
  useEffect(() => setWatched(moving), [moving]);

  return (
    <SpaceBetween size="m">
      <Adding base={base} onFiles={(files, source, metadata) => (uploads.add(files, source, metadata), onChange())} />
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
function Adding({ base, onFiles }: { base: Base; onFiles: (files: File[], sourceId: string, metadata: Metadata) => void }) {
  const own = useDocumentsTexts();
  const clients = useClients();
  const taking = base.sources.filter(({ kind, told }) => kind === "upload" && told.status === "AVAILABLE");
  const [chosen, setChosen] = useState("");
  const [failure, setFailure] = useState<Failure | null>(null);
  const [draft, setDraft] = useState(NOTHING);
  const [tried, setTried] = useState(false);
  const [each, setEach] = useState(false);
  const [prepared, setPrepared] = useState<Prepared[]>([]);
  const source = taking.find(({ id }) => id === chosen) ?? taking[0];
  // Files that are dropped while it is being made wait for the same one.
  const making = useRef<Promise<string> | null>(null);
  useEffect(() => {
    if (source) making.current = null;
  }, [source]);

  async function send(all: { files: File[]; metadata: Metadata }[]): Promise<void> {
    setFailure(null);
    try {
      const sourceId = source?.id ?? (await (making.current ??= createUploads(clients, base)));
      for (const { files, metadata } of all) onFiles(files, sourceId, metadata);
      setPrepared([]);
    } catch (error) {
      making.current = null;
      setFailure(failureOf(error));
    }
  }

  /** What cannot be told as it stands is first mended, and no file is lost meanwhile. */
  function take(files: File[]): void {
    setTried(true);
    if (each || prepared.length > 0 || isWrong(draft)) setPrepared([...prepared, ...files.map((file) => ({ file, draft: null }))]);
    else void send([{ files, metadata: metadataOf(draft) }]);
  }

  return (
    <SpaceBetween size="xs">
      {taking.length > 1 && <Into sources={taking} chosen={source} onChoose={setChosen} />}
      <Dropzone onFiles={(files) => files.length > 0 && take(files)} />
      {!source && (
        <Box variant="small" color="text-body-secondary">
          {own.makesSource}
        </Box>
      )}
      <Telling
        draft={draft}
        tried={tried}
        onChange={setDraft}
        place={{ knowledgeBaseId: base.told.knowledgeBaseId ?? "", dataSourceId: source?.id ?? "DATASOURCE" }}
        each={each}
        onEach={setEach}
      />
      {prepared.length > 0 && (
        <Waiting
          prepared={prepared}
          common={draft}
          onChange={setPrepared}
          onSend={() => void send(prepared.map((one) => ({ files: [one.file], metadata: metadataOf(one.draft ?? draft) })))}
        />
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

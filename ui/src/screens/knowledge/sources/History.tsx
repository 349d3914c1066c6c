/** All syncs of a data source, and what one of them did. Which one is shown stands behind the # of the address. */

import type { IngestionJobSummary } from "@aws-sdk/client-bedrock-agent";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Table from "@cloudscape-design/components/table";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { useHash } from "../../../app/address";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import type { Source } from "../asking";
import { useClients } from "../clients";
import { Status } from "../Status";
import { Job } from "./Job";
import { getJob, isRunning, listJobs } from "./jobs";
import { useSyncing } from "./Syncing";
import { useSourcesTexts } from "./texts";

const MOST = 100;

export function History({ baseId, source }: { baseId: string; source: Source }) {
  const own = useSourcesTexts();
  const clients = useClients();
  const [round, setRound] = useState(0);
  const [hash] = useHash();
  const chosen = hash.get("job");
  const { buttons, shown } = useSyncing(baseId, source, () => setRound((before) => before + 1));
  const { answer, failure, again } = useCall(
    useCallback((signal: AbortSignal) => listJobs(clients, baseId, source.id, MOST, signal), [clients, baseId, source.id, round]),
  );
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" actions={buttons}>{own.lastSync}</Header>}>{shown}</Container>
      {failure && <Failed failure={failure} onAgain={again} />}
      <Jobs jobs={answer} chosen={chosen} />
      {chosen && <Chosen key={chosen} baseId={baseId} source={source} id={chosen} />}
    </SpaceBetween>
  );
}

function Jobs({ jobs, chosen }: { jobs: IngestionJobSummary[] | null; chosen: string | null }) {
  const own = useSourcesTexts();
  const texts = useTexts();
  const formats = useFormats();
  const [, change] = useHash();
  return (
    <Table<IngestionJobSummary>
      items={jobs ?? []}
      loading={jobs === null}
      loadingText={texts.loading}
      trackBy="ingestionJobId"
      wrapLines
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: own.history }}
      header={
        <Header variant="h2" description={own.historyText}>
          {own.history}
        </Header>
      }
      empty={<Empty title={own.noJobs} text={own.noJobsText} />}
      columnDefinitions={[
        {
          id: "started",
          header: own.started,
          isRowHeader: true,
          minWidth: 190,
          cell: ({ ingestionJobId = "", startedAt }) => (
            <Link
              href={`#job=${ingestionJobId}`}
              onFollow={(event) => {
                event.preventDefault();
                change({ job: chosen === ingestionJobId ? null : ingestionJobId });
              }}
            >
              {startedAt ? formats.time(startedAt) : ingestionJobId}
            </Link>
          ),
        },
        { id: "status", header: own.status, minWidth: 140, cell: ({ status }) => <Status status={status} /> },
        {
          id: "took",
          header: own.took,
          minWidth: 90,
          cell: (job) => (isRunning(job) ? "–" : formats.duration(Number(job.updatedAt) - Number(job.startedAt))),
        },
        ...(["numberOfDocumentsScanned", "numberOfNewDocumentsIndexed", "numberOfModifiedDocumentsIndexed", "numberOfDocumentsDeleted", "numberOfDocumentsFailed"] as const).map(
          (name) => ({
            id: name,
            header: own.statistics[name],
            minWidth: 90,
            cell: ({ statistics }: IngestionJobSummary) => formats.number(statistics?.[name] ?? 0),
          }),
        ),
      ]}
    />
  );
}

function Chosen({ baseId, source, id }: { baseId: string; source: Source; id: string }) {
  const own = useSourcesTexts();
  const clients = useClients();
  const { answer, failure, again } = useCall(
    useCallback((signal: AbortSignal) => getJob(clients, baseId, source.id, id, signal), [clients, baseId, source.id, id]),
  );
  return (
    <Container header={<Header variant="h2">{own.job}</Header>}>
      <SpaceBetween size="s">
        {failure ? <Failed failure={failure} onAgain={again} /> : answer ? <Job job={answer} name={source.name} /> : <Spinner />}
      </SpaceBetween>
    </Container>
  );
}

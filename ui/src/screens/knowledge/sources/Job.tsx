/** What an ingestion job has done so far, and why documents failed. */

import type { IngestionJob, IngestionJobSummary } from "@aws-sdk/client-bedrock-agent";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Link from "@cloudscape-design/components/link";
import LiveRegion from "@cloudscape-design/components/live-region";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { follow, href } from "../../../app/address";
import { useFormats } from "../../../texts/texts";
import { Status } from "../Status";
import { baseAt } from "../tabs";
import { useKnowledgeTexts } from "../texts";
import { isRunning, sentencesIn, STATISTICS } from "./jobs";
import { useSourcesTexts } from "./texts";

export function Job({ job, name }: { job: IngestionJob; name: string }) {
  const own = useSourcesTexts();
  const { statuses } = useKnowledgeTexts();
  const reasons = job.failureReasons ?? [];
  const failed = job.statistics?.numberOfDocumentsFailed ?? 0;
  return (
    <SpaceBetween size="s">
      <div className="row">
        <Status status={job.status} />
        <Times job={job} />
      </div>
      <LiveRegion hidden>{isRunning(job) ? "" : own.announced(name, (statuses as Record<string, string>)[job.status ?? ""] ?? "")}</LiveRegion>
      <Figures job={job} />
      {reasons.length > 0 && (
        <ExpandableSection headerText={own.failures(reasons.length)} defaultExpanded={job.status === "FAILED"}>
          <SpaceBetween size="xs">
            <ul className="knowledge-names">
              {reasons.flatMap(sentencesIn).map((sentence, place) => (
                <li key={place} className="told">
                  {sentence}
                </li>
              ))}
            </ul>
          </SpaceBetween>
        </ExpandableSection>
      )}
      {failed > 0 && (
        <Link
          href={href(`${baseAt(job.knowledgeBaseId ?? "")}#status=failed&source=${job.dataSourceId ?? ""}`)}
          onFollow={follow}
        >
          {own.seeFailed}
        </Link>
      )}
    </SpaceBetween>
  );
}

function Times({ job }: { job: IngestionJob }) {
  const own = useSourcesTexts();
  const formats = useFormats();
  const { startedAt, updatedAt } = job;
  if (!startedAt) return null;
  const took = !isRunning(job) && updatedAt ? ` · ${own.took} ${formats.duration(Number(updatedAt) - Number(startedAt))}` : "";
  return (
    <Box variant="small" color="text-body-secondary">
      {`${own.started} ${formats.time(startedAt)}${took}`}
    </Box>
  );
}

/** Those that count something; the first four always. */
export function Figures({ job: { statistics } }: { job: IngestionJob | IngestionJobSummary }) {
  const own = useSourcesTexts();
  const formats = useFormats();
  const shown = STATISTICS.filter((name, place) => place < 4 || (statistics?.[name] ?? 0) > 0);
  return (
    <dl className="knowledge-figures">
      {shown.map((name) => (
        <div key={name} className={name === "numberOfDocumentsFailed" ? "knowledge-bad" : undefined}>
          <dt>{own.statistics[name]}</dt>
          <dd>{formats.number(statistics?.[name] ?? 0)}</dd>
        </div>
      ))}
    </dl>
  );
}

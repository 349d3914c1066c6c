/** One data source: what it is, its syncs, and the end of it. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useCallback, useState } from "react";
import { useCall } from "../../../api/polling";
import { follow, go, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats, useTexts } from "../../../texts/texts";
import { getBase, type Source } from "../asking";
import { useClients } from "../clients";
import { isSynced } from "../kinds";
import { Status } from "../Status";
import { baseAt } from "../tabs";
import { useKnowledgeTexts } from "../texts";
import { DeleteSource } from "./DeleteSource";
import { STRATEGIES, type Strategy } from "./draft";
import { countsAtSync, type Meaning } from "./editing/editing";
import { EditSource } from "./editing/EditSource";
import { useEditingTexts } from "./editing/texts";
import { History } from "./History";
import { useSourcesTexts } from "./texts";

export function SourceView({ baseId, id }: { baseId: string; id: string }) {
  const texts = useTexts();
  const own = useSourcesTexts();
  const changing = useEditingTexts();
  const clients = useClients();
  const [deleting, setDeleting] = useState(false);
  const [editing, setEditing] = useState(false);
  const [saved, setSaved] = useState<Meaning[] | null>(null);
  const { answer, failure, again } = useCall(useCallback((signal: AbortSignal) => getBase(clients, baseId, signal), [clients, baseId]));
  const source = answer?.sources.find((each) => each.id === id);
  const place = { knowledgeBaseId: baseId, dataSourceId: id };
  return (
    <Page
      title={source?.name ?? id}
      above={[
        { text: texts.screens.knowledge, href: href("/knowledge") },
        { text: answer?.told.name ?? baseId, href: href(baseAt(baseId, "sources")) },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ApiCall
            calls={[
              { service: "bedrock-agent", operation: "GetDataSource", input: place },
              { service: "bedrock-agent", operation: "StartIngestionJob", input: place },
              { service: "bedrock-agent", operation: "ListIngestionJobs", input: place },
            ]}
          />
          {source && !editing && (
            <Button
              disabled={source.told.status !== "AVAILABLE"}
              onClick={() => {
                setEditing(true);
                setSaved(null);
              }}
            >
              {changing.edit}
            </Button>
          )}
          {source && <Button onClick={() => setDeleting(true)}>{own.delete}</Button>}
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {failure && <Failed failure={failure} onAgain={again} />}
        {!answer && !failure && <Spinner size="large" />}
        {answer && !source && (
          <Empty title={own.unknown} text={own.unknownText(id)}>
            <Button href={href(baseAt(baseId, "sources"))} onFollow={follow}>
              {own.back}
            </Button>
          </Empty>
        )}
        {saved && (
          <Alert type="success" dismissible onDismiss={() => setSaved(null)}>
            {countsAtSync(saved) ? changing.savedSync : changing.saved}
          </Alert>
        )}
        {source && editing && (
          <EditSource
            baseId={baseId}
            source={source}
            cut={cutOf(source, own.strategies)}
            onClose={() => setEditing(false)}
            onSaved={(meanings) => {
              setEditing(false);
              setSaved(meanings);
              again();
            }}
          />
        )}
        {source && !editing && <About source={source} />}
        {source && isSynced(source.kind) && <History baseId={baseId} source={source} />}
        {source && deleting && (
          <DeleteSource
            baseId={baseId}
            source={source}
            onEnd={(done) => {
              setDeleting(false);
              if (done) go(baseAt(baseId, "sources"));
            }}
          />
        )}
      </SpaceBetween>
    </Page>
  );
}

/** How its documents are cut, in words. */
function cutOf({ told }: Source, strategies: Record<Strategy, string>): string {
  const { chunkingStrategy = "DEFAULT" } = told.vectorIngestionConfiguration?.chunkingConfiguration ?? {};
  const known = STRATEGIES.find((each) => each === chunkingStrategy);
  return known ? strategies[known] : chunkingStrategy;
}

function About({ source }: { source: Source }) {
  const { id, kind, where, told } = source;
  const known = useKnowledgeTexts();
  const own = useSourcesTexts();
  const changing = useEditingTexts();
  const formats = useFormats();
  const { inclusionFilters = [], exclusionFilters = [], crawlerLimits } = told.dataSourceConfiguration?.webConfiguration?.crawlerConfiguration ?? {};
  return (
    <Container header={<Header variant="h2">{own.about}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: own.kindName, value: known.kinds[kind] },
          ...(where ? [{ label: own.where, value: <span className="told">{where}</span> }] : []),
          { label: own.status, value: <Status status={told.status} /> },
          ...(told.description ? [{ label: changing.description, value: told.description }] : []),
          { label: own.cut, value: cutOf(source, own.strategies) },
          ...(inclusionFilters.length > 0 ? [{ label: changing.inclusion, value: <span className="told">{inclusionFilters.join("\n")}</span> }] : []),
          ...(exclusionFilters.length > 0 ? [{ label: changing.exclusion, value: <span className="told">{exclusionFilters.join("\n")}</span> }] : []),
          ...(crawlerLimits?.maxPages ? [{ label: own.maxPages, value: formats.number(crawlerLimits.maxPages) }] : []),
          ...(crawlerLimits?.rateLimit ? [{ label: changing.rate, value: formats.number(crawlerLimits.rateLimit) }] : []),
          { label: own.policy, value: own.policies[told.dataDeletionPolicy === "RETAIN" ? "RETAIN" : "DELETE"] },
          { label: own.created, value: told.createdAt ? formats.time(told.createdAt) : "–" },
          { label: own.id, value: id },
        ]}
      />
    </Container>
  );
}

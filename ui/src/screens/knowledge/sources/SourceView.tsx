/** One data source: what it is, its syncs, and the end of it. */

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
import { STRATEGIES } from "./draft";
import { History } from "./History";
import { useSourcesTexts } from "./texts";

export function SourceView({ baseId, id }: { baseId: string; id: string }) {
  const texts = useTexts();
  const own = useSourcesTexts();
  const clients = useClients();
  const [deleting, setDeleting] = useState(false);
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
        {source && <About source={source} />}
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

function About({ source: { id, kind, where, told } }: { source: Source }) {
  const known = useKnowledgeTexts();
  const own = useSourcesTexts();
  const formats = useFormats();
  const { chunkingStrategy = "DEFAULT" } = told.vectorIngestionConfiguration?.chunkingConfiguration ?? {};
  const cut = STRATEGIES.find((each) => each === chunkingStrategy);
  return (
    <Container header={<Header variant="h2">{own.about}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: own.kindName, value: known.kinds[kind] },
          ...(where ? [{ label: own.where, value: <span className="told">{where}</span> }] : []),
          { label: own.status, value: <Status status={told.status} /> },
          { label: own.cut, value: cut ? own.strategies[cut] : chunkingStrategy },
          { label: own.policy, value: own.policies[told.dataDeletionPolicy === "RETAIN" ? "RETAIN" : "DELETE"] },
          { label: own.created, value: told.createdAt ? formats.time(told.createdAt) : "–" },
          { label: own.id, value: id },
        ]}
      />
    </Container>
  );
}

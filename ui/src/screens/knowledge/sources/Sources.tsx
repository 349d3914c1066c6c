/** The data sources of a knowledge base, and how far each is synced. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { follow, href } from "../../../app/address";
import { Empty } from "../../../parts/Empty";
import type { Base, Source } from "../asking";
import { isSynced } from "../kinds";
import { Status } from "../Status";
import { baseAt, sourceAt } from "../tabs";
import { useKnowledgeTexts } from "../texts";
import { useSyncing } from "./Syncing";
import { useSourcesTexts } from "./texts";

export function Sources({ base, onChange }: { base: Base; onChange: () => void }) {
  const own = useSourcesTexts();
  const baseId = base.told.knowledgeBaseId ?? "";
  const adding = (
    <Button href={href(`${baseAt(baseId, "sources")}/new`)} onFollow={follow}>
      {own.add}
    </Button>
  );
  const tables = base.told.knowledgeBaseConfiguration?.type === "SQL";
  return (
    <SpaceBetween size="m">
      <Header variant="h2" counter={`(${base.sources.length})`} description={own.text} actions={base.sources.length > 0 && !tables && adding}>
        {own.title}
      </Header>
      {base.sources.length === 0 && (
        <Empty title={own.none} text={own.noneText}>
          {!tables && adding}
        </Empty>
      )}
      {base.sources.map((source) =>
        isSynced(source.kind) ? (
          <Synced key={source.id} baseId={baseId} source={source} onChange={onChange} />
        ) : (
          <Shown key={source.id} baseId={baseId} source={source} buttons={null}>
            <Box color="text-body-secondary">{own.uploadsText}</Box>
          </Shown>
        ),
      )}
    </SpaceBetween>
  );
}

function Synced({ baseId, source, onChange }: { baseId: string; source: Source; onChange: () => void }) {
  const { buttons, shown } = useSyncing(baseId, source, onChange);
  return (
    <Shown baseId={baseId} source={source} buttons={buttons}>
      {shown}
    </Shown>
  );
}

interface Contents {
  baseId: string;
  source: Source;
  buttons: ReactNode;
  children: ReactNode;
}

function Shown({ baseId, source, buttons, children }: Contents) {
  const { kinds } = useKnowledgeTexts();
  const { told, kind, where, name, id } = source;
  return (
    <Container
      header={
        <Header variant="h3" actions={buttons} description={<span className="told">{where ? `${kinds[kind]} · ${where}` : kinds[kind]}</span>}>
          <Link href={href(sourceAt(baseId, id))} onFollow={follow} fontSize="heading-s">
            {name}
          </Link>
        </Header>
      }
    >
      <SpaceBetween size="s">
        {told.status !== "AVAILABLE" && <Status status={told.status} />}
        {(told.failureReasons ?? []).map((reason) => (
          <Box key={reason}>{reason}</Box>
        ))}
        {children}
      </SpaceBetween>
    </Container>
  );
}

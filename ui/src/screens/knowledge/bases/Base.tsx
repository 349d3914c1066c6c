/** One knowledge base: its documents, where they come from, what is found in them, and what it is made of. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import type { Call } from "../../../api/call";
import { useCall } from "../../../api/polling";
import { follow, go, href } from "../../../app/address";
import { Page } from "../../../app/Page";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useTexts } from "../../../texts/texts";
import { type Base as Told, getBase, isChanging } from "../asking";
import { Chat } from "../chat/Chat";
import { useClients } from "../clients";
import { Documents } from "../documents/Documents";
import { Sources } from "../sources/Sources";
import { Status } from "../Status";
import { baseAt, type Tab, TABS } from "../tabs";
import { Testing } from "../testing/Testing";
import { useKnowledgeTexts } from "../texts";
import { Settings } from "../settings/Settings";
import { useBasesTexts } from "./texts";

/** In milliseconds: what others do is seen at some time, and what is being changed soon. */
const RARELY = 10_000;
const OFTEN = 1500;

export function Base({ id, tab }: { id: string; tab: Tab }) {
  const texts = useTexts();
  const known = useKnowledgeTexts();
  const own = useBasesTexts();
  const clients = useClients();
  const load = useCallback((signal: AbortSignal) => getBase(clients, id, signal), [clients, id]);
  const [moving, setMoving] = useState(false);
  const { answer, failure, again } = useCall(load, moving ? OFTEN : RARELY);
  const changing = answer ? [answer.told, ...answer.sources.map(({ told }) => told)].some(isChanging) : false;
  useEffect(() => setMoving(changing), [changing]);
  const gone = failure?.code === "ResourceNotFoundException";
  return (
    <Page
      title={gone ? known.unknown : (answer?.told.name ?? id)}
      part={tab === "documents" ? undefined : own.tabs[tab]}
      above={[{ text: texts.screens.knowledge, href: href("/knowledge") }]}
      description={answer?.told.description}
      actions={<ApiCall calls={callsOf(id)} />}
    >
      {gone ? (
        <Empty title={known.unknown} text={known.unknownText(id)}>
          <Button href={href("/knowledge")} onFollow={follow}>
            {known.all}
          </Button>
        </Empty>
      ) : (
        <SpaceBetween size="m">
          {failure && <Failed failure={failure} onAgain={again} />}
          {answer ? <Parts base={answer} tab={tab} onChange={again} /> : !failure && <Spinner size="large" />}
          {answer && answer.told.status !== "ACTIVE" && <Trouble base={answer} text={own.failures} />}
        </SpaceBetween>
      )}
    </Page>
  );
}

function Parts({ base, tab, onChange }: { base: Told; tab: Tab; onChange: () => void }) {
  const own = useBasesTexts();
  const id = base.told.knowledgeBaseId ?? "";
  const shown: Record<Tab, ReactNode> = {
    documents: <Documents base={base} onChange={onChange} />,
    sources: <Sources base={base} onChange={onChange} />,
    test: <Testing base={base} />,
    chat: <Chat base={base} />,
    settings: <Settings base={base} onChange={onChange} />,
  };
  return (
    <Tabs
      activeTabId={tab}
      ariaLabel={base.told.name ?? id}
      tabs={TABS.map((each) => ({ id: each, label: own.tabs[each], href: href(baseAt(id, each)), content: each === tab ? shown[each] : null }))}
      onChange={({ detail }) => go(baseAt(id, detail.activeTabId as Tab))}
    />
  );
}

function Trouble({ base: { told }, text }: { base: Told; text: string }) {
  return (
    <SpaceBetween size="xs">
      <Status status={told.status} />
      {told.failureReasons?.length ? <div className="told">{`${text}: ${told.failureReasons.join("\n")}`}</div> : null}
    </SpaceBetween>
  );
}

function callsOf(knowledgeBaseId: string): Call[] {
  return [
    { service: "bedrock-agent", operation: "GetKnowledgeBase", input: { knowledgeBaseId } },
    { service: "bedrock-agent", operation: "ListDataSources", input: { knowledgeBaseId } },
  ];
}

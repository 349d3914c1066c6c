/** Questions to a knowledge base, answered by a model that says where each sentence is from. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import LiveRegion from "@cloudscape-design/components/live-region";
import PromptInput from "@cloudscape-design/components/prompt-input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useEffect, useRef, useState } from "react";
import { useCall } from "../../../api/polling";
import { follow, href } from "../../../app/address";
import { ApiCall } from "../../../parts/ApiCall";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFollowing } from "../../../parts/useFollowing";
import type { Base } from "../asking";
import { useClients } from "../clients";
import { textModels } from "../models";
import { ChatSettings, type Settings } from "./ChatSettings";
import { useChatTexts } from "./texts";
import { inputFor } from "./talk";
import { TurnView } from "./TurnView";
import { useTalk } from "./useTalk";

export function Chat({ base }: { base: Base }) {
  const own = useChatTexts();
  if (base.told.knowledgeBaseConfiguration?.type === "MANAGED") return <Alert type="info">{own.managed}</Alert>;
  return <Talk base={base} />;
}

function Talk({ base }: { base: Base }) {
  const own = useChatTexts();
  const clients = useClients();
  const baseId = base.told.knowledgeBaseId ?? "";
  const models = useCall(useCallback((signal: AbortSignal) => textModels(clients, signal), [clients]));
  const [settings, setSettings] = useState<Settings>({ model: "", results: 5 });
  const [draft, setDraft] = useState("");
  const { talk, busy, cleared, ask, stop, clear, bringBack } = useTalk(clients, baseId);
  const entered = useRef(false);
  // Sent before it was known which models there are.
  const [early, setEarly] = useState(false);
  useFollowing(talk, talk.turns.at(-1)?.id);
  const isTables = base.told.knowledgeBaseConfiguration?.type === "SQL";
  const model = models.answer?.find(({ arn }) => arn === settings.model) ?? models.answer?.[0];
  const choices = { modelArn: model?.arn ?? "", results: isTables ? null : settings.results };
  const question = draft.trim();

  function send(): void {
    setEarly(!model && question !== "");
    if (!question || !model || busy) return;
    ask(question, choices);
    setDraft("");
  }

  useEffect(() => {
    if (early && model) send();
  });

  /** Enter sends; it stops nothing. */
  function act(): void {
    const byEnter = entered.current;
    entered.current = false;
    if (!busy) send();
    else if (!byEnter) stop();
  }

  if (models.answer?.length === 0) {
    return (
      <Empty title={own.noModels} text={own.noModelsText}>
        <Button href={href("/models")} onFollow={follow}>
          {own.toModels}
        </Button>
      </Empty>
    );
  }
  const next = question ? [inputFor(baseId, choices, question, talk.sessionId)] : talk.turns.slice(-1).map(({ input }) => input);
  return (
    <div className="knowledge-chat" onKeyDown={({ key }) => key === "Escape" && busy && stop()}>
      {models.failure && <Failed failure={models.failure} onAgain={models.again} />}
      <div className="row">
        <ChatSettings settings={{ ...settings, model: model?.arn ?? "" }} models={models.answer} onChange={setSettings} />
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="add-plus" disabled={talk.turns.length === 0} onClick={clear}>
            {own.clear}
          </Button>
          <ApiCall calls={next.map((input) => ({ service: "bedrock-agent-runtime", operation: "RetrieveAndGenerateStream", input }))} />
        </SpaceBetween>
      </div>
      <div className="turns">
        {cleared && (
          <Alert type="info" action={<Button onClick={bringBack}>{own.back}</Button>}>
            {own.cleared}
          </Alert>
        )}
        {talk.turns.length === 0 && <Empty title={own.empty} text={own.emptyText} />}
        {talk.turns.map((turn, place) => (
          <TurnView key={turn.id} turn={turn} place={place + 1} baseId={baseId} />
        ))}
      </div>
      <LiveRegion hidden>{!busy && talk.turns.length > 0 ? own.announced : ""}</LiveRegion>
      <div className="composer">
        <PromptInput
          value={draft}
          ariaLabel={own.prompt}
          placeholder={own.promptHint}
          minRows={2}
          maxRows={8}
          actionButtonIconName={busy ? "stop-circle" : "send"}
          actionButtonAriaLabel={busy ? own.stop : own.send}
          disableActionButton={!busy && (!question || !model)}
          onChange={({ detail }) => setDraft(detail.value)}
          onKeyDown={({ detail }) => {
            entered.current = detail.key === "Enter";
          }}
          onAction={act}
        />
      </div>
    </div>
  );
}

/** A conversation with one model, or with up to four that answer the same. */

import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import LiveRegion from "@cloudscape-design/components/live-region";
import PromptInput from "@cloudscape-design/components/prompt-input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useEffect, useState } from "react";
import type { Call } from "../../api/call";
import { listTextModels, type Model } from "../../api/models";
import { useCall } from "../../api/polling";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Code } from "../../parts/Code";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";
import { FIRST } from "../home/Installed";
import { Choosing } from "./Choosing";
import { type Conversation, inputFor, wrong } from "./conversation";
import { linkTo } from "./link";
import { Settings } from "./Settings";
import { TurnView } from "./TurnView";
import { useFollowing } from "./useFollowing";
import { usePlayground } from "./usePlayground";

export default function Playground() {
  const texts = useTexts();
  const { playground } = texts;
  const { api } = useSession();
  const models = useCall(useCallback((signal: AbortSignal) => listTextModels(api, signal), [api]));
  const { conversation, change, send, stop, busy } = usePlayground(api);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const { slots, settings, turns, draft } = conversation;
  const known = models.answer ?? [];
  const nameOf = (id: string) => known.find((model) => model.id === id)?.name ?? id;
  const ready = slots.some(({ modelId }) => modelId) && Object.keys(wrong(settings)).length === 0;
  useFirst(known, conversation, (modelId) => change({ type: "chosen", slot: slots[0]?.id ?? 0, modelId }));
  useFollowing(turns, turns.at(-1)?.id);

  function sendDraft(text = draft): void {
    if (text.trim() && ready) send(text.trim());
  }

  return (
    <Page
      title={texts.screens.playground}
      description={playground.text}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button iconName="remove" disabled={turns.length === 0} onClick={() => (stop(), change({ type: "cleared" }))}>
            {playground.clear}
          </Button>
          <Share conversation={conversation} />
          <ApiCall text={playground.viewCode} calls={ready ? callsOf(conversation) : []} />
        </SpaceBetween>
      }
      drawer={{
        content: {
          id: "settings",
          trigger: { iconName: "settings" },
          resizable: true,
          defaultSize: 320,
          ariaLabels: {
            drawerName: playground.settings,
            triggerButton: playground.openSettings,
            closeButton: playground.closeSettings,
            resizeHandle: playground.resizeSettings,
          },
          content: <Settings settings={settings} onChange={(changed) => change({ type: "settings", settings: changed })} />,
        },
        open: settingsOpen,
        onChange: setSettingsOpen,
      }}
    >
      <div className="playground" onKeyDown={({ key }) => key === "Escape" && busy && stop()}>
        {models.failure && <Failed failure={models.failure} onAgain={models.again} />}
        {models.answer?.length === 0 ? (
          <Empty title={playground.noModels} text={playground.noModelsText}>
            <Code code={FIRST} language="shell" label={texts.models.fetch} />
          </Empty>
        ) : (
          <Choosing models={known} loading={models.loading} slots={slots} change={change} />
        )}
        <div className="turns">
          {turns.length === 0 && models.answer?.length !== 0 && <Beginning onAsk={sendDraft} disabled={!ready} />}
          {turns.map((turn, place) => (
            <TurnView
              key={turn.id}
              turn={turn}
              place={place}
              slots={slots}
              nameOf={nameOf}
              onSend={(text) => ready && send(text, place)}
            />
          ))}
        </div>
        <LiveRegion hidden>{!busy && turns.length > 0 ? playground.announced(slots.length) : ""}</LiveRegion>
        <div className="composer">
          <PromptInput
            value={draft}
            ariaLabel={playground.prompt}
            placeholder={playground.promptHint}
            minRows={2}
            maxRows={10}
            actionButtonIconName={busy ? "stop-circle" : "send"}
            actionButtonAriaLabel={busy ? playground.stopAll : playground.send}
            disableActionButton={!busy && (!draft.trim() || !ready)}
            onChange={({ detail }) => change({ type: "draft", draft: detail.value })}
            onAction={() => (busy ? stop() : sendDraft())}
          />
        </div>
      </div>
    </Page>
  );
}

/** The calls that sending the draft makes; without one, those that were made last. */
function callsOf(conversation: Conversation): Call[] {
  const { slots, turns, draft } = conversation;
  const text = draft.trim();
  const inputs = text
    ? slots.filter(({ modelId }) => modelId).map((slot) => inputFor(conversation, slot, text, turns.length))
    : slots.map(({ id }) => turns.at(-1)?.answers[id]?.input ?? null);
  return inputs
    .filter((input) => input !== null)
    .map((input) => ({ service: "bedrock-runtime", operation: "ConverseStream", input }));
}

function Beginning({ onAsk, disabled }: { onAsk: (text: string) => void; disabled: boolean }) {
  const { playground } = useTexts();
  return (
    <Empty title={playground.empty} text={playground.emptyText}>
      <div className="examples">
        {playground.examples.map((example) => (
          <Button key={example} disabled={disabled} onClick={() => onAsk(example)}>
            {example}
          </Button>
        ))}
      </div>
    </Empty>
  );
}

/** The link is made as the conversation changes, so that a click copies it at once, as browsers want. */
function Share({ conversation }: { conversation: Conversation }) {
  const texts = useTexts();
  const [link, setLink] = useState("");
  useEffect(() => {
    let wanted = true;
    const waiting = setTimeout(() => void linkTo(conversation, location.href).then((made) => wanted && setLink(made)), 200);
    return () => {
      wanted = false;
      clearTimeout(waiting);
    };
  }, [conversation]);
  return (
    <CopyToClipboard
      variant="button"
      copyButtonText={texts.playground.share}
      textToCopy={link}
      copySuccessText={texts.playground.shared}
      copyErrorText={texts.notCopied}
    />
  );
}

/** Somebody who has chosen nothing has the first model. */
function useFirst(models: Model[], { slots }: Conversation, choose: (modelId: string) => void): void {
  const first = models[0]?.id;
  const none = slots.every(({ modelId }) => !modelId);
  useEffect(() => {
    if (first && none) choose(first);
  });
}


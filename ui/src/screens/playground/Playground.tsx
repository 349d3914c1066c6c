/** A conversation with one model, or with up to four that answer the same. */

import Button from "@cloudscape-design/components/button";
import LiveRegion from "@cloudscape-design/components/live-region";
import type { PromptInputProps } from "@cloudscape-design/components/prompt-input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useCallback, useEffect, useRef, useState } from "react";
import "./playground.css";
import type { Call } from "../../api/call";
import { listTextModels, type Model } from "../../api/models";
import { useCall } from "../../api/polling";
import { follow, href } from "../../app/address";
import { Page } from "../../app/Page";
import { useSession } from "../../app/session";
import { ApiCall } from "../../parts/ApiCall";
import { Empty } from "../../parts/Empty";
import { Failed } from "../../parts/Failed";
import { useTexts } from "../../texts/texts";
import { Choosing } from "./Choosing";
import { Composer } from "./Composer";
import { Keeping, Notes, Replaced, SettingsWrong } from "./Keeping";
import { Settings } from "./settings/Settings";
import { wrong } from "./settings/settings";
import { asksTools } from "./talk/answer";
import { type Conversation, filesOf, type Said } from "./talk/conversation";
import { inputFor } from "./talk/input";
import { usePlaygroundTexts } from "./texts/texts";
import { TurnView } from "./TurnView";
import { useFollowing } from "../../parts/useFollowing";
import { usePlayground } from "./usePlayground";

export default function Playground() {
  const { screens } = useTexts();
  const texts = usePlaygroundTexts();
  const { api } = useSession();
  const models = useCall(useCallback((signal: AbortSignal) => listTextModels(api, signal), [api]));
  const [settingsOpen, setSettingsOpen] = useState(false);
  const [edited, setEdited] = useState<{ turn: number; said: Said } | null>(null);
  const [strange, setStrange] = useState<string | null>(null);
  const unreadable = useCallback(() => setStrange(""), []);
  const { conversation, change, replace, replaced, send, proceed, again, stop, busy } = usePlayground(api, unreadable);
  const composer = useRef<PromptInputProps.Ref>(null);
  const { slots, settings, turns, draft, lost } = conversation;
  const known = models.answer ?? [];
  const nameOf = (id: string) => known.find((model) => model.id === id)?.name ?? id;
  const mistaken = Object.keys(wrong(settings)).length > 0;
  const ready = slots.some(({ modelId }) => modelId) && !mistaken;
  const awaited = Object.values(turns.at(-1)?.answers ?? {}).some((answers) => answers.slice(-1).some(asksTools));
  const sighted = allSee(known, conversation);
  useFirst(known, conversation, (modelId) => change({ type: "chosen", slot: slots[0]?.id ?? 0, modelId }));
  useFollowing(turns, turns.at(-1)?.id);

  function edit(turn: number, said: Said | null): void {
    setEdited(said && { turn, said });
    if (!said) composer.current?.focus();
  }

  function sendAt(place: number, said: Said): void {
    if (!ready) return;
    edit(0, null);
    send(said, place);
  }

  return (
    <Page
      title={screens.playground}
      description={texts.text}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Keeping
            conversation={conversation}
            onOpen={replace}
            onClear={() => replace("new")}
            onStrange={setStrange}
          />
          <Button iconName="settings" ariaExpanded={settingsOpen} onClick={() => setSettingsOpen(!settingsOpen)}>
            {texts.settings.title}
          </Button>
          <ApiCall text={texts.viewCode} calls={ready ? callsOf(conversation) : []} />
        </SpaceBetween>
      }
      drawer={{
        content: {
          id: "settings",
          trigger: { iconName: "settings" },
          resizable: true,
          defaultSize: 360,
          ariaLabels: {
            drawerName: texts.settings.title,
            triggerButton: texts.settings.open,
            closeButton: texts.settings.close,
            resizeHandle: texts.settings.resize,
          },
          content: <Settings settings={settings} onChange={(changed) => change({ type: "settings", settings: changed })} />,
        },
        open: settingsOpen,
        onChange: setSettingsOpen,
      }}
    >
      <div
        className="playground"
        // A dialog above the page keeps its own Escape.
        onKeyDown={({ key, target, currentTarget }) => key === "Escape" && currentTarget.contains(target as Node) && stop()}
      >
        {models.failure && <Failed failure={models.failure} onAgain={models.again} />}
        {replaced && <Replaced onBack={() => replace("before")} onDismiss={() => replace(null)} />}
        <Notes lost={lost} strange={strange} onDismiss={() => (setStrange(null), change({ type: "told" }))} />
        {models.answer?.length === 0 ? (
          <NoModels />
        ) : (
          <Choosing models={known} loading={models.loading} slots={slots} change={change} />
        )}
        <div className="turns">
          {turns.length === 0 && models.answer?.length !== 0 && (
            <Beginning onAsk={(text) => sendAt(0, { text, files: [] })} disabled={!ready} />
          )}
          {turns.map((turn, place) => (
            <TurnView
              key={turn.id}
              turn={turn}
              place={place}
              last={place === turns.length - 1}
              slots={slots}
              nameOf={nameOf}
              edited={edited?.turn === turn.id ? edited.said : null}
              earlier={filesOf({ turns: turns.slice(0, place) })}
              sighted={sighted}
              ready={ready}
              onEdit={(said) => edit(turn.id, said)}
              onSend={(said) => sendAt(place, said)}
              actsOn={(which, answer) => ({
                onResult: (call, result) => change({ type: "resulted", which, call, result }),
                onSend: () => proceed(which, answer),
                onAgain: () => again(which, answer),
              })}
            />
          ))}
        </div>
        <LiveRegion hidden>{busy || turns.length === 0 ? "" : awaited ? texts.answer.awaits : texts.answer.announced(slots.length)}</LiveRegion>
        <div className="composer">
          {mistaken && <SettingsWrong onOpen={() => setSettingsOpen(true)} />}
          <Composer
            ref={composer}
            said={draft}
            label={texts.message.name}
            sendLabel={texts.message.send}
            stopLabel={texts.message.stop}
            hint={texts.message.hint}
            sighted={sighted}
            earlier={filesOf(conversation)}
            ready={ready}
            onStop={busy ? stop : undefined}
            onChange={(changed) => change({ type: "draft", draft: changed })}
            onAttached={(files) => change({ type: "attached", files })}
            onSend={(said) => sendAt(turns.length, said)}
            onUp={() => {
              const last = turns.at(-1);
              if (last) edit(last.id, { text: last.text, files: last.files });
            }}
          />
        </div>
      </div>
    </Page>
  );
}

/** The calls that sending the draft makes; without one, those that were made last. */
function callsOf(conversation: Conversation): Call[] {
  const { slots, turns, draft } = conversation;
  const said = { ...draft, text: draft.text.trim() };
  const inputs = said.text
    ? slots.filter(({ modelId }) => modelId).map((slot) => inputFor(conversation, slot, said, turns.length))
    : slots.map(({ id }) => turns.at(-1)?.answers[id]?.at(-1)?.input ?? null);
  return inputs
    .filter((input) => input !== null)
    .map((input) => ({ service: "bedrock-runtime", operation: "ConverseStream", input }));
}

/** Whether all the chosen models take pictures. Of one that is not in the list nobody knows. */
function allSee(models: Model[], { slots }: Conversation): boolean {
  const chosen = slots.flatMap(({ modelId }) => models.filter(({ id }) => id === modelId));
  return chosen.every(({ takes }) => takes.includes("IMAGE"));
}

function Beginning({ onAsk, disabled }: { onAsk: (text: string) => void; disabled: boolean }) {
  const { empty } = usePlaygroundTexts();
  return (
    <Empty title={empty.title} text={empty.text}>
      <div className="examples">
        {empty.examples.map((example) => (
          <Button key={example} disabled={disabled} onClick={() => onAsk(example)}>
            {example}
          </Button>
        ))}
      </div>
    </Empty>
  );
}

function NoModels() {
  const { models } = usePlaygroundTexts();
  return (
    <Empty title={models.none} text={models.noneText}>
      <Button variant="primary" href={href("/models")} onFollow={follow}>
        {models.fetch}
      </Button>
    </Empty>
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

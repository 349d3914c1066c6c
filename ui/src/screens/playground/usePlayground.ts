/** The conversation on the screen, and what asks the models. It is kept, in memory, as long as its person is signed in. */

import type { ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { Api } from "../../api/api";
import { ask } from "./asking";
import { chargedFor } from "./charges";
import { linked } from "./link";
import { type Answer, begun } from "./talk/answer";
import { busy, changed, type Conversation, EMPTY, fresh, type Said, settled, type Which } from "./talk/conversation";
import { inputFor, inputWithResults } from "./talk/input";

const kept = new WeakMap<Api, Conversation>();

/** `onUnreadable` is told of a link that holds nothing, and keeps its identity. */
export function usePlayground(api: Api, onUnreadable: () => void) {
  const [conversation, change] = useReducer(changed, kept.get(api) ?? EMPTY);
  const [before, setBefore] = useState<Conversation | null>(null);
  const running = useRef(new Set<AbortController>());

  useEffect(() => {
    kept.set(api, conversation);
  }, [api, conversation]);

  const stop = useCallback(() => {
    for (const each of running.current) each.abort();
  }, []);

  // The link may also come later, where somebody puts it into the address while the playground is open.
  useEffect(() => {
    const ending = new AbortController();
    async function open(): Promise<void> {
      const { hash } = location;
      const opened = await linked(hash);
      if (!opened || ending.signal.aborted || location.hash !== hash) return;
      if (opened === "unreadable") return onUnreadable();
      const left = kept.get(api);
      if (left) setBefore(worth(settled(left)));
      stop();
      change({ type: "opened", conversation: opened });
      // It is open: to load the page again must not undo what is said from here on.
      history.replaceState(null, "", location.pathname);
    }
    void open();
    addEventListener("hashchange", () => void open(), { signal: ending.signal });
    return () => ending.abort();
  }, [api, stop, onUnreadable]);

  /** Another conversation, or a new one, in the place of this; none forgets what was there before. */
  function replace(by: Conversation | "new" | "before" | null): void {
    if (by === null) return setBefore(null);
    stop();
    setBefore(by === "before" ? null : worth(settled(conversation)));
    if (by === "new") change({ type: "cleared" });
    else if (by !== "before") change({ type: "opened", conversation: by });
    else if (before) change({ type: "opened", conversation: before });
  }

  // Who leaves the screen waits for no answer.
  useEffect(() => {
    const left = running.current;
    return () => {
      for (const each of left) each.abort();
      const before = kept.get(api);
      if (before) kept.set(api, settled(before));
    };
  }, [api]);

  async function run(which: Which, modelId: string, input: ConverseStreamCommandInput): Promise<void> {
    const ending = new AbortController();
    running.current.add(ending);
    const answer = await ask(api.runtime, modelId, input, ending.signal, (shown) => change({ type: "answered", which, answer: shown }));
    running.current.delete(ending);
    const { inputTokens, outputTokens } = answer.figures;
    const unasked = inputTokens === 0 && outputTokens === 0; // the message itself was blocked
    if (answer.requestId === null || answer.failure || unasked) return;
    const charges = await chargedFor(api, answer.requestId);
    if (charges) change({ type: "charged", which, requestId: answer.requestId, charges });
  }

  /** Ask all models; `after` so many turns of the conversation, what came later is dropped. */
  function send(said: Said, after = conversation.turns.length): void {
    stop();
    setBefore(null);
    const turn = fresh(conversation.turns);
    const inputs = conversation.slots
      .filter(({ modelId }) => modelId)
      .map((slot) => ({ slot, input: inputFor(conversation, slot, said, after) }));
    const answers = Object.fromEntries(inputs.map(({ slot, input }) => [slot.id, [begun(slot.modelId, input)]]));
    change({ type: "asked", turn: { ...said, id: turn, answers }, after });
    for (const { slot, input } of inputs) void run({ turn, slot: slot.id, place: 0 }, slot.modelId, input);
  }

  /** Go on with the results of the tools that this answer called. */
  function proceed({ turn, slot, place }: Which, { modelId }: Answer): void {
    const at = conversation.turns.findIndex(({ id }) => id === turn);
    void run({ turn, slot, place: place + 1 }, modelId, inputWithResults(conversation, { id: slot, modelId }, at));
  }

  /** The very same call once more. */
  function again(which: Which, { modelId, input }: Answer): void {
    if (input) void run(which, modelId, input);
  }

  return { conversation, change, replace, replaced: before !== null, send, proceed, again, stop, busy: busy(conversation) };
}

/** Somebody said something in it. */
function worth(conversation: Conversation): Conversation | null {
  return conversation.turns.length > 0 ? conversation : null;
}

/** The conversation on the screen, and what asks the models. It is kept, in memory, as long as its person is signed in. */

import { useCallback, useEffect, useReducer, useRef } from "react";
import type { Api } from "../../api/api";
import { ask } from "./asking";
import { begun, busy, changed, type Conversation, EMPTY, fresh, inputFor, type Turn } from "./conversation";
import { linked } from "./link";

const kept = new WeakMap<Api, Conversation>();

export function usePlayground(api: Api) {
  const [conversation, change] = useReducer(changed, kept.get(api) ?? EMPTY);
  const stopping = useRef(new Map<string, AbortController>());

  useEffect(() => {
    kept.set(api, conversation);
  }, [api, conversation]);

  useEffect(() => {
    void linked(location.hash).then((opened) => {
      if (!opened) return;
      change({ type: "opened", conversation: opened });
      // It is open: to load the page again must not undo what is said from here on.
      history.replaceState(null, "", location.pathname);
    });
  }, []);

  const stop = useCallback(() => {
    for (const each of stopping.current.values()) each.abort();
  }, []);

  // Who leaves the screen waits for no answer.
  useEffect(() => {
    const running = stopping.current;
    return () => {
      for (const each of running.values()) each.abort();
      const left = kept.get(api);
      if (left) kept.set(api, settled(left));
    };
  }, [api]);

  /** Ask all models; `after` so many turns of the conversation, what came later is dropped. */
  function send(text: string, after = conversation.turns.length): void {
    stop();
    const id = fresh(conversation.turns);
    const inputs = conversation.slots
      .filter(({ modelId }) => modelId)
      .map((slot) => ({ slot, input: inputFor(conversation, slot, text, after) }));
    const answers = Object.fromEntries(inputs.map(({ slot, input }) => [slot.id, begun(slot.modelId, input)]));
    const turn: Turn = { id, text, answers };
    change({ type: "asked", turn, after });
    for (const { slot, input } of inputs) {
      const name = `${id}/${slot.id}`;
      const ending = new AbortController();
      stopping.current.set(name, ending);
      void ask(api.runtime, slot.modelId, input, ending.signal, (answer) =>
        change({ type: "answered", turn: id, slot: slot.id, answer }),
      ).finally(() => stopping.current.delete(name));
    }
  }

  return { conversation, change, send, stop, busy: busy(conversation) };
}

function settled(left: Conversation): Conversation {
  const turns = left.turns.map((turn) => ({
    ...turn,
    answers: Object.fromEntries(
      Object.entries(turn.answers).map(([slot, answer]) => [
        slot,
        answer.progress === "waiting" || answer.progress === "streaming" ? { ...answer, progress: "stopped" as const } : answer,
      ]),
    ),
  }));
  return { ...left, turns };
}

/** The conversation with one knowledge base, and what asks it. It is kept, in memory, as long as its person is signed in. */

import { RetrieveAndGenerateStreamCommand } from "@aws-sdk/client-bedrock-agent-runtime";
import { useSyncExternalStore } from "react";
import { failureOf } from "../../../api/failure";
import type { Clients } from "../clients";
import { advanced, type Answer, BEGUN, changed, type Choices, inputFor, isBusy, NO_TALK, settled, type Talk, type Turn } from "./talk";

/** So often is shown what has come, in milliseconds. */
const SHOWN_EVERY = 40;

class Talking {
  private talk: Talk = NO_TALK;
  /** The one that was cleared last, until something is asked. */
  private before: Talk | null = null;
  private ending = new AbortController();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly clients: Clients,
    private readonly baseId: string,
  ) {}

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly now = (): Talk => this.talk;

  readonly stop = (): void => this.ending.abort();

  readonly clearedBefore = (): boolean => this.before !== null;

  readonly clear = (): void => {
    this.stop();
    this.before = settled(this.talk);
    this.become(NO_TALK);
  };

  readonly bringBack = (): void => {
    const { before } = this;
    this.before = null;
    if (before) this.become(before);
  };

  readonly ask = (question: string, choices: Choices): void => {
    if (isBusy(this.talk)) return;
    const input = inputFor(this.baseId, choices, question, this.talk.sessionId);
    this.before = null;
    const turn: Turn = { id: (this.talk.turns.at(-1)?.id ?? 0) + 1, question, input, answer: BEGUN };
    this.become({ ...this.talk, turns: [...this.talk.turns, turn] });
    this.ending = new AbortController();
    void this.stream(turn, this.ending.signal);
  };

  private async stream({ id, input }: Turn, signal: AbortSignal): Promise<void> {
    const begun = performance.now();
    let answer: Answer = BEGUN;
    let sessionId: string | null = null;
    let requestId: string | undefined;
    let shown = 0;
    const show = (now: Answer) => this.become(changed(this.talk, id, { ...now, took: performance.now() - begun }, sessionId));
    try {
      const told = await this.clients.searching.send(new RetrieveAndGenerateStreamCommand(input), { abortSignal: signal });
      requestId = told.$metadata.requestId;
      sessionId = told.sessionId ?? null;
      for await (const event of told.stream ?? []) {
        if (signal.aborted) break;
        answer = advanced(answer, event);
        if (performance.now() - shown < SHOWN_EVERY) continue;
        show(answer);
        shown = performance.now();
      }
      show({ ...answer, progress: signal.aborted ? "stopped" : "done" });
    } catch (error) {
      if (signal.aborted) show({ ...answer, progress: "stopped" });
      else show({ ...answer, progress: "failed", failure: failureOf(error, requestId) });
    }
  }

  private become(talk: Talk): void {
    this.talk = talk;
    for (const listener of this.listeners) listener();
  }
}

const kept = new WeakMap<Clients, Map<string, Talking>>();

function talkingWith(clients: Clients, baseId: string): Talking {
  const bases = kept.get(clients) ?? new Map<string, Talking>();
  kept.set(clients, bases);
  const talking = bases.get(baseId) ?? new Talking(clients, baseId);
  bases.set(baseId, talking);
  return talking;
}

export function useTalk(clients: Clients, baseId: string) {
  const talking = talkingWith(clients, baseId);
  const talk = useSyncExternalStore(talking.listen, talking.now);
  const { ask, stop, clear, bringBack } = talking;
  return { talk, busy: isBusy(talk), cleared: talking.clearedBefore(), ask, stop, clear, bringBack };
}

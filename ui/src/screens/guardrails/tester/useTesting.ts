/** Putting texts to a guardrail: what is asked now, what was judged last. The text goes along from one guardrail to the next. */

import { ApplyGuardrailCommand } from "@aws-sdk/client-bedrock-runtime";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Api } from "../../../api/api";
import { type Failure, failureOf, isAbort } from "../../../api/failure";
import { type Asked, inputFor, type Judged, judgedOf, NOTHING } from "./asked";

const kept = new WeakMap<Api, Asked>();
const waiting = new WeakSet<Api>();

/** The text is tested once the guardrail that is being created is there. */
export function testLater(api: Api, later: boolean): void {
  if (later) waiting.add(api);
  else waiting.delete(api);
}
const MOMENT = 500; // milliseconds without a key, until what is typed is judged

export interface Testing {
  asked: Asked;
  judged: Judged | null;
  failure: Failure | null;
  judging: boolean;
  ask: (part: Partial<Asked>) => void;
  test: (asked?: Asked) => void;
}

/** `live`: what is typed is judged by itself. */
export function useTesting(api: Api, id: string, version: string, live: boolean): Testing {
  const [asked, setAsked] = useState<Asked>(() => kept.get(api) ?? NOTHING);
  const [judged, setJudged] = useState<Judged | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [judging, setJudging] = useState(false);
  const running = useRef<AbortController | null>(null);

  const test = useCallback(
    async (now: Asked): Promise<void> => {
      running.current?.abort();
      const ending = new AbortController();
      running.current = ending;
      setJudging(true);
      setFailure(null);
      try {
        const answer = await api.runtime.send(new ApplyGuardrailCommand(inputFor(now, id, version)), { abortSignal: ending.signal });
        if (!ending.signal.aborted) setJudged(judgedOf(now, version, answer));
      } catch (error) {
        if (ending.signal.aborted || isAbort(error)) return;
        setJudged(null);
        setFailure(failureOf(error));
      } finally {
        if (!ending.signal.aborted) setJudging(false);
      }
    },
    [api, id, version],
  );

  useEffect(() => {
    if (!id || !waiting.has(api)) return;
    const soon = setTimeout(() => {
      waiting.delete(api);
      void test(kept.get(api) ?? NOTHING);
    });
    return () => clearTimeout(soon);
  }, [api, id, test]);

  useEffect(() => () => running.current?.abort(), []);

  useEffect(() => {
    kept.set(api, asked);
    if (!live || !asked.text.trim()) return;
    const later = setTimeout(() => void test(asked), MOMENT);
    return () => clearTimeout(later);
  }, [api, asked, live, test]);

  return {
    asked,
    judged,
    failure,
    judging,
    ask: (part) => setAsked((before) => ({ ...before, ...part })),
    test: (now = asked) => {
      setAsked(now);
      void test(now);
    },
  };
}

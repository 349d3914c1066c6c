/** Calls made again and again while somebody looks, and none while the tab is hidden. */

import { useEffect, useState } from "react";
import { type Failure, failureOf, isAbort, isRefused } from "./failure";

export type Loaded<Answer> = { answer: Answer | null; failure: Failure | null; loading: boolean };

export interface Loading<Answer> extends Loaded<Answer> {
  again: () => void;
}

const NOTHING = { answer: null, failure: null, loading: true };

/** `call` must keep its identity as long as it asks the same. `every` in milliseconds; once without. */
export function useCall<Answer>(call: (signal: AbortSignal) => Promise<Answer>, every?: number): Loading<Answer> {
  const [state, setState] = useState<Loaded<Answer>>(NOTHING);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function ask(): Promise<void> {
      try {
        const answer = await call(ending.signal);
        if (!ending.signal.aborted) setState({ answer, failure: null, loading: false });
      } catch (error) {
        if (ending.signal.aborted || isAbort(error)) return;
        const failure = failureOf(error);
        setState((before) => ({ answer: before.answer, failure, loading: false }));
        if (isRefused(failure)) return;
      }
      if (every !== undefined && !ending.signal.aborted) timer = setTimeout(next, every);
    }

    function next(): void {
      if (document.hidden) document.addEventListener("visibilitychange", next, { once: true, signal: ending.signal });
      else void ask();
    }

    void ask();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [call, every, round]);

  return { ...state, again: () => setRound((before) => before + 1) };
}

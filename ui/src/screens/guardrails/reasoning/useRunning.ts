/** Running the tests of a policy while somebody waits for them. */

import type { AutomatedReasoningPolicyDefinition, AutomatedReasoningPolicyTestResult } from "@aws-sdk/client-bedrock";
import { useEffect, useRef, useState } from "react";
import type { Api } from "../../../api/api";
import { type Failure, failureOf, isAbort } from "../../../api/failure";
import { runTests } from "./calls";

interface Running {
  busy: boolean;
  failure: Failure | null;
  /** The definition could not be built. */
  unbuilt: boolean;
  /** None: they were not run here. */
  results: AutomatedReasoningPolicyTestResult[] | null;
  start: () => void;
}

export function useRunning(api: Api, arn: string, definition: AutomatedReasoningPolicyDefinition): Running {
  const [state, setState] = useState<Omit<Running, "start">>({ busy: false, failure: null, unbuilt: false, results: null });
  const ending = useRef<AbortController | null>(null);
  useEffect(() => () => ending.current?.abort(), []);

  async function run(): Promise<void> {
    const stop = new AbortController();
    ending.current = stop;
    setState((before) => ({ ...before, busy: true, failure: null, unbuilt: false }));
    try {
      const results = await runTests(api, arn, definition, stop.signal);
      setState((before) => ({ ...before, busy: false, unbuilt: results === null, results: results ?? before.results }));
    } catch (error) {
      if (stop.signal.aborted || isAbort(error)) return;
      setState((before) => ({ ...before, busy: false, failure: failureOf(error) }));
    }
  }

  return { ...state, start: () => void run() };
}

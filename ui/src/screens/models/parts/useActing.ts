/** What is done to models: one thing at a time, and why it was refused. */

import { useState } from "react";
import type { Call } from "../../../api/call";
import { type Failure, failureOf } from "../../../api/failure";
import type { Operations } from "../../../api/shapes";
import { useSession } from "../../../app/session";

export type Act = "fetch" | "stop" | "load" | "unload" | "measure" | "remove";

const OPERATIONS = {
  fetch: "StartModelPull",
  stop: "StopModelPull",
  load: "LoadModel",
  unload: "UnloadModel",
  measure: "MeasureModel",
  remove: "DeleteLocalModel",
} as const satisfies Record<Act, keyof Operations>;

export interface Acting {
  /** What is being asked for at this moment, and of which model. */
  busy: { act: Act; id: string } | null;
  failure: Failure | null;
  /** `id` is that of a model, and of a pull where one is stopped. */
  act: (act: Act, id: string) => Promise<void>;
}

/** `done` is called once it was answered, so that what came of it can be seen. */
export function useActing(done: () => void): Acting {
  const { api } = useSession();
  const [busy, setBusy] = useState<Acting["busy"]>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function act(act: Act, id: string): Promise<void> {
    setBusy({ act, id });
    setFailure(null);
    try {
      await (act === "stop" ? api.craton("StopModelPull", { pullId: id }) : api.craton(OPERATIONS[act], { modelId: id }));
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(null);
      done();
    }
  }

  return { busy, failure, act };
}

/** The call that `act` makes. */
export function callOf(act: Act, id: string): Call {
  return { service: "craton", operation: OPERATIONS[act], input: act === "stop" ? { pullId: id } : { modelId: id } };
}

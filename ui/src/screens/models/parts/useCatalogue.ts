/** All that the screens know of models, asked again and again: often while something is under way. */

import { useCallback, useEffect, useState } from "react";
import type { Api } from "../../../api/api";
import { isBringing, isUnderWay, listModels, type Model, newestPulls } from "../../../api/models";
import { type Loaded, useCall } from "../../../api/polling";
import type { DescribeServerResponse, ModelPull } from "../../../api/shapes";
import { useSession } from "../../../app/session";

const SELDOM = 10_000;
const OFTEN = 1000;

export interface Catalogue extends Loaded<Model[]> {
  server: Loaded<DescribeServerResponse>;
  /** By model, the newest pull of each. Empty for whoever may not pull. */
  pulls: Map<string, ModelPull>;
  /** Whether the caller may fetch, load and delete. */
  operator: boolean;
  again: () => void;
}

const NO_PULLS: Map<string, ModelPull> = new Map();

export function useCatalogue(): Catalogue {
  const { api } = useSession();
  const [every, setEvery] = useState(SELDOM);
  const server = useCall(
    useCallback((signal: AbortSignal) => api.craton("DescribeServer", {}, signal), [api]),
    SELDOM,
  );
  const operator = server.answer?.operator ?? false;
  const models = useCall(
    useCallback((signal: AbortSignal) => listModels(api, signal), [api]),
    every,
  );
  const pulls = useCall(
    useCallback((signal: AbortSignal) => (operator ? listPulls(api, signal) : Promise.resolve(NO_PULLS)), [api, operator]),
    every,
  );
  const under = (models.answer ?? []).some(isUnderWay) || [...(pulls.answer ?? NO_PULLS).values()].some(isBringing);
  useEffect(() => setEvery(under ? OFTEN : SELDOM), [under]);

  return {
    ...models,
    server,
    pulls: pulls.answer ?? NO_PULLS,
    operator,
    again: () => {
      models.again();
      pulls.again();
      server.again();
    },
  };
}

async function listPulls(api: Api, signal: AbortSignal): Promise<Map<string, ModelPull>> {
  const { pulls } = await api.craton("ListModelPulls", {}, signal);
  return newestPulls(pulls);
}

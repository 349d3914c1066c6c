/** Which tags and metadata there are: those that the newest invocations have. */

import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";

const LOOKED_AT = 200;

export function useLabels(): string[] {
  const { api } = useSession();
  const ask = useCallback(
    async (signal: AbortSignal) => {
      const { invocations } = await api.craton("ListInvocations", { maxResults: LOOKED_AT }, signal);
      const found = invocations.flatMap(({ tags, requestMetadata }) => [
        ...Object.keys(tags).map((name) => `tag:${name}`),
        ...Object.keys(requestMetadata).map((name) => `metadata:${name}`),
      ]);
      return [...new Set(found)].sort();
    },
    [api],
  );
  return useCall(ask).answer ?? [];
}

/** What the holders of keys may, in words. */

import Spinner from "@cloudscape-design/components/spinner";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { useSession } from "../../../app/session";
import { readReach } from "../keys";
import type { Reach as Told } from "./scopes";
import { type KeyTexts, useKeyTexts } from "../texts";

/** By the name of the user; null where the caller may not see it. */
export type Reaches = Map<string, Told[] | "root" | null>;

/** Each user is asked for once. */
export function useReaches(userNames: string[]): Reaches {
  const { api } = useSession();
  const names = [...new Set(userNames)].sort().join("\n");
  const ask = useCallback(
    async (signal: AbortSignal): Promise<Reaches> => {
      const users = names.split("\n").filter(Boolean);
      const told = await Promise.allSettled(users.map((userName) => readReach(api, userName, signal)));
      return new Map(users.map((userName, place) => [userName, told[place]?.status === "fulfilled" ? told[place].value : null]));
    },
    [api, names],
  );
  return useCall(ask).answer ?? new Map();
}

export function Reach({ of: reach }: { of: Told[] | "root" | null | undefined }) {
  const texts = useKeyTexts();
  if (reach === undefined) return <Spinner />;
  if (reach === null) return "–";
  if (reach === "root") return texts.root;
  if (reach.length === 0) return texts.nothing;
  return reach.map((each) => (
    <div key={JSON.stringify(each)} className="told">
      {wordsOf(each, texts)}
    </div>
  ));
}

export function wordsOf(reach: Told, texts: KeyTexts): string {
  if ("policy" in reach) return reach.policy;
  if (reach.models) return texts.modelsOf(reach.models.join(", "));
  return texts.scopes[reach.scope].name;
}

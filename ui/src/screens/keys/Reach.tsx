/** What the holder of a key may, in words. */

import Spinner from "@cloudscape-design/components/spinner";
import { useCallback } from "react";
import { useCall } from "../../api/polling";
import { useSession } from "../../app/session";
import { readReach } from "./keys";
import type { Reach as Told } from "./scopes";
import { type KeyTexts, useKeyTexts } from "./texts";

export function Reach({ userName }: { userName: string }) {
  const texts = useKeyTexts();
  const { api } = useSession();
  const { answer, failure } = useCall(useCallback((signal: AbortSignal) => readReach(api, userName, signal), [api, userName]));
  if (failure) return <span className="under">{failure.code}</span>;
  if (!answer) return <Spinner />;
  if (answer === "root") return texts.root;
  if (answer.length === 0) return texts.nothing;
  return answer.map((each) => (
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

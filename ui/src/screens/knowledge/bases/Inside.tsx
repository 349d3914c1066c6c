/** How many documents a knowledge base has, and how many of them failed. */

import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useCallback } from "react";
import { useCall } from "../../../api/polling";
import { useFormats, useTexts } from "../../../texts/texts";
import { hasFailed, listDocuments, listSources } from "../asking";
import { useClients } from "../clients";
import { useBasesTexts } from "./texts";

/** So many are counted; that there are more is said. */
const MOST = 1000;

export function Inside({ baseId }: { baseId: string }) {
  const own = useBasesTexts();
  const { loading } = useTexts();
  const formats = useFormats();
  const clients = useClients();
  const { answer, failure } = useCall(
    useCallback(
      async (signal: AbortSignal) => {
        const sources = (await listSources(clients, baseId, signal)).filter(({ kind }) => kind !== "tables");
        return listDocuments(clients, baseId, sources, MOST, signal);
      },
      [clients, baseId],
    ),
  );
  if (failure) return "–";
  if (!answer) return <Spinner aria-label={loading} />;
  const failed = answer.documents.filter(hasFailed).length;
  const count = formats.number(answer.documents.length);
  return (
    <>
      {answer.more ? own.atLeast(count) : count}
      {failed > 0 && (
        <div>
          <StatusIndicator type="warning">{own.failed(formats.number(failed))}</StatusIndicator>
        </div>
      )}
    </>
  );
}

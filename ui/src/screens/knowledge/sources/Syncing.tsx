/** The newest sync of a data source, live, and the buttons that start and stop one. */

import { StartIngestionJobCommand, StopIngestionJobCommand } from "@aws-sdk/client-bedrock-agent";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { type Failure, failureOf } from "../../../api/failure";
import { useCall } from "../../../api/polling";
import { Failed } from "../../../parts/Failed";
import type { Source } from "../asking";
import { useClients } from "../clients";
import { Job } from "./Job";
import { isRunning, latestJob } from "./jobs";
import { useSourcesTexts } from "./texts";

const WATCHED_EVERY = 1000;

interface Syncing {
  buttons: ReactNode;
  shown: ReactNode;
}

/** `onChange` is called whenever a sync begins or ends. */
export function useSyncing(baseId: string, source: Source, onChange: () => void): Syncing {
  const own = useSourcesTexts();
  const clients = useClients();
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [watched, setWatched] = useState(false);
  const place = { knowledgeBaseId: baseId, dataSourceId: source.id };
  const { answer, failure: unknown, loading, again } = useCall(
    useCallback((signal: AbortSignal) => latestJob(clients, baseId, source.id, signal), [clients, baseId, source.id]),
    watched ? WATCHED_EVERY : undefined,
  );
  const running = answer !== null && isRunning(answer);
  useEffect(() => {
    if (watched === running) return;
    setWatched(running);
    onChange();
  }, [running, watched, onChange]);

  async function ask(send: () => Promise<unknown>): Promise<void> {
    setAsked(true);
    setFailure(null);
    try {
      await send();
      again();
    } catch (error) {
      setFailure(failureOf(error));
    }
    setAsked(false);
  }

  const start = () => ask(() => clients.agent.send(new StartIngestionJobCommand(place)));
  const stop = () => ask(() => clients.agent.send(new StopIngestionJobCommand({ ...place, ingestionJobId: answer?.ingestionJobId })));
  return {
    buttons: running ? (
      <Button loading={asked} disabled={answer.status === "STOPPING"} onClick={() => void stop()} ariaLabel={`${own.stop}: ${source.name}`}>
        {own.stop}
      </Button>
    ) : (
      <Button loading={asked} disabled={source.told.status !== "AVAILABLE"} onClick={() => void start()} ariaLabel={`${own.sync}: ${source.name}`}>
        {own.sync}
      </Button>
    ),
    shown: (
      <>
        {failure && <Failed failure={failure} />}
        {unknown && <Failed failure={unknown} onAgain={again} />}
        {answer ? <Job job={answer} name={source.name} /> : !loading && !unknown && <Box color="text-body-secondary">{own.never}</Box>}
      </>
    ),
  };
}

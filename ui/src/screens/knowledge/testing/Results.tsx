/** What a search found, best first. */

import { RetrieveCommand, type RetrieveCommandInput } from "@aws-sdk/client-bedrock-agent-runtime";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import LiveRegion from "@cloudscape-design/components/live-region";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { type ReactNode, useCallback, useRef } from "react";
import { useCall } from "../../../api/polling";
import { Empty } from "../../../parts/Empty";
import { Failed } from "../../../parts/Failed";
import { useFormats } from "../../../texts/texts";
import { useClients } from "../clients";
import { meet } from "../metadata/known";
import { type Passage, passageOf } from "../passages";
import { PassageAttributes, PassageSource, PassageText } from "../PassageView";
import { useTestingTexts } from "./texts";

interface Shown {
  baseId: string;
  input: RetrieveCommandInput;
  actions: ReactNode;
}

/** Asks once; another `input` wants another of these. */
export function Results({ baseId, input, actions }: Shown) {
  const own = useTestingTexts();
  const formats = useFormats();
  const clients = useClients();
  const { searching } = clients;
  const { current: asked } = useRef(input);
  const { answer, failure, again } = useCall(
    useCallback(
      async (signal: AbortSignal) => {
        const begun = performance.now();
        const told = await searching.send(new RetrieveCommand(asked), { abortSignal: signal });
        const passages = (told.retrievalResults ?? []).map(passageOf);
        for (const { attributes } of passages) meet(clients, baseId, attributes);
        return { passages, blocked: told.guardrailAction === "INTERVENED", took: performance.now() - begun };
      },
      [clients, searching, baseId, asked],
    ),
  );
  if (failure) return <Failed failure={failure} onAgain={again} />;
  if (!answer) return <Spinner size="large" />;
  const { passages, blocked, took } = answer;
  return (
    <SpaceBetween size="m">
      {blocked && <Alert type="warning">{own.blocked}</Alert>}
      {passages.length === 0 && !blocked ? (
        <Empty title={own.none} text={own.noneText}>
          {actions}
        </Empty>
      ) : (
        <Header variant="h2" actions={actions} description={own.scoreText}>
          <LiveRegion tagName="span">{own.found(passages.length, formats.duration(took))}</LiveRegion>
        </Header>
      )}
      {passages.map((passage, place) => (
        <Result key={`${place} ${passage.key}`} passage={passage} place={place + 1} baseId={baseId} query={asked.retrievalQuery?.text ?? ""} />
      ))}
    </SpaceBetween>
  );
}

function Result({ passage, place, baseId, query }: { passage: Passage; place: number; baseId: string; query: string }) {
  const own = useTestingTexts();
  return (
    <div role="group" aria-label={own.rank(place)}>
      <Container>
        <SpaceBetween size="s">
          <div className="knowledge-result">
            <span className="knowledge-rank">{place}</span>
            <div className="knowledge-from">
              <PassageSource passage={passage} baseId={baseId} />
            </div>
            {passage.score !== null && <Score score={passage.score} />}
          </div>
          <PassageText passage={passage} query={query} />
          <PassageAttributes passage={passage} />
        </SpaceBetween>
      </Container>
    </div>
  );
}

/** A bar from 0 to 1, and its number. */
function Score({ score }: { score: number }) {
  const own = useTestingTexts();
  const formats = useFormats();
  return (
    <span className="knowledge-score" title={own.scoreText}>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="6" rx="3" />
        <rect width={100 * Math.min(1, Math.max(0, score))} height="6" rx="3" />
      </svg>
      <span>
        <span className="knowledge-hidden">{own.score} </span>
        {formats.number(score, 2)}
      </span>
    </span>
  );
}

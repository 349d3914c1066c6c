/** A question, its answer with numbered marks, and the passages that they lead to. */

import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useMemo, useRef, useState } from "react";
import { ApiCall } from "../../../parts/ApiCall";
import { Bubble } from "../../../parts/Bubble";
import { Failed } from "../../../parts/Failed";
import { Waiting } from "../../../parts/Waiting";
import { useFormats, useTexts } from "../../../texts/texts";
import { cited, type Piece } from "./citing";
import { Sources } from "./Sources";
import type { Turn } from "./talk";
import { useChatTexts } from "./texts";

interface Shown {
  turn: Turn;
  place: number;
  baseId: string;
}

export function TurnView({ turn: { question, answer, input }, place, baseId }: Shown) {
  const texts = useTexts();
  const own = useChatTexts();
  const formats = useFormats();
  const { progress, text, citations } = answer;
  const { pieces, passages } = useMemo(() => cited(text, citations), [text, citations]);
  const [open, setOpen] = useState<number | null>(null);
  const sources = useRef<HTMLDivElement>(null);
  const growing = progress === "waiting" || progress === "streaming";

  function show(number: number): void {
    setOpen(number);
    requestAnimationFrame(() => sources.current?.querySelector(`[data-source="${number}"]`)?.scrollIntoView({ block: "nearest" }));
  }

  return (
    <SpaceBetween size="m">
      <Bubble from="person" label={own.question(place)}>
        <div className="told">{question}</div>
      </Bubble>
      <Bubble
        from="model"
        label={own.answer(place)}
        growing={growing}
        actions={
          !growing && (
            <>
              {text && (
                <CopyToClipboard
                  variant="icon"
                  textToCopy={text}
                  copyButtonAriaLabel={`${texts.copy}: ${own.answer(place)}`}
                  copySuccessText={texts.copied}
                  copyErrorText={texts.notCopied}
                />
              )}
              <ApiCall variant="inline-link" calls={[{ service: "bedrock-agent-runtime", operation: "RetrieveAndGenerateStream", input }]} />
              <Box variant="small" color="text-body-secondary">
                {own.took(formats.duration(answer.took))}
              </Box>
            </>
          )
        }
      >
        <div className="answer">
          {progress === "waiting" ? <Waiting text={own.waiting} why={own.waitingWhy} /> : <Marked pieces={pieces} names={passages.map(({ name }) => name)} onOpen={show} />}
          {answer.blocked && <StatusIndicator type="warning">{own.blocked}</StatusIndicator>}
          {answer.failure && <Failed failure={answer.failure} />}
          {progress === "stopped" && <StatusIndicator type="stopped">{own.stopped}</StatusIndicator>}
          {passages.length > 0 && (
            <div ref={sources}>
              <Sources passages={passages} answer={text} baseId={baseId} open={open} onOpen={setOpen} />
            </div>
          )}
          {progress === "done" && passages.length === 0 && (
            <Box variant="small" color="text-body-secondary">
              {own.noSources}
            </Box>
          )}
        </div>
      </Bubble>
    </SpaceBetween>
  );
}

function Marked({ pieces, names, onOpen }: { pieces: Piece[]; names: string[]; onOpen: (number: number) => void }) {
  const own = useChatTexts();
  return (
    <div className="told">
      {pieces.map(({ text, marks }, place) => (
        <span key={place}>
          {text}
          {marks.map((number) => (
            <button key={number} type="button" className="knowledge-mark" aria-label={own.source(number, names[number - 1] ?? "")} onClick={() => onOpen(number)}>
              {number}
            </button>
          ))}
        </span>
      ))}
    </div>
  );
}

/** One answer: its text, and how it came about. */

import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { ApiCall } from "../../parts/ApiCall";
import { Bubble } from "../../parts/Bubble";
import { Failed } from "../../parts/Failed";
import { Prose } from "../../parts/Prose";
import { useFormats, useTexts } from "../../texts/texts";
import { type Answer, rate } from "./conversation";

interface Shown {
  answer: Answer;
  name: string;
  onAgain: () => void;
}

export function AnswerView({ answer, name, onAgain }: Shown) {
  const texts = useTexts();
  const { playground } = texts;
  const running = answer.progress === "waiting" || answer.progress === "streaming";
  return (
    <Bubble
      from="model"
      label={playground.answerOf(name)}
      growing={running}
      actions={
        !running && (
          <>
            {answer.text && (
              <CopyToClipboard
                variant="icon"
                textToCopy={answer.text}
                copyButtonAriaLabel={`${texts.copy}: ${playground.answerOf(name)}`}
                copySuccessText={texts.copied}
                copyErrorText={texts.notCopied}
              />
            )}
            {answer.input && (
              <ApiCall
                variant="inline-link"
                calls={[{ service: "bedrock-runtime", operation: "ConverseStream", input: answer.input }]}
              />
            )}
          </>
        )
      }
    >
      <div className="answer">
        <Box variant="small" color="text-body-secondary">
          <strong>{name}</strong>
        </Box>
        {answer.thinking && (
          <ExpandableSection headerText={playground.thinking}>
            <div className="told">{answer.thinking}</div>
          </ExpandableSection>
        )}
        {answer.progress === "waiting" ? (
          <Box color="text-body-secondary">{playground.waiting}</Box>
        ) : (
          <Prose text={answer.text} />
        )}
        {answer.failure && <Failed failure={answer.failure} onAgain={onAgain} />}
        {answer.progress === "stopped" && <StatusIndicator type="stopped">{playground.stopped}</StatusIndicator>}
        {answer.input && !running && <Told answer={answer} />}
      </div>
    </Bubble>
  );
}

function Told({ answer: { figures, reason } }: { answer: Answer }) {
  const { figures: named, reasons } = useTexts().playground;
  const formats = useFormats();
  const { inputTokens, outputTokens, first, total } = figures;
  const speed = rate(figures);
  const told: [string, string | null][] = [
    [named.input, inputTokens === undefined ? null : formats.number(inputTokens)],
    [named.output, outputTokens === undefined ? null : formats.number(outputTokens)],
    [named.first, first === undefined ? null : formats.duration(first)],
    [named.rate, speed === null ? null : formats.number(speed, speed < 10 ? 1 : 0)],
    [named.total, total === undefined ? null : formats.duration(total)],
    [named.reason, reason && ((reasons as Record<string, string>)[reason] ?? reason)],
  ];
  return (
    <dl className="figures" title={named.text}>
      {told.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

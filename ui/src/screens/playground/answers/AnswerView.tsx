/** One answer: what it says, in its order, and how it came about. */

import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { follow, href } from "../../../app/address";
import { ApiCall } from "../../../parts/ApiCall";
import { Failed } from "../../../parts/Failed";
import { Prose } from "../../../parts/Prose";
import { Waiting } from "../../../parts/Waiting";
import { useTexts } from "../../../texts/texts";
import { type Answer, type Block, callsOf, type Result, running, textOf } from "../talk/answer";
import { usePlaygroundTexts } from "../texts/texts";
import { Judged } from "./Judged";
import { Structured } from "./Structured";
import { Told } from "./Told";
import { ToolCalls } from "./ToolCalls";

export interface Acts {
  onResult: (call: string, result: Result) => void;
  onSend: () => void;
  onAgain: () => void;
}

export function AnswerView({ answer, name, then, acts }: { answer: Answer; name: string; then: "sent" | "dropped" | "open"; acts: Acts }) {
  const own = usePlaygroundTexts().answer;
  const growing = running(answer);
  const schema = answer.input?.outputConfig?.textFormat?.structure?.jsonSchema?.schema;
  const called = callsOf(answer).length > 0;
  return (
    <div className="answer">
      {answer.progress === "waiting" && <Waiting text={own.waiting} why={own.waitingWhy} />}
      {answer.blocks.map((block, place) => (
        <Said key={place} block={block} {...(schema !== undefined && !called && { schema })} growing={growing} />
      ))}
      {called && <ToolCalls answer={answer} then={then} onResult={acts.onResult} onSend={acts.onSend} />}
      {answer.failure && <Failed failure={answer.failure} onAgain={acts.onAgain} />}
      {answer.progress === "stopped" && <StatusIndicator type="stopped">{own.stopped}</StatusIndicator>}
      {answer.guardrail && <Judged trace={answer.guardrail} />}
      {!growing && <Told answer={answer} />}
      {!growing && <Actions answer={answer} name={name} />}
    </div>
  );
}

function Said({ block, schema, growing }: { block: Block; schema?: string; growing: boolean }) {
  const own = usePlaygroundTexts().answer;
  switch (block.kind) {
    case "text":
      return schema === undefined ? <Prose text={block.text} /> : <Structured text={block.text} schema={schema} growing={growing} />;
    case "thinking":
      return (
        <ExpandableSection variant="inline" headerText={own.thinking}>
          <div className="told">{block.redacted ? own.withheld : block.text}</div>
        </ExpandableSection>
      );
    case "call":
      return null; // those stand below, with their results
  }
}

function Actions({ answer, name }: { answer: Answer; name: string }) {
  const texts = useTexts();
  const own = usePlaygroundTexts().answer;
  const text = textOf(answer);
  return (
    <div className="acts">
      {text && (
        <CopyToClipboard
          variant="icon"
          textToCopy={text}
          copyButtonAriaLabel={`${texts.copy}: ${own.of(name)}`}
          copySuccessText={texts.copied}
          copyErrorText={texts.notCopied}
        />
      )}
      {answer.input && (
        <ApiCall variant="inline-link" calls={[{ service: "bedrock-runtime", operation: "ConverseStream", input: answer.input }]} />
      )}
      {answer.requestId && (
        <Link href={href(`/requests/${answer.requestId}`)} onFollow={follow}>
          {own.request}
        </Link>
      )}
    </div>
  );
}

/** The tools that an answer calls, and what a person answers in their place. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Textarea from "@cloudscape-design/components/textarea";
import type { Tool } from "@aws-sdk/client-bedrock-runtime";
import { Code } from "../../../parts/Code";
import { type Answer, asksTools, callsOf, parsed, type Result, resultFor, running, type ToolCall } from "../talk/answer";
import { usePlaygroundTexts } from "../texts/texts";
import { judged, Misfits } from "./Structured";

interface Shown {
  answer: Answer;
  /** What follows: the results were sent; or another message was, without them; or nothing yet. */
  then: "sent" | "dropped" | "open";
  onResult: (call: string, result: Result) => void;
  onSend: () => void;
}

export function ToolCalls({ answer, then, onResult, onSend }: Shown) {
  const { tools } = usePlaygroundTexts();
  const calls = callsOf(answer);
  const asked = then === "open" && asksTools(answer);
  return (
    <SpaceBetween size="m">
      {calls.map((call) => {
        const result = resultFor(answer, call.id);
        return (
          <div key={call.id} className="call">
            <Called call={call} declared={answer.input?.toolConfig?.tools ?? []} growing={running(answer)} />
            {asked ? (
              <Asked call={call} result={result} onChange={(changed) => onResult(call.id, changed)} />
            ) : (
              then === "sent" && <Given call={call} result={result} />
            )}
          </div>
        );
      })}
      {asked && (
        <Button variant="primary" onClick={onSend} disabled={calls.some(({ id }) => !resultFor(answer, id).text.trim())}>
          {calls.length > 1 ? tools.send : tools.sendOne}
        </Button>
      )}
      {then === "dropped" && <StatusIndicator type="info">{tools.left}</StatusIndicator>}
    </SpaceBetween>
  );
}

function Called({ call: { name, input }, declared, growing }: { call: ToolCall; declared: Tool[]; growing: boolean }) {
  const { tools, structured } = usePlaygroundTexts();
  const value = parsed(input);
  const schema = declared.find(({ toolSpec }) => toolSpec?.name === name)?.toolSpec?.inputSchema?.json;
  const found = !growing && value !== undefined ? judged(value, schema) : null;
  return (
    <SpaceBetween size="xs">
      <div className="row row-start">
        <Box variant="strong">{tools.calls(name)}</Box>
        {found && (
          <StatusIndicator type={found.length === 0 ? "success" : "error"}>{found.length === 0 ? tools.fits : tools.unfit}</StatusIndicator>
        )}
        {!growing && value === undefined && <StatusIndicator type="error">{tools.broken}</StatusIndicator>}
      </div>
      <Code code={growing || value === undefined ? input : JSON.stringify(value, null, 2)} language="javascript" label={tools.input(name)} />
      {found && found.length > 0 && <Misfits found={found} label={structured.mistakes} />}
    </SpaceBetween>
  );
}

function Asked({ call: { name }, result, onChange }: { call: ToolCall; result: Result; onChange: (result: Result) => void }) {
  const { tools } = usePlaygroundTexts();
  return (
    <SpaceBetween size="xs">
      <FormField label={tools.result(name)} description={tools.resultText} stretch>
        <Textarea
          value={result.text}
          rows={Math.max(2, Math.min(10, result.text.split("\n").length))}
          spellcheck={false}
          onChange={({ detail }) => onChange({ ...result, text: detail.value })}
        />
      </FormField>
      <Checkbox checked={result.failed} onChange={({ detail }) => onChange({ ...result, failed: detail.checked })}>
        {tools.failed}
      </Checkbox>
    </SpaceBetween>
  );
}

function Given({ call: { name }, result: { text, failed } }: { call: ToolCall; result: Result }) {
  const { tools } = usePlaygroundTexts();
  return (
    <SpaceBetween size="xs">
      <div className="row row-start">
        <Box variant="strong">{tools.result(name)}</Box>
        {failed && <StatusIndicator type="warning">{tools.wasFailed}</StatusIndicator>}
      </div>
      <Code code={text} language="javascript" label={tools.result(name)} />
    </SpaceBetween>
  );
}

/** One answer as it streams in. */

import { type BedrockRuntimeClient, ConverseStreamCommand, type ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { BROKE_OFF, type Failure, failureOf } from "../../api/failure";
import { advanced, type Answer, begun } from "./talk/answer";

/** So often is shown what has come, in milliseconds: more is work for nobody's eyes. What is long takes longer to draw. */
const SHOWN_EVERY = 40;
const CHARACTERS_A_MILLISECOND = 500;

/** Tells `show` of each stage; the last one, which is also returned, is done, stopped (by `signal`) or failed. */
export async function ask(
  runtime: BedrockRuntimeClient,
  modelId: string,
  input: ConverseStreamCommandInput,
  signal: AbortSignal,
  show: (answer: Answer) => void,
): Promise<Answer> {
  const asked = performance.now();
  let answer = begun(modelId, input);
  let shown = asked;
  show(answer);
  const ended = (last: Partial<Answer>): Answer => {
    answer = { ...answer, ...last };
    show(answer);
    return answer;
  };
  try {
    const told = await runtime.send(new ConverseStreamCommand(input), { abortSignal: signal });
    answer = { ...answer, requestId: told.$metadata.requestId ?? null };
    for await (const event of told.stream ?? []) {
      if (signal.aborted) break;
      const now = performance.now();
      const begins = answer.progress === "waiting";
      answer = advanced(answer, event, now - asked);
      if (begins || now - shown >= Math.max(SHOWN_EVERY, sizeOf(answer) / CHARACTERS_A_MILLISECOND)) {
        show(answer);
        shown = now;
      }
    }
    if (!signal.aborted && answer.reason === null) return ended({ progress: "failed", failure: brokeOff(answer) });
    return ended({ progress: signal.aborted ? "stopped" : "done" });
  } catch (error) {
    if (signal.aborted) return ended({ progress: "stopped" });
    return ended({ progress: "failed", failure: failureOf(error, answer.requestId ?? undefined) });
  }
}

function sizeOf({ blocks }: Answer): number {
  return blocks.reduce((size, block) => size + (block.kind === "call" ? block.input : block.text).length, 0);
}

/** A stream without its last event was cut, however quietly it ended. */
function brokeOff({ requestId }: Answer): Failure {
  return { code: BROKE_OFF, message: "", ...(requestId !== null && { requestId }) };
}

/** One answer as it streams in. */

import { type BedrockRuntimeClient, ConverseStreamCommand, type ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { failureOf } from "../../api/failure";
import { advanced, type Answer, begun } from "./talk/answer";

/** So often is shown what has come, in milliseconds: more is work for nobody's eyes. */
const SHOWN_EVERY = 40;

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
      if (begins || now - shown >= SHOWN_EVERY) {
        show(answer);
        shown = now;
      }
    }
    return ended({ progress: signal.aborted ? "stopped" : "done" });
  } catch (error) {
    if (signal.aborted) return ended({ progress: "stopped" });
    return ended({ progress: "failed", failure: failureOf(error, answer.requestId ?? undefined) });
  }
}

/** One answer as it streams in. */

import { type BedrockRuntimeClient, ConverseStreamCommand, type ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { failureOf } from "../../api/failure";
import { advanced, type Answer, begun } from "./conversation";

/** So often is shown what has come, in milliseconds: more is work for nobody's eyes. */
const SHOWN_EVERY = 40;

/** Tells `show` of each stage; the last one is done, stopped (by `signal`) or failed. */
export async function ask(
  runtime: BedrockRuntimeClient,
  modelId: string,
  input: ConverseStreamCommandInput,
  signal: AbortSignal,
  show: (answer: Answer) => void,
): Promise<void> {
  const asked = performance.now();
  let answer = begun(modelId, input);
  let shown = asked;
  let requestId: string | undefined;
  show(answer);
  try {
    const told = await runtime.send(new ConverseStreamCommand(input), { abortSignal: signal });
    requestId = told.$metadata.requestId;
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
    show({ ...answer, progress: signal.aborted ? "stopped" : "done" });
  } catch (error) {
    if (signal.aborted) show({ ...answer, progress: "stopped" });
    else show({ ...answer, progress: "failed", failure: failureOf(error, requestId) });
  }
}

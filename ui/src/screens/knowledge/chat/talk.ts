/** A conversation with a knowledge base. Knows no screen. */

import type {
  Citation,
  RetrieveAndGenerateStreamCommandInput,
  RetrieveAndGenerateStreamResponseOutput,
} from "@aws-sdk/client-bedrock-agent-runtime";
import type { Failure } from "../../../api/failure";

export type Progress = "waiting" | "streaming" | "done" | "stopped" | "failed";

export interface Answer {
  progress: Progress;
  text: string;
  citations: Citation[];
  blocked: boolean;
  failure: Failure | null;
  /** In milliseconds. */
  took: number;
}

export interface Turn {
  id: number;
  question: string;
  input: RetrieveAndGenerateStreamCommandInput;
  answer: Answer;
}

export interface Talk {
  turns: Turn[];
  /** Of the first answer; it carries the conversation on. */
  sessionId: string | null;
}

export const NO_TALK: Talk = { turns: [], sessionId: null };
export const BEGUN: Answer = { progress: "waiting", text: "", citations: [], blocked: false, failure: null, took: 0 };

export interface Choices {
  modelArn: string;
  /** How many passages are read; null where they are not passages. */
  results: number | null;
}

export function inputFor(knowledgeBaseId: string, { modelArn, results }: Choices, question: string, sessionId: string | null): RetrieveAndGenerateStreamCommandInput {
  return {
    input: { text: question },
    retrieveAndGenerateConfiguration: {
      type: "KNOWLEDGE_BASE",
      knowledgeBaseConfiguration: {
        knowledgeBaseId,
        modelArn,
        ...(results !== null && { retrievalConfiguration: { vectorSearchConfiguration: { numberOfResults: results } } }),
      },
    },
    ...(sessionId && { sessionId }),
  };
}

export function advanced(answer: Answer, event: RetrieveAndGenerateStreamResponseOutput): Answer {
  if (event.output) return { ...answer, progress: "streaming", text: answer.text + (event.output.text ?? "") };
  if (event.citation) {
    const { generatedResponsePart, retrievedReferences, citation } = event.citation;
    const told = generatedResponsePart ? { generatedResponsePart, ...(retrievedReferences && { retrievedReferences }) } : (citation ?? {});
    return { ...answer, citations: [...answer.citations, told] };
  }
  if (event.guardrail) return { ...answer, blocked: event.guardrail.action === "INTERVENED" };
  return answer;
}

/** A late answer to a question that was cleared away changes nothing. */
export function changed(talk: Talk, id: number, answer: Answer, sessionId: string | null): Talk {
  if (!talk.turns.some((turn) => turn.id === id)) return talk;
  return {
    sessionId: sessionId ?? talk.sessionId,
    turns: talk.turns.map((turn) => (turn.id === id ? { ...turn, answer } : turn)),
  };
}

export function isBusy({ turns }: Talk): boolean {
  return turns.some(({ answer }) => answer.progress === "waiting" || answer.progress === "streaming");
}

/** As it is left: what was still coming is stopped. */
export function settled(talk: Talk): Talk {
  const stopped = (turn: Turn): Turn => ({ ...turn, answer: { ...turn.answer, progress: "stopped" } });
  return { ...talk, turns: talk.turns.map((turn) => (isBusy({ ...talk, turns: [turn] }) ? stopped(turn) : turn)) };
}

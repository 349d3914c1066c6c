"""Anthropic's text completion bodies (Claude 2) <-> Converse. Knows no model.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-text-completion.html
"""

from typing import Literal

from craton.dialects.body import Body, Count, Filled, Json, Share, given, parse
from craton.dialects.converse import Answer, Block, Stamp, Turn
from craton.dialects.metrics import read_metrics
from craton.dialects.text.completion import TextReader, TextWriter, answer_of, parameters, parts, text_of
from craton.dialects.text.transcripts import conversation, labelled, write_labelled

API = "Anthropic's text completion"
LABELS = ("Human", "Assistant")
# The API ends an answer at the sequence that opens the next human turn, its own stop sequence.
NEXT_TURN = "\n\nHuman:"
LENGTH = ("max_tokens", "model_context_window_exceeded")


class Request(Body):
    prompt: Filled
    max_tokens_to_sample: Count
    anthropic_version: Literal["bedrock-2023-05-31"] | None = None
    temperature: Share | None = None
    top_p: Share | None = None
    top_k: int | None = None
    stop_sequences: list[Filled] | None = None


def read_request(body: Json) -> Turn:
    request = parse(Request, body)
    # That sequence ends every answer here anyway.
    stop = [sequence for sequence in request.stop_sequences or [] if sequence != NEXT_TURN]
    inference = given(
        maxTokens=request.max_tokens_to_sample,
        temperature=request.temperature,
        topP=request.top_p,
        stopSequences=stop or None,
    )
    turn = conversation(request.prompt, labelled(*LABELS))
    return turn | given(inferenceConfig=inference, additionalModelRequestFields=given(top_k=request.top_k))


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say. `max_tokens_to_sample`, which the API demands, is missing
    where the turn does not say it.
    """
    names = {"maxTokens": "max_tokens_to_sample", "temperature": "temperature", "topP": "top_p"}
    asked = parameters(turn, API, **names, stopSequences="stop_sequences", top_k="top_k")
    return {"prompt": write_labelled(*LABELS, parts(turn, API), gap="\n\n"), **asked}


def _body(text: str, stop_reason: str | None, stop: str | None) -> Block:
    return {"type": "completion", "completion": text, "stop_reason": stop_reason, "stop": stop}


def _ended(text: str, stop_reason: str, met: str | None) -> Block:
    if stop_reason in LENGTH:
        return _body(text, "max_tokens", None)
    return _body(text, "stop_sequence", met if stop_reason == "stop_sequence" else NEXT_TURN)


def _stop_reason(body: Json) -> str | None:
    """Converse's stop reason: to come to the next human turn is to end by itself."""
    return "end_turn" if body["stop"] == NEXT_TURN else body["stop_reason"]


def write_response(answer: Answer, stamp: Stamp) -> Block:
    additional = answer.get("additionalModelResponseFields") or {}
    return _ended(text_of(answer), answer["stopReason"], additional.get("stop_sequence"))


def read_response(body: Json) -> Answer:
    return answer_of(body["completion"], _stop_reason(body) or "end_turn", read_metrics(body))


class EventWriter(TextWriter):
    def piece(self, text: str, first: bool) -> Block:
        return _body(text, None, None)

    def last(self, stop_reason: str, usage: Json) -> Block:
        return _ended("", stop_reason, None)


class EventReader(TextReader):
    def piece(self, chunk: Json) -> tuple[str, str | None]:
        return chunk["completion"], _stop_reason(chunk)

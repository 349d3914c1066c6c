"""Anthropic's text completion bodies (Claude 2) -> Converse and back. Knows no model.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-text-completion.html
"""

from collections.abc import Mapping
from typing import Any, Literal

from craton.dialects.body import Body, Count, Filled, Share, given, parse
from craton.dialects.completion import TextWriter, text_of
from craton.dialects.converse import Answer, Block, Stamp, Turn
from craton.dialects.transcripts import conversation, labelled

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


def read_request(body: Mapping[str, Any]) -> Turn:
    request = parse(Request, body)
    # That sequence ends every answer here anyway.
    stop = [sequence for sequence in request.stop_sequences or [] if sequence != NEXT_TURN]
    inference = given(
        maxTokens=request.max_tokens_to_sample,
        temperature=request.temperature,
        topP=request.top_p,
        stopSequences=stop or None,
    )
    turn = conversation(request.prompt, labelled("Human", "Assistant"))
    return turn | given(inferenceConfig=inference, additionalModelRequestFields=given(top_k=request.top_k))


def _body(text: str, stop_reason: str | None, stop: str | None) -> Block:
    return {"type": "completion", "completion": text, "stop_reason": stop_reason, "stop": stop}


def _ended(text: str, stop_reason: str, met: str | None) -> Block:
    if stop_reason in LENGTH:
        return _body(text, "max_tokens", None)
    return _body(text, "stop_sequence", met if stop_reason == "stop_sequence" else NEXT_TURN)


def write_response(answer: Answer, stamp: Stamp) -> Block:
    additional = answer.get("additionalModelResponseFields") or {}
    return _ended(text_of(answer), answer["stopReason"], additional.get("stop_sequence"))


class EventWriter(TextWriter):
    def piece(self, text: str, first: bool) -> Block:
        return _body(text, None, None)

    def last(self, stop_reason: str, usage: Mapping[str, Any]) -> Block:
        return _ended("", stop_reason, None)

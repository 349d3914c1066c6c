"""Mistral's text completion bodies on Bedrock -> Converse and back. Knows no model, and not Mistral's chat bodies.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html
"""

from collections.abc import Mapping
from typing import Any

from craton.dialects.body import Body, Count, Filled, Share, given, parse
from craton.dialects.completion import TextWriter, text_of
from craton.dialects.converse import Answer, Block, Stamp, Turn
from craton.dialects.transcripts import conversation, inst

# What is not listed ended by itself.
STOP_REASONS = {"max_tokens": "length", "model_context_window_exceeded": "length"}


class Request(Body):
    prompt: Filled
    max_tokens: Count | None = None
    stop: list[Filled] | None = None
    temperature: Share | None = None
    top_p: Share | None = None
    top_k: Count | None = None


def read_request(body: Mapping[str, Any]) -> Turn:
    request = parse(Request, body)
    inference = given(
        maxTokens=request.max_tokens,
        temperature=request.temperature,
        topP=request.top_p,
        stopSequences=request.stop or None,
    )
    turn = conversation(request.prompt, inst)
    return turn | given(inferenceConfig=inference, additionalModelRequestFields=given(top_k=request.top_k))


def _body(text: str, stop_reason: str | None) -> Block:
    return {"outputs": [{"text": text, "stop_reason": stop_reason}]}


def write_response(answer: Answer, stamp: Stamp) -> Block:
    return _body(text_of(answer), STOP_REASONS.get(answer["stopReason"], "stop"))


class EventWriter(TextWriter):
    def piece(self, text: str, first: bool) -> Block:
        return _body(text, None)

    def last(self, stop_reason: str, usage: Mapping[str, Any]) -> Block:
        return _body("", STOP_REASONS.get(stop_reason, "stop"))

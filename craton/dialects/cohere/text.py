"""Cohere Command's text generation bodies on Bedrock <-> Converse. Knows no model, and not Command R's chat bodies.

A stream comes piece by piece where the body says `stream`, and as one chunk where it does not.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command.html
"""

from typing import Annotated, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Json, Share, given, parse
from craton.dialects.cohere.chat.answer import FINISH_REASONS as CHAT_FINISH_REASONS
from craton.dialects.cohere.chat.answer import READ_FINISH_REASONS
from craton.dialects.converse import Answer, Block, Event, Turn
from craton.dialects.metrics import read_metrics
from craton.dialects.stamps import Asked
from craton.dialects.text.completion import TextReader, TextWriter, answer_of, lone_prompt, parameters, text_of

API = "Cohere's text generation"
FINISH_REASONS = CHAT_FINISH_REASONS | {"model_context_window_exceeded": "MAX_TOKENS"}
Bias = Annotated[float, Meta(ge=-10, le=10)]


class Request(Body):
    prompt: Filled
    max_tokens: Count | None = None
    # The service goes to 5; no engine goes beyond 1.
    temperature: Share | None = None
    p: Share | None = None
    k: Annotated[int, Meta(ge=0, le=500)] | None = None
    stop_sequences: list[Filled] | None = None
    stream: bool | None = None
    return_likelihoods: Literal["NONE"] | None = None
    num_generations: Literal[1] | None = None
    logit_bias: dict[str, Bias] | None = None
    # A prompt that does not fit is refused whatever this says: of a conversation nothing is cut off unseen.
    truncate: Literal["NONE"] | None = None


def read_request(body: Json) -> Turn:
    request = parse(Request, body)
    inference = given(
        maxTokens=request.max_tokens,
        temperature=request.temperature,
        topP=request.p,
        stopSequences=request.stop_sequences or None,
    )
    turn: Block = {"messages": [{"role": "user", "content": [{"text": request.prompt}]}]}
    additional = given(top_k=request.k, logit_bias=request.logit_bias)
    return turn | given(inferenceConfig=inference, additionalModelRequestFields=additional)


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say, a conversation of more than one message too."""
    names = {"maxTokens": "max_tokens", "temperature": "temperature", "topP": "p", "stopSequences": "stop_sequences"}
    asked = parameters(turn, API, **names, top_k="k", logit_bias="logit_bias")
    return {"prompt": lone_prompt(turn, API), **asked}


def _body(stamp: Asked, text: str, stop_reason: str) -> Block:
    generation = {"id": stamp.id, "text": text, "finish_reason": FINISH_REASONS.get(stop_reason, "COMPLETE")}
    return {"id": stamp.id, "generations": [generation], "prompt": stamp.body.get("prompt", "")}


def write_response(answer: Answer, stamp: Asked) -> Block:
    return _body(stamp, text_of(answer), answer["stopReason"])


def read_response(body: Json) -> Answer:
    (generation,) = body["generations"]
    return answer_of(generation["text"], READ_FINISH_REASONS[generation["finish_reason"]], read_metrics(body))


class EventWriter(TextWriter):
    def __init__(self, stamp: Asked) -> None:
        super().__init__(stamp)
        self._asked = stamp
        self._texts: list[str] = []

    def write(self, event: Event) -> list[Block]:
        chunks = super().write(event)
        if self._asked.body.get("stream") or "metadata" in event:
            return chunks
        return []

    def piece(self, text: str, first: bool) -> Block:
        self._texts.append(text)
        return {"text": text, "is_finished": False}

    def last(self, stop_reason: str, usage: Json) -> Block:
        if self._asked.body.get("stream"):
            return {"is_finished": True, "finish_reason": FINISH_REASONS.get(stop_reason, "COMPLETE")}
        return _body(self._asked, "".join(self._texts), stop_reason)


class EventReader(TextReader):
    def piece(self, chunk: Json) -> tuple[str, str | None]:
        for generation in chunk.get("generations", ()):
            return generation["text"], READ_FINISH_REASONS[generation["finish_reason"]]
        return chunk.get("text", ""), READ_FINISH_REASONS.get(chunk.get("finish_reason", ""))

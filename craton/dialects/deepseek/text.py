"""DeepSeek-R1's bodies on Bedrock <-> Converse: a prompt in, a text out, the model's thoughts in `<think>` tags.

Knows no model; DeepSeek's later models speak OpenAI's chat completions.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html
"""

from typing import Annotated

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Json, Share, given, parse
from craton.dialects.converse import Answer, Block, Event, Turn
from craton.dialects.metrics import read_metrics
from craton.dialects.stamps import Asked
from craton.dialects.text import tags
from craton.dialects.text.completion import TextReader, TextWriter, answer_of, parameters, parts
from craton.dialects.text.transcripts import conversation, deepseek, write_deepseek

API = "DeepSeek's text completion"
TAG = "<think>"
OPENING, CLOSING = f"{TAG}\n", "\n</think>\n\n"
# What is not listed ended by itself.
STOP_REASONS = {"max_tokens": "length", "model_context_window_exceeded": "length"}
READ_STOP_REASONS = {"stop": "end_turn", "length": "max_tokens"}


class Request(Body):
    prompt: Filled
    max_tokens: Count | None = None
    stop: Annotated[list[Filled], Meta(max_length=10)] | None = None
    temperature: Share | None = None
    top_p: Share | None = None


def read_request(body: Json) -> Turn:
    request = parse(Request, body)
    inference = given(
        maxTokens=request.max_tokens,
        temperature=request.temperature,
        topP=request.top_p,
        stopSequences=request.stop or None,
    )
    return conversation(request.prompt, deepseek) | given(inferenceConfig=inference)


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say. Thoughts of earlier answers are left out, as the model's
    own template leaves them out.
    """
    names = {"maxTokens": "max_tokens", "temperature": "temperature", "topP": "top_p", "stopSequences": "stop"}
    messages = [{**message, "content": _said(message["content"])} for message in turn["messages"]]
    prompt = write_deepseek(parts({**turn, "messages": messages}, API))
    return {"prompt": prompt, **parameters(turn, API, **names)}


def _said(content: list[Block]) -> list[Block]:
    return [block for block in content if "reasoningContent" not in block]


def _body(text: str, stop_reason: str | None) -> Block:
    return {"choices": [{"text": text, "stop_reason": stop_reason}]}


def write_response(answer: Answer, stamp: Asked) -> Block:
    text = tags.tagged(answer["output"]["message"]["content"], _opening(stamp), CLOSING)
    return _body(text, STOP_REASONS.get(answer["stopReason"], "stop"))


def _opening(stamp: Asked) -> str:
    return "" if tags.opened(stamp.body.get("prompt", ""), TAG) else OPENING


def read_response(body: Json) -> Answer:
    """The tag that begins the thoughts has to be in the answer: what a prompt that ends with it leaves out, is text."""
    (choice,) = body["choices"]
    answer = answer_of("", READ_STOP_REASONS[choice["stop_reason"]], read_metrics(body))
    answer["output"]["message"]["content"] = tags.split(choice["text"], TAG, CLOSING.strip())
    return answer


class EventWriter(TextWriter):
    def __init__(self, stamp: Asked) -> None:
        super().__init__(stamp)
        self._opening = _opening(stamp)
        self._reasoning = False

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"contentBlockDelta": {"delta": {"reasoningContent": {"text": text}}}}:
                opening, self._reasoning = "" if self._reasoning else self._opening, True
                return [self.next_piece(opening + text)]
            case {"contentBlockStop": _} if self._reasoning:
                self._reasoning = False
                return [self.next_piece(CLOSING)]
        return super().write(event)

    def piece(self, text: str, first: bool) -> Block:
        return _body(text, None)

    def last(self, stop_reason: str, usage: Json) -> Block:
        return _body("", STOP_REASONS.get(stop_reason, "stop"))


class EventReader(TextReader):
    def __init__(self) -> None:
        super().__init__()
        self._splitter = tags.Splitter(TAG, CLOSING.strip())
        self._index = -1
        self._reasoning: bool | None = None

    def text(self, text: str) -> list[Event]:
        return [event for piece in self._splitter.feed(text) for event in self._say(*piece)]

    def close(self) -> list[Event]:
        events = [event for piece in self._splitter.end() for event in self._say(*piece)]
        # Converse knows no message without a block.
        self._index = max(self._index, 0)
        return [*events, *_stop(self._index)]

    def _say(self, reasoning: bool, text: str) -> list[Event]:
        events: list[Event] = []
        if reasoning != self._reasoning:
            events += _stop(self._index) if self._index >= 0 else []
            self._reasoning = reasoning
            self._index += 1
        delta: Block = {"reasoningContent": {"text": text}} if reasoning else {"text": text}
        return [*events, {"contentBlockDelta": {"delta": delta, "contentBlockIndex": self._index}}]

    def piece(self, chunk: Json) -> tuple[str, str | None]:
        (choice,) = chunk["choices"]
        return choice["text"], READ_STOP_REASONS.get(choice["stop_reason"])


def _stop(index: int) -> list[Event]:
    return [{"contentBlockStop": {"contentBlockIndex": index}}]

"""gpt-oss on InvokeModel: OpenAI chat completions whose reasoning stands in the text, in `<reasoning>` tags.

Knows nothing beyond that difference to `chat`.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
"""

from collections.abc import Iterable

from craton.dialects.body import Json
from craton.dialects.converse import Answer, Block, Event, Stamp
from craton.dialects.openai import chat as openai_chat
from craton.dialects.text import tags

read_request = openai_chat.read_request
write_request = openai_chat.write_request
OPENING, CLOSING = "<reasoning>", "</reasoning>"


def write_response(answer: Answer, stamp: Stamp) -> Block:
    message = answer["output"]["message"]
    content = [_told(block) for block in message["content"]]
    return openai_chat.write_response({**answer, "output": {"message": {**message, "content": content}}}, stamp)


def _told(block: Block) -> Block:
    match block:
        case {"reasoningContent": {"reasoningText": {"text": text}}}:
            return {"text": f"{OPENING}{text}{CLOSING}"}
    return block


def read_response(body: Json) -> Answer:
    answer = openai_chat.read_response(dict(body))
    message = answer["output"]["message"]
    message["content"] = [part for block in message["content"] for part in _untold(block)]
    return answer


def _untold(block: Block) -> list[Block]:
    return tags.split(block["text"], OPENING, CLOSING) if "text" in block else [block]


class EventWriter:
    def __init__(self, stamp: Stamp) -> None:
        self._inner = openai_chat.EventWriter(stamp)
        self._reasoning = False

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"contentBlockDelta": {"delta": {"reasoningContent": {"text": text}}}}:
                opening, self._reasoning = "" if self._reasoning else OPENING, True
                return self._text(opening + text)
            case {"contentBlockStop": _} if self._reasoning:
                self._reasoning = False
                return self._text(CLOSING)
        return self._inner.write(event)

    def _text(self, text: str) -> list[Block]:
        return self._inner.write({"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": text}}})


class EventReader:
    """Chunks with reasoning in the text -> chunks with reasoning beside it -> Converse events."""

    def __init__(self) -> None:
        self._inner = openai_chat.EventReader()
        self._splitter = tags.Splitter(OPENING, CLOSING)

    def read(self, chunk: Block) -> list[Event]:
        return [event for part in self._split(chunk) for event in self._inner.read(part)]

    def end(self) -> None:
        self._inner.end()

    def _split(self, chunk: Block) -> Iterable[Block]:
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            yield from self._told(chunk, self._splitter.feed(delta.get("content") or ""))
            if delta.get("tool_calls") or choice.get("finish_reason"):
                yield from self._told(chunk, self._splitter.end())
            rest = {name: value for name, value in delta.items() if name != "content"}
            yield {**chunk, "choices": [{**choice, "delta": rest}]}
        if not chunk.get("choices"):
            yield chunk

    def _told(self, chunk: Block, pieces: Iterable[tags.Piece]) -> Iterable[Block]:
        for reasoning, text in pieces:
            name = "reasoning_content" if reasoning else "content"
            yield {**chunk, "choices": [{"index": 0, "delta": {name: text}, "finish_reason": None}], "usage": None}

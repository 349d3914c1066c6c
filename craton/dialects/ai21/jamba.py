"""AI21's Jamba bodies on Bedrock <-> Converse: OpenAI chat completions but for a few names. Knows no model.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-jamba.html
"""

from typing import Annotated, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Json, Share, parse
from craton.dialects.converse import Answer, Block, Event, Stamp, Turn
from craton.dialects.openai import chat as openai_chat
from craton.dialects.openai.chat import shapes


class UserMessage(Body, tag_field="role", tag="user"):
    content: Filled


class SystemMessage(Body, tag_field="role", tag="system"):
    content: str


class AssistantMessage(Body, tag_field="role", tag="assistant"):
    content: str | None = None
    tool_calls: list[shapes.ToolCall] | None = None


class ToolMessage(Body, tag_field="role", tag="tool"):
    content: str
    tool_call_id: str


class Request(Body):
    messages: Annotated[list[SystemMessage | UserMessage | AssistantMessage | ToolMessage], Meta(min_length=1)]
    max_tokens: Count | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Share | None = None
    stop: Filled | list[Filled] | None = None
    n: Literal[1] | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    tools: list[shapes.Tool] | None = None
    response_format: shapes.TextFormat | shapes.AnyObjectFormat | None = None


def read_request(body: Json) -> Turn:
    parse(Request, body)
    return openai_chat.read_request(body)


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say."""
    body = openai_chat.write_request(turn)
    parse(Request, body)
    return body


def write_response(answer: Answer, stamp: Stamp) -> Block:
    whole = openai_chat.write_response(answer, stamp)
    return {"id": whole["id"], "choices": [_bare(choice) for choice in whole["choices"]], "usage": whole["usage"]}


def _bare(choice: Block) -> Block:
    """A choice without the members that Jamba does not have; reasoning has no place in these bodies."""
    message = {name: choice["message"][name] for name in ("role", "content", "tool_calls") if name in choice["message"]}
    return {"index": choice["index"], "message": message, "finish_reason": choice["finish_reason"]}


def read_response(body: Json) -> Answer:
    return openai_chat.read_response(dict(body))


class EventWriter:
    """The chunk that tells why the answer ended also tells the usage, so it is held back until that is known."""

    def __init__(self, stamp: Stamp) -> None:
        self._inner = openai_chat.EventWriter(stamp)
        self._last: Block = {}

    def write(self, event: Event) -> list[Block]:
        chunks = self._inner.write(event)
        if "messageStop" in event:
            self._last = _chunk(chunks[-1])
            return []
        if "metadata" in event:
            return [{**self._last, "usage": chunks[-1]["usage"]}]
        return [_chunk(chunk) for chunk in chunks if "reasoning_content" not in chunk["choices"][0]["delta"]]


def _chunk(chunk: Block) -> Block:
    choices = [{name: choice[name] for name in ("index", "delta", "finish_reason")} for choice in chunk["choices"]]
    return {"id": chunk["id"], "choices": choices}


EventReader = openai_chat.EventReader

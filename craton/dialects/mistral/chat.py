"""Mistral's chat bodies on Bedrock <-> Converse: OpenAI chat completions but for a few names. Knows no model.

`stop_reason` is Bedrock's name for the end of an answer, `finish_reason` Mistral's own: answers tell both. A stream's
chunks have the form of an answer, a piece of the message in each.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html
"""

from typing import Annotated, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Json, Share, given, parse
from craton.dialects.converse import Answer, Block, Event, Stamp, Turn
from craton.dialects.metrics import read_metrics
from craton.dialects.openai import chat as openai_chat
from craton.dialects.openai.chat import shapes

# Mistral's name -> OpenAI's.
NAMES = {"random_seed": "seed"}
TOOL_CHOICES = {"any": "required"}


class ImagePart(Body, tag_field="type", tag="image_url"):
    image_url: str | shapes.ImageUrl


class UserMessage(Body, tag_field="role", tag="user"):
    content: Filled | Annotated[list[shapes.TextPart | ImagePart], Meta(min_length=1)]


class AssistantMessage(Body, tag_field="role", tag="assistant"):
    content: str | list[shapes.TextPart] | None = None
    tool_calls: list[shapes.ToolCall] | None = None
    prefix: Literal[False] | None = None


class ToolMessage(Body, tag_field="role", tag="tool"):
    content: str | list[shapes.TextPart]
    tool_call_id: str
    name: str | None = None


class SystemMessage(Body, tag_field="role", tag="system"):
    content: str | list[shapes.TextPart]


class Request(Body):
    messages: Annotated[list[SystemMessage | UserMessage | AssistantMessage | ToolMessage], Meta(min_length=1)]
    model: str | None = None
    stream: bool | None = None
    tools: list[shapes.Tool] | None = None
    tool_choice: Literal["auto", "any", "none", "required"] | shapes.NamedChoice | None = None
    max_tokens: Count | None = None
    temperature: Share | None = None
    top_p: Share | None = None
    stop: Filled | list[Filled] | None = None
    random_seed: int | None = None
    response_format: shapes.TextFormat | shapes.AnyObjectFormat | shapes.SchemaFormat | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    parallel_tool_calls: bool | None = None
    n: Literal[1] | None = None
    safe_prompt: Literal[False] | None = None


def read_request(body: Json) -> Turn:
    parse(Request, body)
    renamed = {NAMES.get(name, name): value for name, value in body.items() if name != "safe_prompt"}
    choice = body.get("tool_choice")
    if isinstance(choice, str):
        renamed["tool_choice"] = TOOL_CHOICES.get(choice, choice)
    renamed["messages"] = [_read_message(message) for message in body["messages"]]
    return openai_chat.read_request(renamed)


def _read_message(message: Block) -> Block:
    # The name of the tool stands in the call that it answers, and no client asks for the prefix of an answer.
    kept = {name: value for name, value in message.items() if name not in ("name", "prefix")}
    if isinstance(message.get("content"), list):
        kept["content"] = [_read_part(part) for part in message["content"]]
    return kept


def _read_part(part: Block) -> Block:
    return {**part, "image_url": {"url": part["image_url"]}} if isinstance(part.get("image_url"), str) else part


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say."""
    written = openai_chat.write_request(turn)
    back = {name: mistral for mistral, name in NAMES.items()}
    body = {back.get(name, name): value for name, value in written.items()}
    body["messages"] = [_write_message(message) for message in written["messages"]]
    if body.get("tool_choice") == "required":
        body["tool_choice"] = "any"
    parse(Request, body)
    return body


def _write_message(message: Block) -> Block:
    """A message without reasoning, which has no place in these bodies, and with a content even beside calls."""
    kept = {name: value for name, value in message.items() if name != "reasoning_content"}
    return {**kept, "content": message["content"] or ""}


def write_response(answer: Answer, stamp: Stamp) -> Block:
    body = openai_chat.write_response(answer, stamp)
    body["choices"] = [_write_choice(choice) for choice in body["choices"]]
    return body


def _write_choice(choice: Block) -> Block:
    told = choice["message"]
    message = given(role=told["role"], content=told["content"] or "", tool_calls=told.get("tool_calls"))
    # Reasoning has no place in these bodies.
    reason = choice["finish_reason"]
    return {"index": choice["index"], "message": message, "stop_reason": reason, "finish_reason": reason}


def read_response(body: Json) -> Answer:
    counted = _counted(body)
    counted["choices"] = [{"finish_reason": _end(choice), "message": choice["message"]} for choice in body["choices"]]
    return openai_chat.read_response(counted)


def _end(choice: Json) -> str | None:
    return choice.get("finish_reason") or choice.get("stop_reason")


def _counted(body: Json) -> Block:
    """A body or chunk with its usage, which not every model of this family tells inside."""
    if (told := read_metrics(body)) is None or body.get("usage"):
        return dict(body)
    return {**body, "usage": {"prompt_tokens": told["inputTokens"], "completion_tokens": told["outputTokens"]}}


class EventWriter:
    def __init__(self, stamp: Stamp) -> None:
        self._inner = openai_chat.EventWriter(stamp)

    def write(self, event: Event) -> list[Block]:
        return [self._chunk(chunk, event) for chunk in self._inner.write(event)]

    def _chunk(self, chunk: Block, event: Event) -> Block:
        if "metadata" in event:
            return chunk
        (choice,) = chunk["choices"]
        message = {"role": "assistant"} | {k: v for k, v in choice["delta"].items() if k in ("content", "tool_calls")}
        return {"choices": [{"index": 0, "message": message, "stop_reason": choice["finish_reason"]}]}


class EventReader:
    def __init__(self) -> None:
        self._inner = openai_chat.EventReader()

    def read(self, chunk: Json) -> list[Event]:
        choices = [{"delta": _delta(choice), "finish_reason": _end(choice)} for choice in chunk["choices"]]
        return self._inner.read({**_counted(chunk), "choices": choices})

    def end(self) -> None:
        self._inner.end()


def _delta(choice: Json) -> Block:
    delta: Block = choice.get("message") or choice.get("delta") or {}
    return delta

"""Writer's Palmyra bodies on Bedrock <-> Converse: OpenAI chat completions, where a content may also be one part.

Knows no model. Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-palmyra-x5.html
"""

from typing import Annotated, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Json, Share, parse
from craton.dialects.converse import Block, Turn
from craton.dialects.openai import chat as openai_chat
from craton.dialects.openai.chat import shapes

EventReader = openai_chat.EventReader
EventWriter = openai_chat.EventWriter
read_response = openai_chat.read_response
write_response = openai_chat.write_response


class Text(Body):
    text: str
    type: Literal["text"] = "text"


Content = Filled | Text | Annotated[list[shapes.TextPart], Meta(min_length=1)]


class Message(Body, tag_field="role"):
    content: Content


class UserMessage(Message, tag="user"):
    pass


class SystemMessage(Message, tag="system"):
    pass


class AssistantMessage(Body, tag_field="role", tag="assistant"):
    content: Content | None = None
    tool_calls: list[shapes.ToolCall] | None = None
    reasoning_content: str | None = None
    refusal: str | None = None


class ToolMessage(Message, tag="tool"):
    tool_call_id: str


class Request(Body):
    messages: Annotated[list[SystemMessage | UserMessage | AssistantMessage | ToolMessage], Meta(min_length=1)]
    model: str | None = None
    stream: bool | None = None
    stream_options: shapes.StreamOptions | None = None
    max_tokens: Annotated[Count, Meta(le=8192)] | None = None
    min_tokens: Literal[0] | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Share | None = None
    stop: Filled | Annotated[list[Filled], Meta(max_length=4)] | None = None
    seed: int | None = None
    presence_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    frequency_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    tools: list[shapes.Tool] | None = None
    tool_choice: Literal["none", "auto", "required"] | shapes.NamedChoice | None = None
    response_format: shapes.TextFormat | shapes.AnyObjectFormat | shapes.SchemaFormat | None = None
    parallel_tool_calls: bool | None = None
    n: Literal[1] | None = None


def read_request(body: Json) -> Turn:
    parse(Request, body)
    known = {name: value for name, value in body.items() if name != "min_tokens"}
    return openai_chat.read_request({**known, "messages": [_read_message(message) for message in body["messages"]]})


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say."""
    body = openai_chat.write_request(turn)
    parse(Request, body)
    return body


def _read_message(message: Block) -> Block:
    content = message.get("content")
    return {**message, "content": content["text"]} if isinstance(content, dict) else message

"""The chat request as typed structs: what is read, and so what is valid. Knows no Converse."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Share
from craton.dialects.converse import Block


class Parameter(Body):
    type: str
    description: str | None = None
    required: bool = False


class Tool(Body):
    name: Filled
    description: str = ""
    parameter_definitions: dict[str, Parameter] = msgspec.field(default_factory=dict)


class Call(Body):
    name: Filled
    parameters: Block = msgspec.field(default_factory=dict)
    generation_id: str | None = None


class ToolResult(Body):
    call: Call
    outputs: list[Block]


class UserMessage(Body, tag_field="role", tag="USER"):
    message: Filled


class ChatbotMessage(Body, tag_field="role", tag="CHATBOT"):
    message: str | None = None
    tool_calls: list[Call] | None = None


class ToolMessage(Body, tag_field="role", tag="TOOL"):
    tool_results: Annotated[list[ToolResult], Meta(min_length=1)]
    message: None = None


class Request(Body):
    message: str
    chat_history: list[UserMessage | ChatbotMessage | ToolMessage] | None = None
    documents: list[dict[str, str]] | None = None
    preamble: str | None = None
    max_tokens: Count | None = None
    temperature: Share | None = None
    p: Share | None = None
    k: Annotated[int, Meta(ge=0, le=500)] | None = None
    frequency_penalty: Share | None = None
    presence_penalty: Share | None = None
    seed: Annotated[int, Meta(ge=0)] | None = None
    stop_sequences: list[Filled] | None = None
    tools: list[Tool] | None = None
    tool_results: list[ToolResult] | None = None
    # Each of these asks for what a model behind a template of its own cannot do, unless it says the default.
    search_queries_only: Literal[False] | None = None
    prompt_truncation: Literal["OFF"] | None = None
    return_prompt: Literal[False] | None = None
    raw_prompting: Literal[False] | None = None

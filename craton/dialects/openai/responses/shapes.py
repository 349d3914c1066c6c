"""The Responses request as typed structs: what is read, and so what is valid. Knows no Converse."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Share

Include = Literal["message.output_text.logprobs", "reasoning.encrypted_content", "message.input_image.image_url"]
Status = Literal["in_progress", "completed", "incomplete"]


class InputText(Body, tag_field="type", tag="input_text"):
    text: str
    prompt_cache_breakpoint: None = None


class InputImage(Body, tag_field="type", tag="input_image"):
    """Images are read as they are, so `low`, which asks for a smaller one, is refused."""

    image_url: str
    detail: Literal["auto", "high", "original"] | None = None
    file_id: None = None
    prompt_cache_breakpoint: None = None


class InputFile(Body, tag_field="type", tag="input_file"):
    file_data: str
    filename: str = "document"
    detail: Literal["auto", "high"] | None = None
    file_id: None = None
    file_url: None = None
    prompt_cache_breakpoint: None = None


class OutputText(Body, tag_field="type", tag="output_text"):
    """What an answer cited and how likely its tokens were is sent back by clients; models are not shown it."""

    text: str
    annotations: list[dict[str, Any]] | None = None
    logprobs: list[dict[str, Any]] | None = None


class Refusal(Body, tag_field="type", tag="refusal"):
    refusal: str


Part = InputText | InputImage | InputFile | OutputText | Refusal


class Message(Body, tag_field="type", tag="message"):
    role: Literal["user", "assistant", "system", "developer"]
    content: str | Annotated[list[Part], Meta(min_length=1)]
    id: str | None = None
    status: Status | None = None
    phase: str | None = None


class FunctionCall(Body, tag_field="type", tag="function_call"):
    call_id: str
    name: str
    arguments: str
    id: str | None = None
    status: Status | None = None
    caller: None = None
    namespace: None = None


class FunctionCallOutput(Body, tag_field="type", tag="function_call_output"):
    call_id: str
    output: str | list[InputText | InputImage | InputFile]
    id: str | None = None
    status: Status | None = None
    name: str | None = None
    caller: None = None
    namespace: None = None


class SummaryText(Body, tag_field="type", tag="summary_text"):
    text: str


class ReasoningText(Body, tag_field="type", tag="reasoning_text"):
    text: str


class ReasoningItem(Body, tag_field="type", tag="reasoning"):
    summary: list[SummaryText] | None = None
    content: list[ReasoningText] | None = None
    encrypted_content: str | None = None
    id: str | None = None
    status: Status | None = None


class ItemReference(Body, tag_field="type", tag="item_reference"):
    id: str


Item = Message | FunctionCall | FunctionCallOutput | ReasoningItem | ItemReference


class FunctionTool(Body, tag_field="type", tag="function"):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class NamedTool(Body, tag_field="type", tag="function"):
    name: str


class AllowedTools(Body, tag_field="type", tag="allowed_tools"):
    mode: Literal["auto", "required"]
    tools: Annotated[list[NamedTool], Meta(min_length=1)]


class TextFormat(Body, tag_field="type", tag="text"):
    pass


class AnyObjectFormat(Body, tag_field="type", tag="json_object"):
    pass


class SchemaFormat(Body, tag_field="type", tag="json_schema"):
    name: str
    schema: dict[str, Any]
    description: str | None = None
    strict: bool | None = None


class Text(Body):
    format: TextFormat | AnyObjectFormat | SchemaFormat | None = None
    verbosity: Literal["medium"] | None = None


class Reasoning(Body):
    """A summary is the whole reasoning, so a `concise` one is refused."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: Literal["auto", "detailed"] | None = None
    generate_summary: Literal["auto", "detailed"] | None = None
    context: Literal["auto", "all_turns"] | None = None
    mode: Literal["standard"] | None = None


class StreamOptions(Body):
    include_obfuscation: bool = True


# Of a conversation, and as many of its items as one request may send: each is kept by an id of its own.
MOST_ITEMS = 10_000
Key = Annotated[str, Meta(max_length=64)]
Value = Annotated[str, Meta(max_length=512)]


class Request(Body):
    model: str | None = None
    input: str | Annotated[list[Item], Meta(max_length=MOST_ITEMS)] | None = None
    instructions: str | None = None
    previous_response_id: str | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    store: bool | None = None
    background: bool | None = None
    include: (
        list[Literal["message.output_text.logprobs", "reasoning.encrypted_content", "message.input_image.image_url"],]
        | None
    ) = None
    tools: list[FunctionTool] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedTool | AllowedTools | None = None
    parallel_tool_calls: bool | None = None
    text: Text | None = None
    reasoning: Reasoning | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Share | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    max_output_tokens: Count | None = None
    # Of tools that a server has built in; there are none here, so any limit is kept.
    max_tool_calls: Count | None = None
    truncation: Literal["auto", "disabled"] | None = None
    service_tier: Literal["auto", "default", "flex", "priority", "fast"] | None = None
    metadata: Annotated[dict[Key, Value], Meta(max_length=16)] | None = None
    # Who asks, and what requests have in common: told on with the metadata.
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None

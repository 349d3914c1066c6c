"""The Messages request as typed structs: what is read, and so what is valid. Knows no Converse."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Share


class CacheControl(Body):
    type: Literal["ephemeral"]
    ttl: Literal["5m", "1h"] | None = None


class Base64(Body, tag_field="type", tag="base64"):
    media_type: str
    data: bytes


class PlainText(Body, tag_field="type", tag="text"):
    data: str
    media_type: Literal["text/plain"] = "text/plain"


class CitationsSwitch(Body):
    enabled: bool = False


class CharLocation(Body, tag_field="type", tag="char_location"):
    cited_text: str
    document_index: int
    start_char_index: int
    end_char_index: int
    document_title: str | None = None
    file_id: None = None


class PageLocation(Body, tag_field="type", tag="page_location"):
    cited_text: str
    document_index: int
    start_page_number: int
    end_page_number: int
    document_title: str | None = None
    file_id: None = None


class BlockLocation(Body, tag_field="type", tag="content_block_location"):
    cited_text: str
    document_index: int
    start_block_index: int
    end_block_index: int
    document_title: str | None = None
    file_id: None = None


class ResultLocation(Body, tag_field="type", tag="search_result_location"):
    cited_text: str
    search_result_index: int
    start_block_index: int
    end_block_index: int
    source: str
    title: str | None = None


Citation = CharLocation | PageLocation | BlockLocation | ResultLocation


class Text(Body, tag_field="type", tag="text"):
    text: str
    citations: list[Citation] | None = None
    cache_control: CacheControl | None = None


class Image(Body, tag_field="type", tag="image"):
    # One variant, still told by its tag: images by URL or file id are refused.
    source: Base64
    cache_control: CacheControl | None = None


class DocumentContent(Body, tag_field="type", tag="content"):
    content: str | list[Text]


class Document(Body, tag_field="type", tag="document"):
    source: Base64 | PlainText | DocumentContent
    title: str | None = None
    context: str | None = None
    citations: CitationsSwitch | None = None
    cache_control: CacheControl | None = None


class SearchResult(Body, tag_field="type", tag="search_result"):
    source: str
    title: str
    content: list[Text]
    citations: CitationsSwitch | None = None
    cache_control: CacheControl | None = None


class DirectCaller(Body):
    """The model itself; calls from within code that Anthropic runs are refused."""

    type: Literal["direct"]


class ToolUse(Body, tag_field="type", tag="tool_use"):
    id: str
    name: str
    input: dict[str, Any]
    cache_control: CacheControl | None = None
    caller: DirectCaller | None = None


class ToolResult(Body, tag_field="type", tag="tool_result"):
    tool_use_id: str
    content: str | list[Text | Image | Document | SearchResult] | None = None
    is_error: bool | None = None
    cache_control: CacheControl | None = None


class Thinking(Body, tag_field="type", tag="thinking"):
    thinking: str
    signature: str


class RedactedThinking(Body, tag_field="type", tag="redacted_thinking"):
    data: bytes


Block = Text | Image | Document | SearchResult | ToolUse | ToolResult | Thinking | RedactedThinking


class Message(Body):
    role: Literal["user", "assistant", "system"]
    content: Filled | Annotated[list[Block], Meta(min_length=1)]


class Tool(Body):
    """A tool of the caller's own; tools that Anthropic runs (`web_search_...`) are refused by their type.

    The input of every tool is streamed as it is made, as `eager_input_streaming` asks.
    """

    name: str
    input_schema: dict[str, Any]
    description: str | None = None
    type: Literal["custom"] | None = None
    strict: bool | None = None
    cache_control: CacheControl | None = None
    eager_input_streaming: bool | None = None
    defer_loading: Literal[False] | None = None
    allowed_callers: list[Literal["direct"]] | None = None


class AutoChoice(Body, tag_field="type", tag="auto"):
    disable_parallel_tool_use: bool = False


class AnyChoice(Body, tag_field="type", tag="any"):
    disable_parallel_tool_use: bool = False


class ToolChoice(Body, tag_field="type", tag="tool"):
    name: str
    disable_parallel_tool_use: bool = False


class NoChoice(Body, tag_field="type", tag="none"):
    pass


# Thinking that is made is shown: `omitted` is refused.
class EnabledThinking(Body, tag_field="type", tag="enabled"):
    budget_tokens: int
    display: Literal["summarized"] | None = None


class AdaptiveThinking(Body, tag_field="type", tag="adaptive"):
    display: Literal["summarized"] | None = None


class DisabledThinking(Body, tag_field="type", tag="disabled"):
    pass


class SchemaFormat(Body, tag_field="type", tag="json_schema"):
    schema: dict[str, Any]


class OutputConfig(Body):
    effort: str | None = None
    format: SchemaFormat | None = None


class Metadata(Body):
    user_id: str | None = None


class KeepThinking(Body, tag_field="type", tag="clear_thinking_20251015"):
    """The one edit that changes nothing, which clients send with every request."""

    keep: Literal["all"]


class ContextManagement(Body):
    edits: tuple[KeepThinking, ...] = ()


class Request(Body):
    messages: Annotated[list[Message], Meta(min_length=1)]
    max_tokens: Count
    anthropic_version: Literal["bedrock-2023-05-31", "2026-10-21"] | None = None
    anthropic_beta: list[str] | None = None
    model: str | None = None
    stream: bool | None = None
    system: str | list[Text] | None = None
    temperature: Share | None = None
    top_p: Share | None = None
    top_k: Annotated[int, Meta(ge=0)] | None = None
    stop_sequences: list[Filled] | None = None
    tools: list[Tool] | None = None
    tool_choice: AutoChoice | AnyChoice | ToolChoice | NoChoice | None = None
    thinking: EnabledThinking | AdaptiveThinking | DisabledThinking | None = None
    output_config: OutputConfig | None = None
    # Where the format stood while it was a beta.
    output_format: SchemaFormat | None = None
    metadata: Metadata | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
    cache_control: CacheControl | None = None
    context_management: ContextManagement | None = None
    speed: Literal["standard"] | None = None
    user_profile_id: str | None = None

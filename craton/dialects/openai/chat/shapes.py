"""The chat completions request as typed structs: what is read, and so what is valid. Knows no Converse."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Share


class TextPart(Body, tag_field="type", tag="text"):
    text: str


class RefusalPart(Body, tag_field="type", tag="refusal"):
    refusal: str


class ImageUrl(Body):
    """Images are read as they are, so `low`, which asks for a smaller one, is refused."""

    url: str
    detail: Literal["auto", "high"] | None = None


class ImagePart(Body, tag_field="type", tag="image_url"):
    image_url: ImageUrl


class Audio(Body):
    data: bytes
    format: Literal["wav", "mp3"]


class AudioPart(Body, tag_field="type", tag="input_audio"):
    input_audio: Audio


class File(Body):
    file_data: str
    filename: str = "document"


class FilePart(Body, tag_field="type", tag="file"):
    file: File


class Called(Body):
    name: str
    arguments: str


class ToolCall(Body):
    id: str
    function: Called
    type: Literal["function"] = "function"


class SystemMessage(Body, tag_field="role", tag="system"):
    content: str | list[TextPart]
    name: None = None


class DeveloperMessage(Body, tag_field="role", tag="developer"):
    content: str | list[TextPart]
    name: None = None


class UserMessage(Body, tag_field="role", tag="user"):
    content: Filled | Annotated[list[TextPart | ImagePart | AudioPart | FilePart], Meta(min_length=1)]
    name: None = None


class AssistantMessage(Body, tag_field="role", tag="assistant"):
    """Clients send an answer's message back whole, so the fields an answer has are accepted where they are empty."""

    content: str | list[TextPart | RefusalPart] | None = None
    tool_calls: list[ToolCall] | None = None
    reasoning_content: str | None = None
    refusal: str | None = None
    # What the answer cited; models are not shown it.
    annotations: list[dict[str, Any]] | None = None
    name: None = None
    audio: None = None
    function_call: None = None


class ToolMessage(Body, tag_field="role", tag="tool"):
    content: str | list[TextPart]
    tool_call_id: str
    name: None = None


Message = SystemMessage | DeveloperMessage | UserMessage | AssistantMessage | ToolMessage


class Function(Body):
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Body):
    function: Function
    type: Literal["function"]


class Named(Body):
    name: str


class NamedChoice(Body, tag_field="type", tag="function"):
    function: Named


class NamedTool(Body):
    function: Named
    type: Literal["function"]


class AllowedTools(Body):
    mode: Literal["auto", "required"]
    tools: list[NamedTool]


class AllowedChoice(Body, tag_field="type", tag="allowed_tools"):
    allowed_tools: AllowedTools


class TextFormat(Body, tag_field="type", tag="text"):
    pass


class AnyObjectFormat(Body, tag_field="type", tag="json_object"):
    pass


class JsonSchema(Body):
    name: str
    schema: dict[str, Any]
    description: str | None = None
    strict: bool | None = None


class SchemaFormat(Body, tag_field="type", tag="json_schema"):
    json_schema: JsonSchema


class StreamOptions(Body):
    include_usage: bool = False
    include_obfuscation: bool = False


class Request(Body):
    messages: Annotated[list[Message], Meta(min_length=1)]
    model: str | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_completion_tokens: Count | None = None
    max_tokens: Count | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Share | None = None
    stop: Filled | list[Filled] | None = None
    tools: list[Tool] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedChoice | AllowedChoice | None = None
    response_format: TextFormat | AnyObjectFormat | SchemaFormat | None = None
    reasoning_effort: str | None = None
    service_tier: Literal["auto", "default", "flex", "priority", "fast"] | None = None
    metadata: dict[str, str] | None = None
    # Who asks, and what requests have in common: told on with the metadata.
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    store: Literal[False] | None = None
    modalities: list[Literal["text"]] | None = None
    verbosity: Literal["medium"] | None = None
    frequency_penalty: float | None = None
    logit_bias: dict[str, float] | None = None
    min_p: float | None = None
    parallel_tool_calls: bool | None = None
    presence_penalty: float | None = None
    repetition_penalty: float | None = None
    seed: int | None = None
    top_k: int | None = None

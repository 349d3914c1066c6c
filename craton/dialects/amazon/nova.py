"""Amazon Nova's bodies (schema messages-v1) <-> Converse. Knows no model.

They are Converse in JSON, so what is here is strict reading, other names for two parameters, and base64.
Source: https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html
"""

import base64
import builtins
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from craton.dialects.body import Body, Count, Filled, Json, Share, given, malformed, parse
from craton.dialects.converse import Answer, Block, Event, Stamp, Turn
from craton.dialects.metrics import usage_of
from craton.errors import ModelStreamErrorException


class Shape(Body, omit_defaults=True):
    """An object whose absent keys stay absent when it is turned back into a dict."""


class S3Location(Shape):
    uri: str
    bucketOwner: str | None = None  # noqa: N815


class Source(Shape):
    bytes: "builtins.bytes | None" = None
    s3Location: S3Location | None = None  # noqa: N815


class Image(Shape):
    format: Literal["png", "jpeg", "gif", "webp"]
    source: Source


class Document(Shape):
    format: Literal["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"]
    name: str
    source: Source


class Video(Shape):
    format: Literal["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"]
    source: Source


class Audio(Shape):
    format: Literal["mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv"]
    source: Source


class ToolUse(Shape):
    toolUseId: str  # noqa: N815
    name: str
    input: dict[str, Any]


class ResultContent(Shape):
    text: str | None = None
    json: dict[str, Any] | None = None
    image: Image | None = None
    document: Document | None = None
    video: Video | None = None


class ToolResult(Shape):
    toolUseId: str  # noqa: N815
    content: list[ResultContent]
    status: Literal["success", "error"] | None = None


class ReasoningText(Shape):
    text: str
    signature: str | None = None


class Reasoning(Shape):
    reasoningText: ReasoningText | None = None  # noqa: N815
    redactedContent: bytes | None = None  # noqa: N815


class CachePoint(Shape):
    type: Literal["default"]


class Content(Shape):
    text: str | None = None
    image: Image | None = None
    document: Document | None = None
    video: Video | None = None
    audio: Audio | None = None
    toolUse: ToolUse | None = None  # noqa: N815
    toolResult: ToolResult | None = None  # noqa: N815
    reasoningContent: Reasoning | None = None  # noqa: N815
    cachePoint: CachePoint | None = None  # noqa: N815


class Message(Shape):
    role: Literal["user", "assistant"]
    content: Annotated[list[Content], Meta(min_length=1)]


class System(Shape):
    text: str | None = None
    cachePoint: CachePoint | None = None  # noqa: N815


class ReasoningConfig(Shape):
    type: Literal["enabled", "disabled"]
    maxReasoningEffort: Literal["low", "medium", "high"] | None = None  # noqa: N815


class InferenceConfig(Shape):
    maxTokens: Count | None = None  # noqa: N815
    max_new_tokens: Count | None = None
    temperature: Share | None = None
    topP: Share | None = None  # noqa: N815
    top_p: Share | None = None
    topK: int | None = None  # noqa: N815
    top_k: int | None = None
    stopSequences: list[Filled] | None = None  # noqa: N815
    reasoningConfig: ReasoningConfig | None = None  # noqa: N815


class InputSchema(Shape):
    json: dict[str, Any]


class ToolSpec(Shape):
    name: str
    inputSchema: InputSchema  # noqa: N815
    description: str | None = None
    strict: bool | None = None


class Tool(Shape):
    toolSpec: ToolSpec | None = None  # noqa: N815
    cachePoint: CachePoint | None = None  # noqa: N815


class Empty(Shape):
    pass


class Named(Shape):
    name: str


class ToolChoice(Shape):
    auto: Empty | None = None
    any: Empty | None = None
    tool: Named | None = None


class ToolConfig(Shape):
    tools: list[Tool]
    toolChoice: ToolChoice | None = None  # noqa: N815


class Request(Shape):
    messages: Annotated[list[Message], Meta(min_length=1)]
    schemaVersion: Literal["messages-v1"] | None = None  # noqa: N815
    system: list[System] | None = None
    inferenceConfig: InferenceConfig | None = None  # noqa: N815
    toolConfig: ToolConfig | None = None  # noqa: N815


def read_request(body: Json) -> Turn:
    """The turn of a messages-v1 request. Raises ValidationException that names what is wrong."""
    request = parse(Request, body)
    turn: dict[str, Any] = msgspec.to_builtins(request, builtin_types=(bytes,))
    _check_unions(turn)
    turn.pop("schemaVersion", None)
    inference = request.inferenceConfig or InferenceConfig()
    turn["inferenceConfig"] = given(
        maxTokens=_either(inference, "maxTokens", "max_new_tokens"),
        temperature=inference.temperature,
        topP=_either(inference, "topP", "top_p"),
        stopSequences=inference.stopSequences or None,
    )
    thinking = inference.reasoningConfig
    additional = given(
        top_k=_either(inference, "topK", "top_k"), thinking={"type": thinking.type} if thinking else None
    )
    output = given(effort=thinking.maxReasoningEffort if thinking else None)
    told = {name: value for name, value in turn.items() if value}
    return told | given(outputConfig=output, additionalModelRequestFields=additional)


# Where `write_request` puts a sampling parameter; its other name is for reading alone.
NAMES = {"maxTokens": "maxTokens", "temperature": "temperature", "topP": "topP", "stopSequences": "stopSequences"}
SAID = ("messages", "system", "toolConfig")


def write_request(turn: Turn) -> Block:
    """Raises ValidationException for what the API cannot say."""
    additional, output = dict(turn.get("additionalModelRequestFields") or {}), dict(turn.get("outputConfig") or {})
    inference = {NAMES[name]: value for name, value in (turn.get("inferenceConfig") or {}).items()}
    inference |= given(topK=additional.pop("top_k", None))
    reasoning = given(maxReasoningEffort=output.pop("effort", None)) | additional.pop("thinking", {})
    inference |= given(reasoningConfig={"type": "enabled"} | reasoning if reasoning else None)
    if unknown := [*additional, *output]:
        raise malformed(f"#: Nova has no parameter {unknown[0]!r}, leave it out")
    told: Block = msgspec.to_builtins({name: turn[name] for name in SAID if turn.get(name)})
    body = {"schemaVersion": "messages-v1", **told} | given(inferenceConfig=inference)
    read_request(body)
    return body


def _either(config: InferenceConfig, name: str, other: str) -> object:
    """The value of a parameter that goes by two names."""
    if getattr(config, name) is not None and getattr(config, other) is not None:
        raise malformed(f"#/inferenceConfig: {name} and {other} are the same parameter, send one of them")
    return getattr(config, name) if getattr(config, name) is not None else getattr(config, other)


def _check_unions(turn: Json) -> None:
    for index, message in enumerate(turn["messages"]):
        for place, block in enumerate(message["content"]):
            where = f"#/messages/{index}/content/{place}"
            _check_union(block, Content, where)
            kind, value = next(iter(block.items()))
            if kind in ("image", "document", "video", "audio"):
                _check_union(value["source"], Source, f"{where}/{kind}/source")
            elif kind == "reasoningContent":
                _check_union(value, Reasoning, f"{where}/{kind}")
            elif kind == "toolResult":
                for part in value["content"]:
                    _check_union(part, ResultContent, f"{where}/{kind}/content")
                    ((inner, media),) = part.items()
                    if inner in ("image", "document", "video"):
                        _check_union(media["source"], Source, f"{where}/{kind}/content/{inner}/source")
    for block in turn.get("system", ()):
        _check_union(block, System, "#/system")
    config = turn.get("toolConfig", {})
    for tool in config.get("tools", ()):
        _check_union(tool, Tool, "#/toolConfig/tools")
    if "toolChoice" in config:
        _check_union(config["toolChoice"], ToolChoice, "#/toolConfig/toolChoice")


def _check_union(value: Block, shape: type[Shape], where: str) -> None:
    if len(value) != 1:
        keys = ", ".join(repr(name) for name in shape.__struct_encode_fields__)
        raise malformed(f"{where}: exactly one key is expected, one of {keys}, found {sorted(value)}")


def read_response(body: Block) -> Answer:
    message = body["output"]["message"]
    content = [_read_block(block) for block in message["content"]] or [{"text": ""}]
    answer = {"output": {"message": {"role": message["role"], "content": content}}, "stopReason": body["stopReason"]}
    return answer | {"usage": _read_usage(body["usage"])}


def _read_block(block: Block) -> Block:
    match block:
        case {"reasoningContent": {"redactedContent": str(data)}}:
            return {"reasoningContent": {"redactedContent": base64.b64decode(data)}}
    return block


def _read_usage(usage: Json) -> Block:
    read, written = usage.get("cacheReadInputTokenCount"), usage.get("cacheWriteInputTokenCount")
    return usage_of(usage["inputTokens"], usage["outputTokens"], read, written)


def write_response(answer: Answer, stamp: Stamp) -> Block:
    message = answer["output"]["message"]
    content = [_write_block(block) for block in message["content"]]
    usage = answer["usage"]
    counts = {name: usage[name] for name in ("inputTokens", "outputTokens", "totalTokens")} | _cache(usage)
    return {
        "output": {"message": {"content": content, "role": message["role"]}},
        "stopReason": answer["stopReason"],
        "usage": counts,
    }


def _write_block(block: Block) -> Block:
    written: Block = msgspec.to_builtins(block)
    if tool := written.get("toolUse"):
        return {"toolUse": {"name": tool["name"], "toolUseId": tool["toolUseId"], "input": tool["input"]}}
    return written


def _cache(usage: Json) -> Block:
    return {
        "cacheReadInputTokenCount": usage.get("cacheReadInputTokens", 0),
        "cacheWriteInputTokenCount": usage.get("cacheWriteInputTokens", 0),
    }


class EventWriter:
    """Converse events as they are, blobs in base64; `metadata` keeps its usage in Nova's names."""

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp

    def write(self, event: Event) -> list[Block]:
        match event:
            case {"metadata": {"usage": usage}}:
                counts = {"inputTokens": usage["inputTokens"], "outputTokens": usage["outputTokens"]} | _cache(usage)
                return [{"metadata": {"usage": counts, "metrics": {}, "trace": {}}}]
            case {"messageStop": {"stopReason": reason}}:
                return [{"messageStop": {"stopReason": reason}}]
        return [msgspec.to_builtins(event)]


class EventReader:
    """Nova's stream -> Converse events; blobs from base64."""

    def __init__(self) -> None:
        self._ended = False

    def read(self, chunk: Json) -> list[Event]:
        match chunk:
            case {"metadata": {"usage": usage}}:
                self._ended = True
                return [{"metadata": {"usage": _read_usage(usage)}}]
            case {"contentBlockDelta": {"delta": {"reasoningContent": _} as delta, "contentBlockIndex": index}}:
                return [{"contentBlockDelta": {"delta": _read_block(delta), "contentBlockIndex": index}}]
        return [{name: chunk[name]} for name in chunk if name in EVENTS]

    def end(self) -> None:
        """Call at the end of the stream. Raises ModelStreamErrorException where the last chunk is missing."""
        if not self._ended:
            raise ModelStreamErrorException("The model's stream broke off; send the request again.")


EVENTS = ("messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop")

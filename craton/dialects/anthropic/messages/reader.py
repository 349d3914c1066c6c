"""Messages requests -> Converse turns. Knows no answer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from craton.dialects import document_names, media
from craton.dialects.anthropic.messages import shapes
from craton.dialects.anthropic.messages.citations import read_citation
from craton.dialects.body import given, malformed, parse
from craton.dialects.converse import Block, Turn

# The API version that removed the sampling parameters. https://platform.claude.com/docs/en/api/versioning
WITHOUT_SAMPLING = "2026-10-21"
SAMPLING = {"temperature", "top_p", "top_k"}
VERSIONS = ("2023-06-01", WITHOUT_SAMPLING)
# "Equivalent to not setting the parameter": https://platform.claude.com/docs/en/build-with-claude/effort
DEFAULT_EFFORT = "high"
# Members that Bedrock has in a body and the API in headers.
OF_BEDROCK = ("anthropic_version", "anthropic_beta")
# Members of a Messages request that make no sense where its tokens are counted.
NOT_COUNTED = ("max_tokens", "stream", "metadata", "stop_sequences", "service_tier", *sorted(SAMPLING))


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole request: the model, the turn, and whether the answer is streamed."""

    model: str
    turn: Turn
    stream: bool


def read_message(body: Mapping[str, Any], version: str) -> Asked:
    """A Messages request as a server of the API takes it, under a version of the API.

    Raises ValidationException that names what is wrong.
    """
    if version not in VERSIONS:
        raise malformed(f"#: the API version {version!r} does not exist, send one of {', '.join(VERSIONS)}")
    for name in OF_BEDROCK:
        if name in body:
            raise malformed(f"#: extraneous key [{name}] is not permitted; it is sent as a header")
    if not body.get("model"):
        raise malformed("#: required key [model] not found")
    versioned = {"anthropic_version": version} if version == WITHOUT_SAMPLING else {}
    turn = dict(read_request({**body, **versioned}))
    turn.pop("serviceTier", None)  # it asks the platform, not the model
    return Asked(str(body["model"]), turn, bool(body.get("stream")))


def read_count(body: Mapping[str, Any], version: str) -> Asked:
    """A request to count tokens, which sets no limit to an answer. Raises as `read_message` does."""
    for name in NOT_COUNTED:
        if name in body:
            raise malformed(f"#: extraneous key [{name}] is not permitted; tokens are counted of what is read")
    return read_message({**body, "max_tokens": 1}, version)


def read_request(body: Mapping[str, Any]) -> Turn:
    """The turn of a Messages request. Raises ValidationException that names what is wrong.

    `tool_choice: {"type": "none"}` leaves the tools out, for Converse cannot offer a tool and forbid it.
    """
    request = parse(shapes.Request, body)
    if request.anthropic_version == WITHOUT_SAMPLING:
        for name in SAMPLING & body.keys():
            raise malformed(f"#/{name}: the API version {WITHOUT_SAMPLING} has no such parameter")
    if request.output_format and request.output_config:
        raise malformed("#: output_format and output_config exclude each other, send output_config alone")
    turn: dict[str, Any] = {
        "messages": [
            {"role": message.role, "content": _read_content(message.content, f"#/messages/{index}/content")}
            for index, message in enumerate(request.messages)
        ]
    }
    turn["messages"][-1]["content"] += _cache_point(request.cache_control)
    document_names.settle(turn["messages"])
    if request.system:
        turn["system"] = _read_content(request.system, "#/system")
    turn["inferenceConfig"] = given(
        maxTokens=request.max_tokens,
        temperature=request.temperature,
        topP=request.top_p,
        stopSequences=request.stop_sequences or None,
    )
    if request.tools and not isinstance(request.tool_choice, shapes.NoChoice):
        turn["toolConfig"] = {"tools": list(_read_tools(request.tools))} | _read_choice(request.tool_choice)
    turn |= given(outputConfig=_read_output(request))
    if request.service_tier == "standard_only":
        turn["serviceTier"] = {"type": "default"}
    user_id = request.metadata and request.metadata.user_id
    turn |= given(requestMetadata=given(user_id=user_id, user_profile_id=request.user_profile_id))
    return turn | given(additionalModelRequestFields=_read_additional(request))


def _read_additional(request: shapes.Request) -> Block:
    serial = getattr(request.tool_choice, "disable_parallel_tool_use", False)
    return given(
        top_k=request.top_k,
        thinking=given(**msgspec.to_builtins(request.thinking)) if request.thinking else None,
        anthropic_beta=request.anthropic_beta or None,
        parallel_tool_calls=False if serial else None,
    )


def _read_output(request: shapes.Request) -> Block:
    config = request.output_config or shapes.OutputConfig(format=request.output_format)
    output = given(effort=config.effort if config.effort != DEFAULT_EFFORT else None)
    if config.format:
        schema = {"schema": json.dumps(config.format.schema)}
        output["textFormat"] = {"type": "json_schema", "structure": {"jsonSchema": schema}}
    return output


def _read_tools(tools: list[shapes.Tool]) -> Iterator[Block]:
    for tool in tools:
        spec = given(name=tool.name, description=tool.description or None, strict=tool.strict)
        yield {"toolSpec": spec | {"inputSchema": {"json": tool.input_schema}}}
        yield from _cache_point(tool.cache_control)


def _read_choice(
    choice: shapes.AutoChoice | shapes.AnyChoice | shapes.ToolChoice | shapes.NoChoice | None,
) -> Block:
    match choice:
        case shapes.AutoChoice():
            return {"toolChoice": {"auto": {}}}
        case shapes.AnyChoice():
            return {"toolChoice": {"any": {}}}
        case shapes.ToolChoice(name=name):
            return {"toolChoice": {"tool": {"name": name}}}
    return {}


def _cache_point(control: shapes.CacheControl | None) -> Iterator[Block]:
    if control:
        yield {"cachePoint": {"type": "default"} | given(ttl=control.ttl)}


def _read_content(content: str | Sequence[shapes.Block], where: str) -> list[Block]:
    if isinstance(content, str):
        return [{"text": content}]
    blocks: list[Block] = []
    for index, block in enumerate(content):
        blocks.append(_read_block(block, f"{where}/{index}"))
        blocks += _cache_point(getattr(block, "cache_control", None))
    return blocks


def _read_block(block: shapes.Block, where: str) -> Block:
    match block:
        case shapes.Text(text=text, citations=citations):
            if citations:
                return {
                    "citationsContent": {
                        "content": [{"text": text}],
                        "citations": [read_citation(c) for c in citations],
                    }
                }
            return {"text": text}
        case shapes.Image(source=source):
            kind = media.format_of(source.media_type, media.IMAGES, f"{where}/source/media_type")
            return {"image": {"format": kind, "source": {"bytes": source.data}}}
        case shapes.Document():
            return {"document": _read_document(block, where)}
        case shapes.SearchResult(source=source, title=title, content=content, citations=citations):
            texts = [{"text": part.text} for part in content]
            return {"searchResult": {"source": source, "title": title, "content": texts} | _switch(citations)}
        case shapes.ToolUse(id=id, name=name, input=input):
            return {"toolUse": {"toolUseId": id, "name": name, "input": input}}
        case shapes.ToolResult():
            return {"toolResult": _read_result(block, where)}
        case shapes.Thinking(thinking=text, signature=signature):
            return {"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}}
        case shapes.RedactedThinking(data=data):
            return {"reasoningContent": {"redactedContent": data}}


def _switch(citations: shapes.CitationsSwitch | None) -> Block:
    return {"citations": {"enabled": citations.enabled}} if citations else {}


def _read_document(document: shapes.Document, where: str) -> Block:
    head = (
        {"name": document.title or document_names.UNNAMED}
        | given(context=document.context)
        | _switch(document.citations)
    )
    match document.source:
        case shapes.Base64(media_type=media_type, data=data):
            if media_type != media.DOCUMENTS["pdf"]:
                raise malformed(f"{where}/source/media_type: {media_type!r} is not supported; send 'application/pdf'")
            return {"format": "pdf", **head, "source": {"bytes": data}}
        case shapes.PlainText(data=text):
            return {"format": "txt", **head, "source": {"text": text}}
        case shapes.DocumentContent(content=content):
            texts = [content] if isinstance(content, str) else [part.text for part in content]
            return {**head, "source": {"content": [{"text": text} for text in texts]}}


def _read_result(result: shapes.ToolResult, where: str) -> Block:
    inner = result.content if isinstance(result.content, list) else []
    if any(part.cache_control for part in inner):
        raise malformed(
            f"{where}/content: cache_control is not permitted inside a tool result, set it on the result itself"
        )
    content = [] if result.content is None else _read_content(result.content, f"{where}/content")
    status = {"status": "error"} if result.is_error else {}
    return {"toolUseId": result.tool_use_id, "content": content} | status

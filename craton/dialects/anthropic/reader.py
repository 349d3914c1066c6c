"""Messages requests -> Converse turns. Knows no answer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from craton.dialects import media
from craton.dialects.anthropic import shapes
from craton.dialects.anthropic.citations import read_citation
from craton.dialects.body import given, malformed, parse
from craton.dialects.converse import Block, Turn

# The API version that removed the sampling parameters. https://platform.claude.com/docs/en/api/versioning
WITHOUT_SAMPLING = "2026-10-21"
SAMPLING = {"temperature", "top_p", "top_k"}


def read_request(body: Mapping[str, Any]) -> Turn:
    """The turn of a Messages request. Raises ValidationException that names what is wrong.

    `tool_choice: {"type": "none"}` leaves the tools out, for Converse cannot offer a tool and forbid it.
    """
    request = parse(shapes.Request, body)
    if request.anthropic_version == WITHOUT_SAMPLING:
        for name in SAMPLING & body.keys():
            raise malformed(f"#/{name}: the API version {WITHOUT_SAMPLING} has no such parameter")
    turn: dict[str, Any] = {
        "messages": [
            {"role": message.role, "content": _read_content(message.content, f"#/messages/{index}/content")}
            for index, message in enumerate(request.messages)
        ]
    }
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
    turn |= given(outputConfig=_read_output(request.output_config))
    if request.service_tier == "standard_only":
        turn["serviceTier"] = {"type": "default"}
    if request.metadata:
        turn |= given(requestMetadata=given(user_id=request.metadata.user_id))
    return turn | given(additionalModelRequestFields=_read_additional(request))


def _read_additional(request: shapes.Request) -> Block:
    thinking = None if isinstance(request.thinking, shapes.DisabledThinking) else msgspec.to_builtins(request.thinking)
    serial = getattr(request.tool_choice, "disable_parallel_tool_use", False)
    return given(
        top_k=request.top_k,
        thinking=thinking,
        anthropic_beta=request.anthropic_beta or None,
        parallel_tool_calls=False if serial else None,
    )


def _read_output(config: shapes.OutputConfig | None) -> Block:
    if config is None:
        return {}
    output = given(effort=config.effort)
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
    # Converse wants a name; Anthropic's title is optional.
    head = {"name": document.title or "document"} | given(context=document.context) | _switch(document.citations)
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

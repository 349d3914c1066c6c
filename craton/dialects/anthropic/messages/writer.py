"""Converse turns -> Messages requests, and content blocks as Anthropic has them. Knows no model name or server."""

import base64
import json
from collections.abc import Iterable
from typing import Any

from craton.dialects import media
from craton.dialects.anthropic.messages.citations import write_citation
from craton.dialects.body import beside, given, inexpressible
from craton.dialects.converse import Block, Turn
from craton.errors import ValidationException

API = "Anthropic Messages"
# What a turn says by itself.
CONVERSATION = frozenset({"messages", "system", "tools"})
# Formats whose bytes are text; Anthropic takes PDF and plain text.
PLAIN = ("txt", "md", "csv", "html")


def write_request(turn: Turn) -> Block:
    """The Messages body of a turn, without `model`, `stream` and `anthropic_version`.

    Raises ValidationException for what the API cannot express. `max_tokens`, which the API demands, is missing where
    the turn does not say it.
    """
    body: Block = {"messages": [_write_message(m, f"messages[{i}].content") for i, m in enumerate(turn["messages"])]}
    if system := turn.get("system"):
        body["system"] = write_blocks(system, "system")
    inference = turn.get("inferenceConfig", {})
    body |= given(
        max_tokens=inference.get("maxTokens"),
        temperature=inference.get("temperature"),
        top_p=inference.get("topP"),
        stop_sequences=inference.get("stopSequences") or None,
    )
    additional = beside(CONVERSATION, dict(turn.get("additionalModelRequestFields") or {}))
    serial = additional.pop("parallel_tool_calls", True) is False
    body |= _write_tools(turn.get("toolConfig", {}), serial) | _write_output(turn.get("outputConfig", {}))
    return body | additional


def _write_message(message: Block, where: str) -> Block:
    return {"role": message["role"], "content": write_blocks(message["content"], where)}


def _write_tools(config: Block, serial: bool) -> Block:
    if not config:
        return {}
    tools: list[Block] = []
    for tool in config["tools"]:
        match tool:
            case {"toolSpec": spec}:
                told = given(name=spec["name"], description=spec.get("description"), strict=spec.get("strict"))
                tools.append(told | {"input_schema": spec["inputSchema"]["json"]})
            case {"cachePoint": point}:
                _cache(tools, point, "toolConfig.tools")
            case _:
                raise inexpressible(API, tool, "toolConfig.tools")
    return {"tools": tools} | _write_choice(config.get("toolChoice"), serial)


def _write_choice(choice: Block | None, serial: bool) -> Block:
    match choice:
        case {"any": _}:
            chosen: Block = {"type": "any"}
        case {"tool": {"name": name}}:
            chosen = {"type": "tool", "name": name}
        case None if not serial:
            return {}
        case _:
            chosen = {"type": "auto"}
    return {"tool_choice": chosen | ({"disable_parallel_tool_use": True} if serial else {})}


def _write_output(config: Block) -> Block:
    output = given(effort=config.get("effort"))
    if asked := config.get("textFormat"):
        output["format"] = {"type": "json_schema", "schema": json.loads(asked["structure"]["jsonSchema"]["schema"])}
    return given(output_config=output)


def write_blocks(content: Iterable[Block], where: str) -> list[Block]:
    """Content blocks as Anthropic has them; a cache point marks the block before it."""
    blocks: list[Block] = []
    for block in content:
        if "cachePoint" in block:
            _cache(blocks, block["cachePoint"], where)
        else:
            blocks.append(_write_block(block, where))
    return blocks


def _cache(blocks: list[Block], point: Block, where: str) -> None:
    if not blocks:
        raise ValidationException(f"The 'cachePoint' that begins {where} has nothing to cache. Put it behind a block.")
    blocks[-1]["cache_control"] = {"type": "ephemeral"} | given(ttl=point.get("ttl"))


def _write_block(block: Block, where: str) -> Block:
    match block:
        case {"text": text} | {"guardContent": {"text": {"text": text}}}:
            return {"type": "text", "text": text}
        case {"image": image} | {"guardContent": {"image": image}} if "bytes" in image.get("source", {}):
            return {"type": "image", "source": _base64(media.IMAGES[image["format"]], image["source"]["bytes"])}
        case {"document": document}:
            return {"type": "document", **_write_document(document, where)}
        case {"searchResult": result}:
            texts = [{"type": "text", "text": part["text"]} for part in result["content"]]
            head = {"type": "search_result", "source": result["source"], "title": result["title"], "content": texts}
            return head | given(citations=result.get("citations"))
        case {"toolUse": tool} if "type" not in tool:
            return {"type": "tool_use", "id": tool["toolUseId"], "name": tool["name"], "input": tool["input"]}
        case {"toolResult": result}:
            return _write_result(result, where)
        case {"reasoningContent": {"reasoningText": reasoning}}:
            return {"type": "thinking", "thinking": reasoning["text"], "signature": reasoning.get("signature", "")}
        case {"reasoningContent": {"redactedContent": data}}:
            return {"type": "redacted_thinking", "data": base64.b64encode(data).decode()}
        case {"citationsContent": cited}:
            text = "".join(part["text"] for part in cited.get("content", []))
            return {"type": "text", "text": text, "citations": [write_citation(c) for c in cited["citations"]]}
    raise inexpressible(API, block, where)


def _base64(media_type: str, data: bytes) -> Block:
    return {"type": "base64", "media_type": media_type, "data": base64.b64encode(data).decode()}


def _write_document(document: Block, where: str) -> Block:
    head = given(title=document["name"], context=document.get("context"), citations=document.get("citations"))
    source, kind = document["source"], document.get("format")
    match source:
        case {"bytes": data} if kind == "pdf":
            written: dict[str, Any] = _base64(media.DOCUMENTS["pdf"], data)
        case {"bytes": data} if kind in PLAIN:
            written = {"type": "text", "media_type": "text/plain", "data": _decoded(data, where)}
        case {"text": text}:
            written = {"type": "text", "media_type": "text/plain", "data": text}
        case {"content": parts}:
            written = {"type": "content", "content": [{"type": "text", "text": part["text"]} for part in parts]}
        case _:
            raise inexpressible(API, {f"{kind} {next(iter(source))}": source}, f"{where}.document.source")
    return {"source": written, **head}


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ValidationException(f"The text document in {where} is not UTF-8. Send it in UTF-8.") from None


def _write_result(result: Block, where: str) -> Block:
    content: list[Block] = []
    for part in result["content"]:
        if "json" in part:
            content.append({"type": "text", "text": json.dumps(part["json"], ensure_ascii=False)})
        else:
            content.append(_write_block(part, f"{where}.toolResult.content"))
    written: Block = {"type": "tool_result", "tool_use_id": result["toolUseId"], "content": content}
    return written | ({"is_error": True} if result.get("status") == "error" else {})

"""Converse turns -> chat completions requests. Knows no answer, model name or server."""

import base64
import json
from collections.abc import Iterator

from craton.dialects import media
from craton.dialects.body import beside, given, inexpressible
from craton.dialects.converse import Block, Turn
from craton.dialects.openai.turns import effort_of, system_texts, write_file, write_schema, write_tools

API = "OpenAI chat completions"
# What a turn says by itself; servers that know a template of the request's own would say by it whatever it says.
CONVERSATION = frozenset({"messages", "prompt", "tools", "functions", "chat_template"})


def write_request(turn: Turn) -> Block:
    """The chat completions body of a turn, without `model` and `stream`.

    Raises ValidationException for what the API cannot express. Cache points are left out (servers of this API cache
    prefixes by themselves), and so is the status of a tool result, which its text has to tell.
    """
    messages = [{"role": "system", "content": text} for text in system_texts(turn.get("system", []), API)]
    for index, message in enumerate(turn["messages"]):
        messages += _write_message(message, f"messages[{index}].content")
    inference = turn.get("inferenceConfig", {})
    body: Block = {"messages": messages} | given(
        max_tokens=inference.get("maxTokens"),
        temperature=inference.get("temperature"),
        top_p=inference.get("topP"),
        stop=inference.get("stopSequences") or None,
    )
    body |= write_tools(turn.get("toolConfig", {}), API, tool=_write_tool, named=_write_named)
    body |= _write_output(turn.get("outputConfig", {}))
    additional = beside(CONVERSATION, dict(turn.get("additionalModelRequestFields") or {}))
    return body | _write_thinking(additional.pop("thinking", {}), body) | additional


def _write_thinking(thinking: Block, body: Block) -> Block:
    """How much is thought is an effort here. `adaptive` leaves it to the model, which is what saying nothing does."""
    match thinking:
        case {"type": "disabled"}:
            return {"reasoning_effort": "none"}
        case {"budget_tokens": tokens} if "reasoning_effort" not in body:
            return {"reasoning_effort": effort_of(tokens)}
    return {}


def _write_tool(spec: Block) -> Block:
    function = given(name=spec["name"], description=spec.get("description"), strict=spec.get("strict"))
    return {"type": "function", "function": function | {"parameters": spec["inputSchema"]["json"]}}


def _write_named(name: str) -> Block:
    return {"type": "function", "function": {"name": name}}


def _write_output(config: Block) -> Block:
    body = given(reasoning_effort=config.get("effort"))
    if text_format := config.get("textFormat"):
        schema = write_schema(text_format)
        asked = {"type": "json_schema", "json_schema": schema} if schema else {"type": "json_object"}
        body["response_format"] = asked
    return body


def _write_message(message: Block, where: str) -> Iterator[Block]:
    role, content = message["role"], message["content"]
    if role == "assistant":
        yield write_assistant(content, where)
        return
    parts: list[Block] = []
    for block in content:
        if "toolResult" in block:
            # A tool message may not stand between parts of a user message.
            if parts:
                yield {"role": role, "content": _plain(parts)}
                parts = []
            yield _write_result(block["toolResult"], where)
        else:
            parts += _write_parts(block, where)
    if parts:
        yield {"role": role, "content": _plain(parts)}


def _plain(parts: list[Block]) -> str | list[Block]:
    """A lone text as a string, which every server of this API reads."""
    return parts[0]["text"] if len(parts) == 1 and parts[0]["type"] == "text" else parts


def _write_result(result: Block, where: str) -> Block:
    texts: list[Block] = []
    for part in result["content"]:
        if "text" in part:
            texts.append({"type": "text", "text": part["text"]})
        elif "json" in part:
            texts.append({"type": "text", "text": json.dumps(part["json"], ensure_ascii=False)})
        else:
            raise inexpressible(API, part, f"{where}.toolResult.content")
    return {"role": "tool", "tool_call_id": result["toolUseId"], "content": _plain(texts) if texts else ""}


def _write_parts(block: Block, where: str) -> Iterator[Block]:
    match block:
        case {"text": text} | {"guardContent": {"text": {"text": text}}}:
            yield {"type": "text", "text": text}
        case {"image": {"format": format, "source": {"bytes": data}}} | {
            "guardContent": {"image": {"format": format, "source": {"bytes": data}}}
        }:
            yield {"type": "image_url", "image_url": {"url": media.data_url(media.IMAGES[format], data)}}
        case {"audio": {"format": "wav" | "mp3" as format, "source": {"bytes": data}}}:
            yield {"type": "input_audio", "input_audio": {"data": base64.b64encode(data).decode(), "format": format}}
        case {"document": document} if not document.get("citations", {}).get("enabled"):
            if context := document.get("context"):
                yield {"type": "text", "text": context}
            yield {"type": "file", "file": write_file(document, API, where)}
        case {"cachePoint": _}:
            return
        case _:
            raise inexpressible(API, block, where)


def write_assistant(content: list[Block], where: str) -> Block:
    texts: list[str] = []
    reasoning: list[str] = []
    calls: list[Block] = []
    for block in content:
        match block:
            case {"text": text}:
                texts.append(text)
            case {"citationsContent": cited}:
                texts += [part["text"] for part in cited.get("content", [])]
            case {"reasoningContent": {"reasoningText": {"text": text}}}:
                reasoning.append(text)
            case {"toolUse": tool} if "type" not in tool:
                calls.append(_write_call(tool))
            case {"cachePoint": _}:
                pass
            case _:
                raise inexpressible(API, block, where)
    message: Block = {"role": "assistant", "content": "".join(texts) if texts else None}
    message |= {"reasoning_content": "".join(reasoning)} if reasoning else {}
    return message | ({"tool_calls": calls} if calls else {})


def _write_call(tool: Block) -> Block:
    value = tool["input"]
    arguments = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {"id": tool["toolUseId"], "type": "function", "function": {"name": tool["name"], "arguments": arguments}}

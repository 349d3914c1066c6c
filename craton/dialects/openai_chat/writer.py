"""Converse turns -> chat completions requests. Knows no answer, model name or server."""

import base64
import json
from collections.abc import Iterator

from craton.dialects import media
from craton.dialects.body import given, inexpressible
from craton.dialects.converse import Block, Turn
from craton.dialects.openai_chat.reader import ANY_OBJECT

API = "OpenAI chat completions"
# The largest budget of thinking, in tokens, that each effort stands for.
EFFORTS = ((2048, "low"), (8192, "medium"), (None, "high"))


def write_request(turn: Turn) -> Block:
    """The chat completions body of a turn, without `model` and `stream`.

    Raises ValidationException for what the API cannot express. Cache points are left out (servers of this API cache
    prefixes by themselves), and so is the status of a tool result, which its text has to tell.
    """
    messages = [{"role": "system", "content": text} for text in _system_texts(turn.get("system", []))]
    for index, message in enumerate(turn["messages"]):
        messages += _write_message(message, f"messages[{index}].content")
    inference = turn.get("inferenceConfig", {})
    body: Block = {"messages": messages} | given(
        max_tokens=inference.get("maxTokens"),
        temperature=inference.get("temperature"),
        top_p=inference.get("topP"),
        stop=inference.get("stopSequences") or None,
    )
    body |= _write_tools(turn.get("toolConfig", {})) | _write_output(turn.get("outputConfig", {}))
    additional = dict(turn.get("additionalModelRequestFields") or {})
    return body | _write_thinking(additional.pop("thinking", {}), body) | additional


def _write_thinking(thinking: Block, body: Block) -> Block:
    """How much is thought is an effort here. `adaptive` leaves it to the model, which is what saying nothing does."""
    match thinking:
        case {"type": "disabled"}:
            return {"reasoning_effort": "none"}
        case {"budget_tokens": tokens} if "reasoning_effort" not in body:
            return {"reasoning_effort": next(effort for most, effort in EFFORTS if most is None or tokens <= most)}
    return {}


def _system_texts(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if "text" in block:
            yield block["text"]
        elif "text" in block.get("guardContent", {}):
            yield block["guardContent"]["text"]["text"]
        elif "cachePoint" not in block:
            raise inexpressible(API, block, "system")


def _write_tools(config: Block) -> Block:
    tools = [_write_tool(tool) for tool in config.get("tools", []) if "cachePoint" not in tool]
    match config.get("toolChoice"):
        case {"auto": _}:
            return {"tools": tools, "tool_choice": "auto"}
        case {"any": _}:
            return {"tools": tools, "tool_choice": "required"}
        case {"tool": {"name": name}}:
            return {"tools": tools, "tool_choice": {"type": "function", "function": {"name": name}}}
    return {"tools": tools} if tools else {}


def _write_tool(tool: Block) -> Block:
    if "toolSpec" not in tool:
        raise inexpressible(API, tool, "toolConfig.tools")
    spec = tool["toolSpec"]
    function = given(name=spec["name"], description=spec.get("description"), strict=spec.get("strict"))
    return {"type": "function", "function": function | {"parameters": spec["inputSchema"]["json"]}}


def _write_output(config: Block) -> Block:
    body = given(reasoning_effort=config.get("effort"))
    if text_format := config.get("textFormat"):
        asked = text_format["structure"]["jsonSchema"]
        if asked["schema"] == ANY_OBJECT and "name" not in asked:
            return body | {"response_format": {"type": "json_object"}}
        schema = given(name=asked.get("name", "answer"), description=asked.get("description"))
        schema |= {"schema": json.loads(asked["schema"]), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
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
            yield {"type": "file", "file": _write_document(document, where)}
        case {"cachePoint": _}:
            return
        case _:
            raise inexpressible(API, block, where)


def _write_document(document: Block, where: str) -> Block:
    match document["source"]:
        case {"bytes": data}:
            kind = document.get("format", "txt")
        case {"text": text}:
            data, kind = text.encode(), "txt"
        case {"content": parts}:
            data, kind = "\n".join(part["text"] for part in parts).encode(), "txt"
        case _:
            raise inexpressible(API, {"s3Location": document["source"]}, f"{where}.document.source")
    return {"filename": f"{document['name']}.{kind}", "file_data": media.data_url(media.DOCUMENTS[kind], data)}


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

"""Converse turns -> Responses requests. Knows no answer, model name or server."""

import json
from collections.abc import Iterator

from craton.dialects import media
from craton.dialects.body import given, inexpressible
from craton.dialects.converse import Block, Turn
from craton.dialects.openai.responses.answer import API, write_item
from craton.dialects.openai.turns import effort_of, system_texts, write_file, write_schema, write_tools
from craton.errors import ValidationException

# Fields that Converse has no member for and this API has.
ADDITIONAL = ("parallel_tool_calls", "top_logprobs")


def write_request(turn: Turn) -> Block:
    """The Responses body of a turn, without `model` and `stream`; the server is asked to keep nothing.

    Raises ValidationException for what the API cannot express. Cache points are left out (servers of this API cache
    prefixes by themselves), and so is the status of a tool result, which its text has to tell.
    """
    inference = turn.get("inferenceConfig", {})
    if inference.get("stopSequences"):
        raise _nameless("inferenceConfig.stopSequences")
    body: Block = {"input": list(_items(turn)), "store": False} | given(
        instructions="\n\n".join(system_texts(turn.get("system", []), API)) or None,
        max_output_tokens=inference.get("maxTokens"),
        temperature=inference.get("temperature"),
        top_p=inference.get("topP"),
    )
    body |= write_tools(turn.get("toolConfig", {}), API, tool=_tool, named=_named) | _output(
        turn.get("outputConfig", {})
    )
    return body | _additional(dict(turn.get("additionalModelRequestFields") or {}), body)


def _nameless(member: str) -> ValidationException:
    return ValidationException(
        f"{member!r} has no form in {API}, the API this model is served in. Leave it out or use another model."
    )


def _additional(fields: Block, body: Block) -> Block:
    written = {name: fields.pop(name) for name in ADDITIONAL if name in fields}
    if fields.pop("logprobs", False):
        written["include"] = ["message.output_text.logprobs"]
    match fields.pop("thinking", {}):
        case {"type": "disabled"}:
            written["reasoning"] = {"effort": "none"}
        case {"budget_tokens": tokens} if "reasoning" not in body:
            written["reasoning"] = {"effort": effort_of(tokens)}
    if fields:
        raise _nameless(f"additionalModelRequestFields.{next(iter(fields))}")
    return written


def _tool(spec: Block) -> Block:
    # Without a word on it, this API takes a tool to be strict.
    told = {"type": "function", "name": spec["name"], "strict": spec.get("strict", False)}
    return told | given(description=spec.get("description")) | {"parameters": spec["inputSchema"]["json"]}


def _named(name: str) -> Block:
    return {"type": "function", "name": name}


def _output(config: Block) -> Block:
    body = given(reasoning=given(effort=config.get("effort")))
    if text_format := config.get("textFormat"):
        schema = write_schema(text_format)
        body["text"] = {"format": {"type": "json_schema", **schema} if schema else {"type": "json_object"}}
    return body


def _items(turn: Turn) -> Iterator[Block]:
    for number, message in enumerate(turn["messages"]):
        where = f"messages[{number}].content"
        if message["role"] == "assistant":
            for index, block in enumerate(message["content"]):
                kind = "rs" if "reasoningContent" in block else "fc" if "toolUse" in block else "msg"
                yield from write_item(block, f"{kind}_{number:x}x{index:x}", "completed", False, None)
        else:
            yield from _asked(message, where)


def _asked(message: Block, where: str) -> Iterator[Block]:
    parts: list[Block] = []
    for block in message["content"]:
        if "toolResult" in block:
            yield from _message(message["role"], parts)
            parts = []
            yield _result(block["toolResult"], where)
        else:
            parts += _parts(block, where)
    yield from _message(message["role"], parts)


def _message(role: str, parts: list[Block]) -> Iterator[Block]:
    if parts:
        yield {"type": "message", "role": role, "content": parts}


def _result(result: Block, where: str) -> Block:
    parts: list[Block] = []
    for part in result["content"]:
        if "json" in part:
            parts.append({"type": "input_text", "text": json.dumps(part["json"], ensure_ascii=False)})
        else:
            parts += _parts(part, f"{where}.toolResult.content")
    plain = parts[0]["text"] if len(parts) == 1 and "text" in parts[0] else parts or ""
    return {"type": "function_call_output", "call_id": result["toolUseId"], "output": plain}


def _parts(block: Block, where: str) -> Iterator[Block]:
    match block:
        case {"text": text} | {"guardContent": {"text": {"text": text}}}:
            yield {"type": "input_text", "text": text}
        case {"image": {"format": format, "source": {"bytes": data}}} | {
            "guardContent": {"image": {"format": format, "source": {"bytes": data}}}
        }:
            yield {"type": "input_image", "image_url": media.data_url(media.IMAGES[format], data), "detail": "auto"}
        case {"document": document} if not document.get("citations", {}).get("enabled"):
            if context := document.get("context"):
                yield {"type": "input_text", "text": context}
            yield {"type": "input_file", **write_file(document, API, where)}
        case {"cachePoint": _}:
            return
        case _:
            raise inexpressible(API, block, where)

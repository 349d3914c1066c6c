"""The items of a conversation, as clients send them and as they are kept, -> Converse messages. Knows no request.

A kept item is a JSON object in the form in which the API lists items: content as parts, with an id and a status.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence

from craton.dialects import media
from craton.dialects.body import Json, given, malformed
from craton.dialects.converse import Block, tool_input
from craton.dialects.openai.responses.shapes import (
    FunctionCall,
    FunctionCallOutput,
    InputFile,
    InputImage,
    InputText,
    Item,
    ItemReference,
    Message,
    OutputText,
    ReasoningItem,
    Refusal,
)
from craton.dialects.openai.turns import results_of

PREFIXES = {"message": "msg", "function_call": "fc", "function_call_output": "fco", "reasoning": "rs"}
# Marks what was sealed by a server that does not write base64, so that it gets back what it wrote.
_VERBATIM = b"verbatim:"


def typed(items: Sequence[object]) -> list[object]:
    """Items with their types, which clients may leave out where the other keys tell."""
    return [_typed(item) if isinstance(item, dict) else item for item in items]


def _typed(item: Json) -> Block:
    if item.get("type") is not None:
        return dict(item)
    kind = "message" if "role" in item else "item_reference"
    return {**item, "type": kind}


def kept(items: Sequence[Item]) -> list[Block]:
    """Items as they are kept, without ids where the client gave none. Raises ValidationException."""
    return [_kept(item, f"#/input/{number}") for number, item in enumerate(items)]


def with_ids(items: Iterable[Block], unique: str) -> list[Block]:
    """Items with ids, made from letters and digits that nothing else has where there are none."""
    return [
        {"id": f"{PREFIXES[item['type']]}_{unique}i{number:x}", **item} if "id" not in item else item
        for number, item in enumerate(items)
    ]


def _kept(item: Item, where: str) -> Block:
    done = given(id=item.id) | {"status": "completed"}
    match item:
        case Message(role="assistant", content=content):
            said: Sequence[object] = [OutputText(text=content)] if isinstance(content, str) else content
            parts = [_kept_said(part, f"{where}/content/{number}") for number, part in enumerate(said)]
            return done | {"type": "message", "role": "assistant", "content": parts}
        case Message(role=role, content=content):
            asked: Sequence[object] = [InputText(text=content)] if isinstance(content, str) else content
            parts = [_kept_asked(part, f"{where}/content/{number}", role) for number, part in enumerate(asked)]
            return done | {"type": "message", "role": role, "content": parts}
        case FunctionCall(call_id=call_id, name=name, arguments=arguments):
            return done | {"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments}
        case FunctionCallOutput(call_id=call_id, output=output):
            parts_or_text = (
                output
                if isinstance(output, str)
                else [_kept_asked(part, f"{where}/output/{number}", "user") for number, part in enumerate(output)]
            )
            return done | {"type": "function_call_output", "call_id": call_id, "output": parts_or_text}
        case ReasoningItem():
            summary = [{"type": "summary_text", "text": part.text} for part in item.summary or ()]
            told = [{"type": "reasoning_text", "text": part.text} for part in item.content or ()]
            sealed = given(encrypted_content=item.encrypted_content)
            return done | {"type": "reasoning", "summary": summary, "content": told} | sealed
        case ItemReference(id=id):
            return {"type": "item_reference", "id": id}


def _kept_said(part: object, where: str) -> Block:
    match part:
        case OutputText(text=text) | InputText(text=text):
            return {"type": "output_text", "text": text, "annotations": []}
        case Refusal(refusal=refusal):
            return {"type": "refusal", "refusal": refusal}
    raise malformed(f"{where}: an assistant message holds output_text and refusal only")


def _kept_asked(part: object, where: str, role: str) -> Block:
    match part:
        case InputText(text=text):
            return {"type": "input_text", "text": text}
        case InputImage(image_url=url) if role == "user":
            _read_image(url, where)
            return {"type": "input_image", "image_url": url, "detail": part.detail or "auto"}
        case InputFile(file_data=data, filename=name) if role == "user":
            _read_file(data, name, where)
            return {"type": "input_file", "file_data": data, "filename": name}
    allowed = "input_text, input_image and input_file" if role == "user" else "input_text"
    raise malformed(f"{where}: a {role} message holds {allowed} only")


def messages(items: Iterable[Block]) -> tuple[list[Block], list[Block]]:
    """The `system` blocks and messages of a conversation.

    Leading system and developer messages become `system`, later ones messages of the role system. What a model said
    in a row (reasoning, texts, calls) is one message; so are a run of outputs and the user message after it.
    """
    system: list[Block] = []
    turns: list[Block] = []
    for item in items:
        match item:
            case {"type": "message", "role": "system" | "developer", "content": parts}:
                texts = [{"text": part["text"]} for part in parts]
                if turns:
                    turns.append({"role": "system", "content": texts})
                else:
                    system += texts
            case {"type": "message", "role": "user", "content": parts}:
                blocks = [_read_part(part) for part in parts]
                if turns and turns[-1]["role"] == "user" and "toolResult" in turns[-1]["content"][-1]:
                    turns[-1]["content"] += blocks
                else:
                    turns.append({"role": "user", "content": blocks})
            case {"type": "function_call_output", "call_id": call_id, "output": output}:
                texts = [{"text": output}] if isinstance(output, str) else [_read_part(part) for part in output]
                results_of(turns).append({"toolResult": {"toolUseId": call_id, "content": texts}})
            case {"type": "item_reference", "id": id}:
                raise malformed(f"#/input: there is no item {id!r} that an item_reference can lead to")
            case _:
                _said(turns).extend(read_output(item))
    return system, [turn for turn in turns if turn["content"]]


def _said(turns: list[Block]) -> list[Block]:
    """The content list that what the model said joins."""
    if not (turns and turns[-1]["role"] == "assistant"):
        turns.append({"role": "assistant", "content": []})
    content: list[Block] = turns[-1]["content"]
    return content


def read_output(item: Block) -> list[Block]:
    """The content blocks of an item that a model wrote; none for kinds that are not known."""
    match item:
        case {"type": "message", "content": parts}:
            return [{"text": part.get("text") or part.get("refusal") or ""} for part in parts]
        case {"type": "function_call", "call_id": id, "name": name, "arguments": arguments}:
            return [{"toolUse": {"toolUseId": id, "name": name, "input": tool_input(arguments)}}]
        case {"type": "reasoning"}:
            return _read_reasoning(item)
    return []


def _read_reasoning(item: Block) -> list[Block]:
    whole = "".join(part["text"] for part in item.get("content") or ())
    text = whole or "\n\n".join(part["text"] for part in item.get("summary") or ())
    sealed = item.get("encrypted_content")
    if text:
        return [{"reasoningContent": {"reasoningText": {"text": text} | given(signature=sealed)}}]
    return [{"reasoningContent": {"redactedContent": unseal(sealed)}}] if sealed else []


def unseal(text: str) -> bytes:
    """The bytes of reasoning that may not be read, whoever wrote them."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    return data if data and media.base64_of(data) == text else _VERBATIM + text.encode()


def seal(data: bytes) -> str:
    """The inverse of `unseal`."""
    text = data.removeprefix(_VERBATIM).decode(errors="replace")
    return text if text and unseal(text) == data else media.base64_of(data)


def arguments_of(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read_part(part: Block) -> Block:
    match part:
        case {"type": "input_image", "image_url": url}:
            return _read_image(url, "#/input")
        case {"type": "input_file", "file_data": data, "filename": name}:
            return _read_file(data, name, "#/input")
    return {"text": part["text"]}


def _read_image(url: str, where: str) -> Block:
    media_type, data = media.read_data_url(url, f"{where}/image_url")
    return {"image": {"format": media.format_of(media_type, media.IMAGES, where), "source": {"bytes": data}}}


def _read_file(url: str, name: str, where: str) -> Block:
    media_type, data = media.read_data_url(url, f"{where}/file_data")
    kind = media.format_of(media_type, media.DOCUMENTS, where)
    return {"document": {"format": kind, "name": name.removesuffix(f".{kind}"), "source": {"bytes": data}}}

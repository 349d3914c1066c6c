"""A conversation as plain chat messages: texts, calls and results, each written in the model's own syntax.

Knows no engine and no template. Nothing is dropped but earlier reasoning, which templates drop too: content that a text
model cannot read raises ValidationException.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from craton.engines.base import ModelSpec, Turn
from craton.engines.text.model import Message
from craton.engines.text.syntax import Call, Syntax
from craton.engines.text.tools import Tools
from craton.errors import ValidationException

# Formats of documents that are text as they are.
_PLAIN = ("txt", "md", "csv", "html")


@dataclass(slots=True)
class Transcript:
    """`begun` is what the caller wrote of the answer. `marked`: the contents, in order, that end with the last
    cachePoint.
    """

    messages: list[Message] = field(default_factory=list)
    begun: str = ""
    marked: list[str] | None = None

    def add(self, role: str, text: str) -> None:
        self.messages.append({"role": role, "content": text})

    def mark(self, text: str = "") -> None:
        """A cachePoint, after this text of the message at hand."""
        self.marked = [*(message["content"] for message in self.messages), *([text] if text else [])]


def of_turn(turn: Turn, spec: ModelSpec, syntax: Syntax, tools: Tools | None, told: Sequence[str]) -> Transcript:
    """`told` is what the system prompt says beyond the caller's own words."""
    transcript = Transcript()
    if tools:
        told = [syntax.tell([tool.told for tool in tools.declared.values()]), *told]
    _add_system(transcript, turn, spec, told)
    if tools and tools.marked:
        transcript.mark()
    names = {
        block["toolUse"]["toolUseId"]: block["toolUse"]["name"]
        for message in turn["messages"]
        for block in message["content"]
        if "toolUse" in block
    }
    for message in turn["messages"]:
        if message["role"] == "assistant":
            _add_assistant(transcript, message["content"], spec, syntax)
        else:
            _add_user(transcript, message["content"], spec, syntax, names)
    if not transcript.messages:
        raise ValidationException("The request has no text: give at least one message with a text block.")
    if transcript.messages[-1]["role"] == "assistant":
        transcript.begun = transcript.messages.pop()["content"]
    return transcript


def _add_system(transcript: Transcript, turn: Turn, spec: ModelSpec, told: Sequence[str]) -> None:
    default = [{"text": spec.options["default_system"]}] if "default_system" in spec.options else []
    texts: list[str] = []
    for kind, text in _texts(turn.get("system") or default, spec):
        if kind == "cachePoint":
            transcript.mark("\n\n".join(texts))
        else:
            texts.append(text)
    if texts or told:
        transcript.add("system", "\n\n".join([*texts, *told]))


def _add_assistant(
    transcript: Transcript, content: Iterable[Mapping[str, Any]], spec: ModelSpec, syntax: Syntax
) -> None:
    said = ""
    calls: list[Call] = []
    for block in content:
        if "reasoningContent" in block:
            continue
        if "toolUse" in block:
            calls.append((block["toolUse"]["name"], block["toolUse"]["input"]))
            continue
        for kind, text in _texts([block], spec):
            if kind == "cachePoint":
                transcript.mark(said)
            else:
                said += text
    if calls:
        said += ("\n" if said else "") + syntax.calls(calls)
    if said:
        transcript.add("assistant", said)


def _add_user(
    transcript: Transcript,
    content: Iterable[Mapping[str, Any]],
    spec: ModelSpec,
    syntax: Syntax,
    names: Mapping[str, str],
) -> None:
    said = ""
    results: list[tuple[str, str]] = []
    for block in content:
        if "toolResult" in block:
            result = block["toolResult"]
            results.append((names[result["toolUseId"]], _result(result, spec)))
            continue
        for kind, text in _texts([block], spec):
            if kind == "cachePoint":
                transcript.mark(said or syntax.results(results))
            else:
                said += text
    if results and syntax.result_role == "user":
        said = syntax.results(results) + ("\n" if said else "") + said
    elif results:
        transcript.add(syntax.result_role, syntax.results(results))
    if said:
        transcript.add("user", said)


def _texts(blocks: Iterable[Mapping[str, Any]], spec: ModelSpec) -> Iterable[tuple[str, str]]:
    for block in blocks:
        ((kind, value),) = block.items()
        if kind == "guardContent" and "text" in value:
            yield "text", value["text"]["text"]
        elif kind in ("text", "cachePoint"):
            yield kind, value
        else:
            raise _unread(kind, spec)


def _result(result: Mapping[str, Any], spec: ModelSpec) -> str:
    """What a tool gave, as text."""
    parts = []
    for block in result["content"]:
        ((kind, value),) = block.items()
        if kind == "text":
            parts.append(value)
        elif kind == "json":
            parts.append(json.dumps(value, ensure_ascii=False))
        elif kind == "document":
            parts.append(_document(value, spec))
        else:
            raise _unread(kind, spec, " in a toolResult")
    text = "\n".join(parts)
    return f"Error: {text}" if result.get("status") == "error" else text


def _document(document: Mapping[str, Any], spec: ModelSpec) -> str:
    ((kind, value),) = document["source"].items()
    if kind == "text":
        return str(value)
    if kind == "content":
        return "\n".join(part["text"] for part in value)
    if kind == "bytes" and document.get("format", "txt") in _PLAIN:
        return bytes(value).decode("utf-8", errors="replace")
    what = f"document of the format {document.get('format')!r}" if kind == "bytes" else f"document by {kind!r}"
    raise _unread(what, spec, " in a toolResult")


def _unread(kind: str, spec: ModelSpec, where: str = "") -> ValidationException:
    return ValidationException(
        f"The model {spec.id!r} reads text only: send the request without {kind!r} content{where}."
    )

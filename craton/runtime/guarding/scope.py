"""Which texts and pictures of a turn a guardrail judges, and where what is left of them goes.

By the documentation of Converse: all messages, or, where parts of them are marked with `guardContent` or a tag, those
alone; of system prompts what is marked. Where the account enforces a guardrail comprehensively, all else that a model
reads is judged too: tools' definitions, calls and results, the form of the answer, additional fields, documents' names
and the reasoning of earlier answers. Knows no guardrail and no policy.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from craton.dialects.converse import Block, Turn
from craton.guardrails.findings import Image
from craton.runtime.guarding.leaves import edited, edited_as_one
from craton.runtime.guarding.tags import GUARD_CONTENT, pieces


@dataclass(frozen=True, slots=True)
class Reach:
    """What is judged although it is not marked: system prompts, and messages of which other parts are marked."""

    system: bool = False
    messages: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A text in a turn. One that is marked has a guardrail's block or tag around it, perhaps with qualifiers. One
    `aside` is no part of what is said: a tool's, or of what surrounds the conversation. `message` is the number of the
    message that it is a part of, -1 where the texts beside it are not read as one with it.
    """

    text: str
    marked: bool = False
    qualifiers: frozenset[str] = frozenset()
    system: bool = False
    aside: bool = False
    message: int = -1

    @property
    def compared(self) -> bool:
        """Marked only as what an answer is compared with."""
        return self.marked and bool(self.qualifiers) and GUARD_CONTENT not in self.qualifiers


Edit = Callable[[Spot], str]


def spots_of(turn: Turn, suffix: str) -> list[Spot]:
    """The texts of a turn, in order. `suffix` is that of the tags, or empty.

    Raises ValidationException for tags that do not pair.
    """
    spots: list[Spot] = []

    def note(spot: Spot) -> str:
        spots.append(spot)
        return spot.text

    _turn(turn, suffix, note)
    return spots


def judged(spots: Sequence[Spot], reach: Reach) -> list[int]:
    """The places of those that are judged."""
    plain = _is_plain(spots, reach)
    return [place for place, spot in enumerate(spots) if _judged(spot, plain, reach)]


def counted(spot: Spot) -> bool:
    """Whether it counts as input although it is not judged."""
    return spot.marked or not (spot.system or spot.aside)


def images_of(turn: Turn, spots: Sequence[Spot], reach: Reach) -> list[Image]:
    """The pictures that are judged, of those whose bytes are known."""
    plain = _is_plain(spots, reach)
    system = _images(turn.get("system", ()), reach.system, reach.system)
    return [
        *system,
        *(image for message in turn["messages"] for image in _images(message["content"], plain, reach.messages)),
    ]


def with_texts(turn: Turn, suffix: str, texts: Iterable[str]) -> Turn:
    """The turn as a model takes it, without tags, and with these in the place of its texts. A block of which nothing is
    left goes: models refuse texts that say nothing.
    """
    new = iter(texts)
    made = _turn(turn, suffix, lambda _: next(new))
    messages = [
        {**after, "content": _filled(before["content"], after["content"])}
        for before, after in zip(turn["messages"], made["messages"], strict=True)
    ]
    return {**made, "messages": messages}


def _filled(before: Sequence[Block], after: Sequence[Block]) -> Sequence[Block]:
    """The blocks but for those that were emptied; all of them where no other would stay."""
    filled = [new for old, new in zip(before, after, strict=True) if _said(new) != "" or _said(old) == ""]
    return filled or after


def _said(block: Block) -> str | None:
    match block:
        case {"text": str(text)} | {"guardContent": {"text": {"text": str(text)}}}:
            return text
    return None


def without_tags(turn: Turn, suffix: str) -> Turn:
    return _turn(turn, suffix, lambda spot: spot.text) if suffix else turn


def _is_plain(spots: Sequence[Spot], reach: Reach) -> bool:
    """Whether messages are judged where nothing is marked."""
    return reach.messages or not any(spot.marked and not spot.system for spot in spots)


def _judged(spot: Spot, plain: bool, reach: Reach) -> bool:
    if spot.system:
        return reach.system or (spot.marked and not spot.compared)
    if spot.aside:
        return reach.messages
    if spot.compared:
        return reach.messages
    return spot.marked or plain


def _turn(turn: Turn, suffix: str, edit: Edit) -> Turn:
    """The turn, with what `edit` makes of each of its texts, which it is given in order."""
    messages = [
        {**message, "content": [_block(block, suffix, edit, message=number) for block in message["content"]]}
        for number, message in enumerate(turn["messages"])
    ]
    new = {**turn, "messages": messages}
    if "system" in turn:
        new["system"] = [_block(block, suffix, edit, system=True) for block in turn["system"]]
    if tools := turn.get("toolConfig"):
        new["toolConfig"] = {**tools, "tools": [_tool(tool, edit) for tool in tools.get("tools", ())]}
    if (output := turn.get("outputConfig")) and "textFormat" in output:
        new["outputConfig"] = {**output, "textFormat": _form(output["textFormat"], edit)}
    if fields := turn.get("additionalModelRequestFields"):
        new["additionalModelRequestFields"] = edited_as_one(fields, _beside(edit))
    return new


def _beside(edit: Edit) -> Callable[[str], str]:
    return lambda text: edit(Spot(text, aside=True))


def _tool(tool: Block, edit: Edit) -> Block:
    """Its name is judged and stays: answers and choices repeat it."""
    if "toolSpec" not in tool:
        return tool
    spec = tool["toolSpec"]
    told = [spec["name"], spec.get("description"), spec["inputSchema"].get("json")]
    _, description, schema = edited_as_one(told, _beside(edit))
    described = {"description": description} if description is not None else {}
    return {"toolSpec": {**spec, **described, "inputSchema": {**spec["inputSchema"], "json": schema}}}


def _form(form: Block, edit: Edit) -> Block:
    """The form of the answer that is asked for."""
    if "jsonSchema" not in form.get("structure", {}):
        return form
    asked: Block = form["structure"]["jsonSchema"]
    told = [asked.get("name"), asked.get("description"), asked["schema"]]
    _, description, schema = edited_as_one(told, _beside(edit))
    described = {"description": description} if description is not None else {}
    return {**form, "structure": {"jsonSchema": {**asked, **described, "schema": schema}}}


def _block(block: Block, suffix: str, edit: Edit, *, system: bool = False, message: int = -1) -> Block:
    match block:
        case {"text": str(text)}:
            return {"text": _tagged(text, suffix, edit, system, message)}
        case {"guardContent": {"text": {"text": str(text)} as content}}:
            spot = Spot(text, True, frozenset(content.get("qualifiers", ())), system, message=message)
            return {"guardContent": {"text": {**content, "text": edit(spot)}}}
        case {"document": document}:
            return {"document": _document(document, edit)}
        case {"searchResult": {"content": content} as result}:
            parts, title = _parts(content, edit), edit(Spot(result["title"]))
            source = edit(Spot(result["source"], aside=True))
            return {"searchResult": {**result, "content": parts, "title": title, "source": source}}
        case {"citationsContent": {"content": content} as cited}:
            return {"citationsContent": {**cited, "content": _parts(content, edit)}}
        case {"toolResult": {"content": content} as result}:
            return {"toolResult": {**result, "content": [_result(part, edit) for part in content]}}
        case {"reasoningContent": {"reasoningText": {"text": str(text)}}}:
            new = edit(Spot(text, aside=True))
            # What was signed is not what is left.
            return block if new == text else {"reasoningContent": {"reasoningText": {"text": new}}}
        case {"toolUse": {"input": given} as call}:
            return {"toolUse": {**call, "input": edited(given, lambda text: edit(Spot(text, aside=True)))}}
    return block


def _tagged(text: str, suffix: str, edit: Edit, system: bool, message: int) -> str:
    return "".join(
        edit(Spot(piece.text, bool(piece.qualifiers), piece.qualifiers, system, message=message))
        for piece in pieces(text, suffix)
    )


def _parts(parts: Iterable[Mapping[str, Any]], edit: Edit) -> list[Block]:
    return [{**part, "text": edit(Spot(part["text"]))} if "text" in part else dict(part) for part in parts]


# The member of a document's source that keeps what its text was read from, while it is judged.
READ_FROM = "readFrom"


def _document(document: Block, edit: Edit, *, aside: bool = False) -> Block:
    """A document whose text is known; one that was read from bytes stays as it is where nothing in it changes."""
    named = {"name": edit(Spot(document["name"], aside=True))} if "name" in document else {}
    if "context" in document:
        named["context"] = edit(Spot(document["context"], aside=aside))
    document = {**document, **named}
    source = document["source"]
    if "content" in source:
        return {**document, "source": {"content": _parts(source["content"], edit)}}
    if "text" not in source:
        return document
    text = edit(Spot(source["text"], aside=aside))
    if READ_FROM not in source:
        return {**document, "source": {"text": text}}
    if text == source["text"]:
        return {**document, "source": source[READ_FROM]}
    return {**document, "format": "txt", "source": {"text": text}}


def _result(part: Block, edit: Edit) -> Block:
    match part:
        case {"text": str(text)}:
            return {"text": edit(Spot(text, aside=True))}
        case {"json": value}:
            return {"json": edited(value, lambda text: edit(Spot(text, aside=True)))}
        case {"document": document}:
            return {"document": _document(document, edit, aside=True)}
    return part


def _images(blocks: Iterable[Block], plain: bool, tools: bool) -> Iterator[Image]:
    """Those of tools' results only with `tools`."""
    for block in blocks:
        match block:
            case {"guardContent": {"image": {"format": format, "source": {"bytes": data}}}}:
                yield Image(format, bytes(data))
            case {"image": {"format": format, "source": {"bytes": data}}} if plain:
                yield Image(format, bytes(data))
            case {"toolResult": {"content": content}} if tools:
                yield from _images(content, True, tools)

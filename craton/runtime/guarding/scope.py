"""Which texts and pictures of a turn a guardrail judges, and where what is left of them goes.

By the documentation of Converse: all messages, or, where parts of them are marked with `guardContent` or a tag, those
alone; of system prompts what is marked. Tools' results and calls are judged where the account enforces a guardrail
comprehensively. Reasoning of earlier answers is not judged. Knows no guardrail and no policy.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from craton.dialects.converse import Block, Turn
from craton.guardrails.findings import Image
from craton.runtime.guarding.leaves import edited
from craton.runtime.guarding.tags import GUARD_CONTENT, pieces


@dataclass(frozen=True, slots=True)
class Reach:
    """What is judged although it is not marked: system prompts, and messages of which other parts are marked."""

    system: bool = False
    messages: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A text in a turn. One that is marked has a guardrail's block or tag around it, perhaps with qualifiers."""

    text: str
    marked: bool = False
    qualifiers: frozenset[str] = frozenset()
    system: bool = False
    tool: bool = False

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
    return spot.marked or not (spot.system or spot.tool)


def images_of(turn: Turn, spots: Sequence[Spot], reach: Reach) -> list[Image]:
    """The pictures that are judged, of those whose bytes are known."""
    return [image for message in turn["messages"] for image in _images(message["content"], _is_plain(spots, reach))]


def with_texts(turn: Turn, suffix: str, texts: Iterable[str]) -> Turn:
    """The turn as a model takes it, without tags, and with these in the place of its texts."""
    new = iter(texts)
    return _turn(turn, suffix, lambda _: next(new))


def without_tags(turn: Turn, suffix: str) -> Turn:
    return _turn(turn, suffix, lambda spot: spot.text) if suffix else turn


def _is_plain(spots: Sequence[Spot], reach: Reach) -> bool:
    """Whether messages are judged where nothing is marked."""
    return reach.messages or not any(spot.marked and not spot.system for spot in spots)


def _judged(spot: Spot, plain: bool, reach: Reach) -> bool:
    if spot.system:
        return reach.system or (spot.marked and not spot.compared)
    if spot.tool:
        return reach.messages
    if spot.compared:
        return reach.messages
    return spot.marked or plain


def _turn(turn: Turn, suffix: str, edit: Edit) -> Turn:
    """The turn, with what `edit` makes of each of its texts, which it is given in order."""
    messages = [
        {**message, "content": [_block(block, suffix, edit) for block in message["content"]]}
        for message in turn["messages"]
    ]
    if "system" not in turn:
        return {**turn, "messages": messages}
    system = [_block(block, suffix, edit, system=True) for block in turn["system"]]
    return {**turn, "messages": messages, "system": system}


def _block(block: Block, suffix: str, edit: Edit, *, system: bool = False) -> Block:
    match block:
        case {"text": str(text)}:
            return {"text": _tagged(text, suffix, edit, system)}
        case {"guardContent": {"text": {"text": str(text)} as content}}:
            spot = Spot(text, True, frozenset(content.get("qualifiers", ())), system)
            return {"guardContent": {"text": {**content, "text": edit(spot)}}}
        case {"document": document}:
            return {"document": _document(document, edit)}
        case {"searchResult": {"content": content} as result}:
            return {"searchResult": {**result, "content": _parts(content, edit), "title": edit(Spot(result["title"]))}}
        case {"citationsContent": {"content": content} as cited}:
            return {"citationsContent": {**cited, "content": _parts(content, edit)}}
        case {"toolResult": {"content": content} as result}:
            return {"toolResult": {**result, "content": [_result(part, edit) for part in content]}}
        case {"toolUse": {"input": given} as call}:
            return {"toolUse": {**call, "input": edited(given, lambda text: edit(Spot(text, tool=True)))}}
    return block


def _tagged(text: str, suffix: str, edit: Edit, system: bool) -> str:
    return "".join(
        edit(Spot(piece.text, bool(piece.qualifiers), piece.qualifiers, system)) for piece in pieces(text, suffix)
    )


def _parts(parts: Iterable[Mapping[str, Any]], edit: Edit) -> list[Block]:
    return [{**part, "text": edit(Spot(part["text"]))} if "text" in part else dict(part) for part in parts]


# The member of a document's source that keeps what its text was read from, while it is judged.
READ_FROM = "readFrom"


def _document(document: Block, edit: Edit, *, tool: bool = False) -> Block:
    """A document whose text is known; one that was read from bytes stays as it is where nothing in it changes."""
    source = document["source"]
    if "content" in source:
        return {**document, "source": {"content": _parts(source["content"], edit)}}
    if "text" not in source:
        return document
    text = edit(Spot(source["text"], tool=tool))
    if READ_FROM not in source:
        return {**document, "source": {"text": text}}
    if text == source["text"]:
        return {**document, "source": source[READ_FROM]}
    return {**document, "format": "txt", "source": {"text": text}}


def _result(part: Block, edit: Edit) -> Block:
    match part:
        case {"text": str(text)}:
            return {"text": edit(Spot(text, tool=True))}
        case {"json": value}:
            return {"json": edited(value, lambda text: edit(Spot(text, tool=True)))}
        case {"document": document}:
            return {"document": _document(document, edit, tool=True)}
    return part


def _images(blocks: Iterable[Block], plain: bool) -> Iterator[Image]:
    for block in blocks:
        match block:
            case {"guardContent": {"image": {"format": format, "source": {"bytes": data}}}}:
                yield Image(format, bytes(data))
            case {"image": {"format": format, "source": {"bytes": data}}} if plain:
                yield Image(format, bytes(data))

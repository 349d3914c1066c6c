"""Where a text may be cut, from its headings down to its spaces. Knows no size of a chunk.

The text is Markdown or plain. A heading belongs to what follows it, the rows of a table and the lines of a block of
code belong together, and so do the sentences of a paragraph.
"""

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum

from craton.knowledge.chunking.sentences import sentences


class Level(IntEnum):
    """What begins at a boundary, from what is to be kept together least to most."""

    HEADING = 0
    BLOCK = 1
    ITEM = 2
    SENTENCE = 3
    LINE = 4
    WORD = 5


_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_ITEM = re.compile(r"\s*(?:[-*+•‣▪–]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))\s")
_ROW = re.compile(r"\s*\|")
_WORD = re.compile(r"(?<=\s)\S")


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The places of each level, and of all headings, in order. A boundary is where something begins, behind the spaces
    before it.
    """

    places: "tuple[array[int], ...]"
    headings: "array[int]"

    def last(self, level: Level, above: int, most: int) -> int | None:
        """The last of a level that is above one place, and not above another."""
        places = self.places[level]
        number = bisect_right(places, most) - 1
        return places[number] if number >= 0 and places[number] > above else None

    def first(self, level: Level, least: int, below: int) -> int | None:
        """The first of a level that is not below one place, and below another."""
        places = self.places[level]
        number = bisect_right(places, least - 1)
        return places[number] if number < len(places) and places[number] < below else None


def boundaries(text: str) -> Boundaries:
    places: tuple[array[int], ...] = tuple(array("l") for _ in Level)
    headings = array("l")
    paragraph: int | None = None  # where the paragraph began whose sentences are still to be found
    previous = ""  # what the line before was
    fence: str | None = None
    for match in _LINE.finditer(text):
        line, start = match.group(), match.start()
        kind, fence = _kind(line, fence)
        if kind == "text" and previous in {"text", "item"}:
            places[Level.LINE].append(start)
            continue
        if paragraph is not None and kind != "text":
            places[Level.SENTENCE].extend(sentences(text, paragraph, start))
            paragraph = None
        if kind == "blank":
            previous = previous if previous == "heading" else "blank" if previous != "code" else "code"
            continue
        begin = start + len(line) - len(line.lstrip())
        places[_level(kind, previous)].append(begin if kind != "code" else start)
        if kind == "heading":
            headings.append(begin)
        if kind in {"text", "item"}:
            paragraph = begin
        previous = kind
    if paragraph is not None:
        places[Level.SENTENCE].extend(sentences(text, paragraph, len(text)))
    places[Level.WORD].extend(match.start() for match in _WORD.finditer(text))
    return Boundaries(places, headings)


def _kind(line: str, fence: str | None) -> tuple[str, str | None]:
    """What a line is, and the fence of the code that it is in or begins."""
    mark = _FENCE.match(line)
    if fence is not None:
        closing = mark is not None and mark.group(1).startswith(fence) and not line.strip().strip(fence[0])
        return "code", None if closing else fence
    if mark is not None:
        return "code", mark.group(1)
    if not line.strip():
        return "blank", None
    if _HEADING.match(line):
        return "heading", None
    if _ROW.match(line):
        return "row", None
    return ("item" if _ITEM.match(line) else "text"), None


def _level(kind: str, previous: str) -> Level:
    if previous == "heading":
        return Level.LINE
    if kind == "heading":
        return Level.HEADING
    if kind == previous and kind in {"row", "code", "item"}:
        return Level.ITEM if kind == "item" else Level.LINE
    if kind in {"item", "row", "code"} and previous in {"text", "item"}:
        return Level.ITEM
    return Level.BLOCK

"""Cuts a text into spans of at most so many tokens. Knows no strategy and no page."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from craton.knowledge.chunking.boundaries import Boundaries, Level, boundaries
from craton.knowledge.chunking.tokens import Tokens

# How full a chunk must be for its end to be such a boundary; where none is found, weaker ones are looked for.
FULL: Mapping[Level, float] = {
    Level.HEADING: 0.3,
    Level.BLOCK: 0.5,
    Level.ITEM: 0.6,
    Level.SENTENCE: 0.0,
    Level.LINE: 0.0,
    Level.WORD: 0.0,
}

# Characters of all headings above a chunk together.
LONGEST = 200
_HEADING = re.compile(r"(#{1,6})\s+([^\n]*)")


@dataclass(frozen=True, slots=True)
class Outline:
    """A text with all that is to be known to cut it."""

    text: str
    tokens: Tokens
    boundaries: Boundaries
    headings: Sequence[tuple[int, str]]

    @classmethod
    def of(cls, text: str) -> "Outline":
        found = boundaries(text)
        return cls(text, Tokens.of(text), found, list(_paths(text, found.headings)))

    def above(self, place: int) -> str:
        """The headings that a place is under, outermost first. One that begins there stands in the text."""
        number = bisect_left(self.headings, place, key=lambda heading: heading[0])
        return self.headings[number - 1][1] if number else ""

    def sentences(self) -> list[int]:
        """Where each sentence begins, and whatever else is not a sentence's part: headings, items, tables, code."""
        first = self.tokens.place(0)
        parted = {place for level in Level if level <= Level.SENTENCE for place in self.boundaries.places[level]}
        return sorted({first, *parted}) if len(self.tokens.starts) else []


def split(outline: Outline, most: int, overlap: int = 0, start: int = 0, end: int | None = None) -> Iterator[slice]:
    """Spans of at most `most` tokens, of which each but the first repeats up to `overlap` tokens of the one before."""
    tokens = outline.tokens
    end = len(outline.text) if end is None else end
    last = tokens.before(end)
    begun = tokens.before(start)
    reached = start
    while begun < last:
        begin = tokens.place(begun)
        if begun + most >= last:
            yield slice(begin, end)
            return
        place = _cut(outline, begin, reached, begun, most)
        yield slice(begin, place)
        reached = place
        begun = tokens.before(_back(outline, begin, place, overlap) if overlap else place)


def _cut(outline: Outline, begin: int, reached: int, begun: int, most: int) -> int:
    """Where the span ends that begins there: behind what was reached before, and before it is too long."""
    tokens = outline.tokens
    limit = tokens.place(begun + most)
    for level in Level:
        least = tokens.place(begun + int(most * FULL[level])) if FULL[level] else begin
        place = outline.boundaries.last(level, max(reached, begin, least), limit)
        if place is not None:
            # A sentence may begin within a token, as between two quotation marks.
            return tokens.place(tokens.before(place))
    return limit


def _back(outline: Outline, begin: int, place: int, overlap: int) -> int:
    """Where the next span begins, so that it repeats whole sentences, or else whole words, of the one before."""
    tokens = outline.tokens
    least = max(tokens.place(max(tokens.before(place) - overlap, 0)), begin + 1)
    for level in (Level.SENTENCE, Level.WORD):
        again = outline.boundaries.first(level, least, place)
        if again is not None:
            return again
    return min(place, tokens.place(tokens.before(least)))


def _paths(text: str, headings: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Where each heading begins, and what is told of those who stand under it."""
    above: dict[int, str] = {}
    for place in headings:
        found = _HEADING.match(text, place)
        if found:
            depth = len(found[1])
            above = {outer: title for outer, title in above.items() if outer < depth}
            above[depth] = found[2].strip("# \t\r")
            yield place, " > ".join(above.values())[:LONGEST]

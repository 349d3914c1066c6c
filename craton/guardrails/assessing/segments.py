"""Where a text is cut to be judged: a function of the text alone, never of the pieces that it comes in.

Knows neither judges nor masks.

A text is divided into segments by cuts 0 = c0 < c1 < ... A cut stands after the first sentence or line that ends once
the segment is long enough; else, where the segment becomes too long, after its last white space; else just there.
Segments grow with the text: who reads a stream sees its beginning soon, and has more to read while more is judged.

A segment [c, d) is judged within a window [c - CONTEXT, d + REACH) of the text. It is complete when all of that has
arrived, or the text has ended: what has come at c + longest(c) + REACH decides the cut, and a cut, once it can be seen,
does not depend on what follows. When the text ends before d + REACH, its rest is one segment.

What REACH promises. Let a judge find a match of at most REACH characters at [s, e) in every part of the text that
holds the match and a character on either side. Let [c, d) be the segment with c <= s < d. Then e <= s + REACH < d +
REACH, so the window of that segment holds the match and the character after it; CONTEXT >= 1 gives the one before it.
So it is found when that segment is judged. Nothing from c on is given out before that (`screening` gives out what
stands before the last segment judged), so no character of the match is given out before the match is known. Whatever
the pieces were, the windows are the same, hence so are the findings.

What waits: at most the segment and what is ahead of it, LONGEST + REACH = 1,200 characters; at the beginning of a text
400 to 600. What it costs: a text is judged (CONTEXT + segment + REACH) / segment times, 1.3 in the long run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from craton.guardrails.findings import Window

REACH = 200  # characters: no match up to this long is given out in part
CONTEXT = 100  # characters before a segment that are judged with it again
LONGEST = 1000

_SHORTEST = 200  # of the first segment, and what a later one may be longer than it must
_GROWN = LONGEST - _SHORTEST

_END = re.compile(r"""[.!?…。！？]["'»”’)\]]{0,3}\s|\n|[。！？]""")


@dataclass(frozen=True, slots=True)
class Segment:
    """`start` and `end` are offsets in the whole text; `last` ends with it."""

    window: Window
    start: int
    end: int
    last: bool = False


class Segments:
    """Of one text, in order, each as soon as it is complete."""

    def __init__(self) -> None:
        self._text = ""  # from `_offset` on
        self._offset = 0
        self._start = 0  # of the next segment, in the whole text

    def feed(self, piece: str) -> list[Segment]:
        """Those that this piece completes."""
        self._text += piece
        made = [*self._complete()]
        kept = max(self._start - CONTEXT, self._offset)
        self._text, self._offset = self._text[kept - self._offset :], kept
        return made

    def end(self) -> Segment | None:
        """The rest, where there is one."""
        end = self._offset + len(self._text)
        if end == self._start:
            return None
        segment = self._segment(end, last=True)
        self._start = end
        return segment

    def _complete(self) -> Iterator[Segment]:
        while (cut := self._cut()) is not None and self._offset + len(self._text) >= cut + REACH:
            yield self._segment(cut)
            self._start = cut

    def _cut(self) -> int | None:
        """Where the segment that begins at `_start` ends, where that can be seen."""
        shortest = min(max(self._start, _SHORTEST), _GROWN)
        first = self._start - self._offset + shortest
        last = first + _SHORTEST
        if found := _END.search(self._text, first - 1, last):
            return self._offset + found.end()
        if len(self._text) <= last:
            return None
        spaced = next((at for at in range(last, first, -1) if self._text[at - 1].isspace()), last)
        return self._offset + spaced

    def _segment(self, end: int, *, last: bool = False) -> Segment:
        begin = max(self._start - CONTEXT, 0)
        text = self._text[begin - self._offset : end + REACH - self._offset]
        return Segment(Window(text, begin, self._start - begin, end - begin), self._start, end, last)

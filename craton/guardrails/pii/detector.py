"""Personal data in texts: what each type is recognised by, joined into spans that do not overlap.

Knows no policy and no action, and of names only what `names` and `addresses` make of them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.expressions.sieve import Sieve
from craton.guardrails.findings import Undecided, Window
from craton.guardrails.means import Means
from craton.guardrails.pii import addresses, names
from craton.guardrails.pii.recognizers import american, british, finance, german, internet, person, vehicles
from craton.guardrails.pii.recognizers.recognizer import Span, Text
from craton.guardrails.prepared import Prepared
from craton.guardrails.turns import turn

_LEARNED = {"NAME", "ADDRESS"}  # types that a model finds, too
# Characters around what is judged that the model reads with it.
_BEFORE, _BEHIND = 50, 100
# One for one, so that offsets stay: all of ASCII in the width of other scripts, digits of formulas, apostrophes, spaces
# and hyphens of typography.
_PLAIN: dict[int, int | str] = {
    **{0xFF01 + place: 0x21 + place for place in range(94)},
    **{0x1D7CE + place: ord("0") + place % 10 for place in range(50)},
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"), "-"),
    **dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "),
}


class _Recognizer(Protocol):
    @property
    def type(self) -> str: ...

    @property
    def pattern(self) -> Expression:
        """What must match in a text in which something is found."""
        ...

    @property
    def beside(self) -> Sequence[Expression]:
        """What else is looked for near a match."""
        ...

    def find(self, text: Text) -> Iterable[Span]: ...


RECOGNIZERS: tuple[_Recognizer, ...] = (
    *finance.RECOGNIZERS,
    *internet.RECOGNIZERS,
    *american.RECOGNIZERS,
    *british.RECOGNIZERS,
    *german.RECOGNIZERS,
    *vehicles.RECOGNIZERS,
    *person.RECOGNIZERS,
    *addresses.RECOGNIZERS,
    *names.RECOGNIZERS,
)


@cache
def _sieve() -> Sieve:
    """One for all: it is costly to make, and what is not asked for is soon put aside."""
    return Sieve([recognizer.pattern for recognizer in RECOGNIZERS])


class Detector:
    """Finds data of these types in texts."""

    def __init__(self, types: Collection[str], means: Means) -> None:
        self._recognizers = {
            place: recognizer for place, recognizer in enumerate(RECOGNIZERS) if recognizer.type in types
        }
        self._types = frozenset(types)
        self._ready = Prepared(self._compile)
        self._means = means

    @property
    def learned(self) -> bool:
        """Whether some of its types need the model."""
        return bool(self._types & _LEARNED)

    def _compile(self) -> None:
        _sieve()
        for recognizer in self._recognizers.values():
            for expression in (recognizer.pattern, *recognizer.beside):
                expression.compile()

    def recognized(self, text: str) -> list[Span]:
        """What patterns and check digits find; they may overlap."""
        plain = text if text.isascii() else text.translate(_PLAIN)
        places = sorted(_sieve().passed(plain) & self._recognizers.keys())
        prepared = Text(plain)
        return [span for place in places for span in self._recognizers[place].find(prepared)]

    async def modelled(self, windows: Sequence[Window]) -> list[list[Span]]:
        """What the model of names and addresses finds in each. Raises Undecided."""
        parts = [_near(window) for window in windows]
        seen = await self._means.entities([text for text, _ in parts])
        return [
            [
                replace(span, start=span.start + begin, end=span.end + begin)
                for span in (*names.read(text, entities), *addresses.read(text, entities))
                if span.type in self._types
            ]
            for (text, begin), entities in zip(parts, seen, strict=True)
        ]

    async def find(self, windows: Sequence[Window]) -> tuple[list[list[Span]], Undecided | None]:
        """The spans of each window, in order, none in another; and why the model did not add to them, if so."""
        recognized = []
        await self._ready.get()
        for window in windows:
            async with turn():
                recognized.append(self.recognized(window.text))
        undecided = None
        if self.learned:
            try:
                modelled = await self.modelled(windows)
            except Undecided as error:
                undecided = error
            else:
                recognized = [mine + its for mine, its in zip(recognized, modelled, strict=True)]
        return [apart(spans) for spans in recognized], undecided


def _near(window: Window) -> tuple[str, int]:
    """The part of a window that the model reads, and where it begins: it is costly, so it reads less twice than
    patterns do. Words are not cut.
    """
    text, ahead = window.text, len(window.text) if window.ahead is None else window.ahead
    begin = text.rfind(" ", 0, max(window.fresh - _BEFORE, 0)) + 1
    end = text.find(" ", ahead + _BEHIND)
    return text[begin : end if end >= 0 else None], begin


def apart(spans: Iterable[Span]) -> list[Span]:
    """Spans of one type that overlap are one; of different types the surer wins, then the longer."""
    kept: list[Span] = []
    for span in sorted(_joined(spans), key=lambda span: (-span.score, span.start - span.end, span.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.type, span.start)):
        last = joined[-1] if joined else None
        if last and last.type == span.type and span.start < last.end:
            joined[-1] = Span(last.type, last.start, max(last.end, span.end), max(last.score, span.score))
        else:
            joined.append(span)
    return joined


async def detect(texts: Sequence[str], types: Collection[str], means: Means) -> list[list[Span]]:
    """Data of these types (names of the service model) in each text. Raises Undecided where a type needs the model of
    names and that is missing.
    """
    spans, undecided = await Detector(types, means).find([Window(text) for text in texts])
    if undecided:
        raise undecided
    return spans

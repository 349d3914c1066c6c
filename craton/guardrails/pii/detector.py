"""Personal data in texts: what each type is recognised by, joined into spans.

Knows no policy and no action, and of names only what `names` and `addresses` make of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.expressions.sieve import Sieve
from craton.guardrails.findings import Undecided, Window
from craton.guardrails.means import Means
from craton.guardrails.pii import addresses, names
from craton.guardrails.pii.plain import plain
from craton.guardrails.pii.readable import Readable
from craton.guardrails.pii.recognizers import american, british, finance, german, internet, person, vehicles
from craton.guardrails.pii.recognizers.recognizer import Span, Text
from craton.guardrails.prepared import Prepared
from craton.guardrails.turns import turn

_LEARNED = {"NAME", "ADDRESS"}  # types that a model finds, too
# Characters around what is judged that the model reads with it.
_BEFORE, _BEHIND = 50, 100


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
    """Finds data of these types in texts; `ranks` are those of `apart`."""

    def __init__(self, types: Collection[str], means: Means, ranks: Mapping[str, int] | None = None) -> None:
        self._recognizers = {
            place: recognizer for place, recognizer in enumerate(RECOGNIZERS) if recognizer.type in types
        }
        self._types = frozenset(types)
        self._ready = Prepared(self._compile)
        self._means = means
        self._ranks = ranks or {}

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
        readable = Readable(text)
        prepared = Text(plain(readable.text))
        places = sorted(_sieve().passed(prepared.plain) & self._recognizers.keys())
        return [_moved(span, readable) for place in places for span in self._recognizers[place].find(prepared)]

    async def modelled(self, windows: Sequence[Window]) -> list[list[Span]]:
        """What the model of names and addresses finds in each. Raises Undecided."""
        parts = [(Readable(text), begin) for text, begin in map(_near, windows)]
        seen = await self._means.entities([readable.text for readable, _ in parts])
        return [
            [
                _moved(span, readable, begin)
                for span in (*names.read(readable.text, entities), *addresses.read(readable.text, entities))
                if span.type in self._types
            ]
            for (readable, begin), entities in zip(parts, seen, strict=True)
        ]

    async def find(self, windows: Sequence[Window]) -> tuple[list[list[Span]], Undecided | None]:
        """The spans of each window, in order, as `apart` leaves them; and why the model did not add to them, if so."""
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
        return [apart(spans, self._ranks) for spans in recognized], undecided


def _near(window: Window) -> tuple[str, int]:
    """The part of a window that the model reads, and where it begins: it is costly, so it reads less twice than
    patterns do. Words are not cut.
    """
    text, ahead = window.text, len(window.text) if window.ahead is None else window.ahead
    begin = text.rfind(" ", 0, max(window.fresh - _BEFORE, 0)) + 1
    end = text.find(" ", ahead + _BEHIND)
    return text[begin : end if end >= 0 else None], begin


def apart(spans: Iterable[Span], ranks: Mapping[str, int] | None = None) -> list[Span]:
    """Spans of one type that overlap are one. Of different types the higher rank wins (a type has 0 where none is
    given), then the surer, then the longer: what it covers goes. What it covers in part stays, lest the rest go out.
    """
    ranked = ranks or {}
    kept: list[Span] = []
    for span in sorted(
        _joined(spans),
        key=lambda span: (-ranked.get(span.type, 0), -span.score, span.start - span.end, span.start),
    ):
        if not any(other.start <= span.start and span.end <= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _moved(span: Span, readable: Readable, by: int = 0) -> Span:
    """In the original."""
    start, end = readable.span(span.start, span.end)
    return replace(span, start=start + by, end=end + by)


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

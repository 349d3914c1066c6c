"""Personal data in texts: what each type is recognised by, joined into spans that do not overlap.

Knows no policy and no action, and of names only what `names` and `addresses` make of them.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from craton.guardrails.findings import Undecided
from craton.guardrails.means import Means
from craton.guardrails.pii import addresses, names
from craton.guardrails.pii.recognizers import american, british, finance, german, internet, person, vehicles
from craton.guardrails.pii.recognizers.recognizer import Span, Text
from craton.guardrails.turns import turn

_LEARNED = {"NAME", "ADDRESS"}  # types that a model finds, too
# One for one, so that offsets stay: digits of other scripts' width, spaces and hyphens of typography.
_PLAIN = str.maketrans(
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff20\uff0e\uff0f\uff1a\u2019"
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "0123456789@./:'" + 9 * "-" + 15 * " ",
)


class _Recognizer(Protocol):
    @property
    def type(self) -> str: ...

    def find(self, text: Text) -> Iterable[Span]: ...


_RECOGNIZERS: tuple[_Recognizer, ...] = (
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


class Detector:
    """Finds data of these types in texts."""

    def __init__(self, types: Collection[str], means: Means) -> None:
        self._recognizers = [recognizer for recognizer in _RECOGNIZERS if recognizer.type in types]
        self._types = frozenset(types)
        self._means = means

    @property
    def learned(self) -> bool:
        """Whether some of its types need the model."""
        return bool(self._types & _LEARNED)

    def recognized(self, text: str) -> list[Span]:
        """What patterns and check digits find; they may overlap."""
        prepared = Text(text if text.isascii() else text.translate(_PLAIN))
        return [span for recognizer in self._recognizers for span in recognizer.find(prepared)]

    async def modelled(self, texts: Sequence[str]) -> list[list[Span]]:
        """What the model of names and addresses finds in each text. Raises Undecided."""
        seen = await self._means.entities(texts)
        return [
            [
                span
                for span in (*names.read(text, entities), *addresses.read(text, entities))
                if span.type in self._types
            ]
            for text, entities in zip(texts, seen, strict=True)
        ]

    async def find(self, texts: Sequence[str]) -> tuple[list[list[Span]], Undecided | None]:
        """The spans of each text, in order, none in another; and why the model did not add to them, if so."""
        recognized = []
        for text in texts:
            async with turn():
                recognized.append(self.recognized(text))
        undecided = None
        if self.learned:
            try:
                modelled = await self.modelled(texts)
            except Undecided as error:
                undecided = error
            else:
                recognized = [mine + its for mine, its in zip(recognized, modelled, strict=True)]
        return [apart(spans) for spans in recognized], undecided


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
    spans, undecided = await Detector(types, means).find(texts)
    if undecided:
        raise undecided
    return spans

"""How one kind of personal data is recognised: a pattern, what must be true of its match, and what must stand near it.

Knows no kind of data, no policy and no action.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from craton.guardrails.expressions.expression import Expression

# A match counts from this confidence on.
ENOUGH = 0.5
# How far, in characters, a word that supports a match may stand before and behind it.
_BEFORE = 60
_BEHIND = 32
_CUED = 0.95
_SPEAKS_AGAINST = 0.3
# Of a long number that stands alone, these say that it is something else.
_AGAINST = Expression(
    r"\b(?:orders?|order[- ]?(?:no|number|id)|invoices?|tracking|ticket|sku|isbn|ean|serial|article|item no|part no|"
    r"case number|reference|\w*bestell\w*|\w*rechnung\w*|\w*auftrag\w*|\w*sendung\w*|artikel\w*|vorgang\w*|"
    r"seriennummer|aktenzeichen|kundennummer|euro?|usd|population|einwohner)\b|[€$£]"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a piece of personal data of this type stands, in characters, and how sure that is (0 to 1)."""

    type: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Number:
    """Digits with little between them: where they stand in a text, and how many they are."""

    start: int
    end: int
    digits: int


_NUMBER = Expression(r"[0-9](?:[^0-9]{0,4}[0-9])*")
# How far around its digits the letters of a number may reach.
_LEAD, _TRAIL = 18, 24


class Text:
    """A text that is searched by many recognizers."""

    def __init__(self, plain: str) -> None:
        self.plain = plain

    @cached_property
    def numbers(self) -> list[Number]:
        return [
            Number(match.start(), match.end(), sum(map(str.isdigit, match.group())))
            for match in _NUMBER.finditer(self.plain)
        ]

    @cached_property
    def most_digits(self) -> int:
        return max((number.digits for number in self.numbers), default=0)


@dataclass(frozen=True, slots=True)
class Recognizer:
    """Finds one kind of data. The match is the pattern's group `v` where it has one.

    `score` is the confidence of a match that stands alone: under 0.5 it needs one of `cues` near it (a pattern over
    lower-cased text). `check` must be true of the matched characters. A text that has no number of so many `digits` is
    not searched; the search keeps close to such numbers, unless the match reaches `far` from them. `doubtful` matches
    lose by words such as "order number", and one that directly follows what `unless` matches is none.
    """

    type: str
    pattern: Expression
    score: float
    check: Callable[[str], bool] | None = None
    cues: Expression | None = None
    digits: int = 0
    far: bool = False
    doubtful: bool = False
    unless: Expression | None = None

    @property
    def beside(self) -> Sequence[Expression]:
        """What is looked for near a match."""
        return [each for each in (self.cues, self.unless, _AGAINST if self.doubtful else None) if each]

    def find(self, text: Text) -> Iterable[Span]:
        return self._spans(text) if text.most_digits >= self.digits else ()

    def _spans(self, text: Text) -> Iterator[Span]:
        group: str | int = "v" if "v" in self.pattern.groupindex else 0
        for match in self._matches(text):
            start, end = match.span(group)
            if self.check is not None and not self.check(text.plain[start:end]):
                continue
            if self.unless is not None and self.unless.search(text.plain, max(0, start - _BEFORE), start):
                continue
            score = self._score(text.plain, start, end)
            if score >= ENOUGH:
                yield Span(self.type, start, end, score)

    def _matches(self, text: Text) -> Iterator[re.Match[str]]:
        if self.far or not self.digits:
            return self.pattern.finditer(text.plain)
        return chain.from_iterable(self.pattern.finditer(text.plain, *reach) for reach in self._reaches(text))

    def _reaches(self, text: Text) -> list[tuple[int, int]]:
        """Where numbers of enough digits may reach, those that overlap as one: nothing is searched twice."""
        reaches: list[tuple[int, int]] = []
        for number in text.numbers:
            if number.digits >= self.digits:
                start, end = max(0, number.start - _LEAD), number.end + _TRAIL
                if reaches and start <= reaches[-1][1]:
                    start, _ = reaches.pop()
                reaches.append((start, end))
        return reaches

    def _score(self, text: str, start: int, end: int) -> float:
        if self.cues is None and not self.doubtful:
            return self.score
        near = f"{text[max(0, start - _BEFORE) : start]} \0 {text[end : end + _BEHIND]}".lower()
        if self.cues is not None and self.cues.search(near):
            return max(self.score, _CUED)
        if self.doubtful and _AGAINST.search(near):
            return self.score - _SPEAKS_AGAINST
        return self.score


# What may stand between a word such as "PIN" and its value: at once, or as a short sentence that ends in a verb.
_LINK = (
    r"(?:[^\d\n.;!?]{0,48}?(?:\b(?:is|was|are|ist|war|lautet|lauten|heißt|being|equals|no|nr|number|nummer|code)\b\.?"
    r"|[:=#]))?[\s:=#\"'*`„“(\[-]{0,4}?"
)


def cued(
    type: str,
    cue: str,
    value: str,
    score: float,
    check: Callable[[str], bool] | None = None,
    *,
    digits: int = 0,
) -> Recognizer:
    """Finds a value that follows its cue: "PIN: 1234", "Die PIN für die Karte lautet 1234". Both are alternations."""
    pattern = Expression(rf"(?<!\w)(?:{cue})(?!\w){_LINK}(?<!\w)(?P<v>{value})(?!\w)", re.IGNORECASE)
    return Recognizer(type, pattern, score, check, digits=digits, far=True)


def words(*alternatives: str) -> Expression:
    """The words that support a match, each a pattern in lower case, as whole words."""
    return Expression(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)")

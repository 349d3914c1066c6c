"""The amounts of a sentence: numbers with their units, and how they are compared ("more than 10 years" is > 10).

English and German. What is not compared is a plain amount. Knows no statement's meaning.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from craton.guardrails.amounts import tables
from craton.guardrails.amounts.numerals import Number, Token, number, spelled, tokens
from craton.guardrails.amounts.tables import PARTS, UNITS, Unit

_COMPARED = "|".join(f"({each})" for each in tables.BEFORE.values())
_BEFORE = re.compile(rf"\b(?:{_COMPARED})\s+(?:(?:the|den|der|die|a|an|about) )?$", re.IGNORECASE)
_LIMITED = "|".join(f"({each})" for each in tables.BEHIND.values())
_BEHIND = re.compile(rf"(?:\s+(?:of|der|des) \w+)?\s+(?:{_LIMITED})\b", re.IGNORECASE)
_REACH = 30
_GAP = re.compile(r"\.?\s?-?")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_WORDS = re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]+|[%€$£]")
_NO = re.compile(r"^\W*(?:no|nein)\b(?=\s*[,.;:!–-]|$)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_OPPOSITE = {">": "<=", "<": ">=", ">=": "<", "<=": ">"}
_SIZES = [*{(unit.kind, unit.size) for unit in UNITS.values()}]
_EXACT, _LOOSE = 1e-6, 0.12
# A year in the smallest unit of time.
_YEARS, _DAYS = 12, 365 * 86400
# Shorter words in a description are mostly no units; ends of longer ones are, as in "Arbeitstage".
_SHORT, _LONG = 2, 5


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text` is what the sentence says with the words that compare, `bare` without these; `readings` are what
    the number may be, likeliest first. `unit` is the word behind it: one that is not known has no `kind`.
    """

    text: str
    start: int
    readings: tuple[Fraction, ...]
    unit: str = ""
    bare: str = ""
    relation: str = "="
    kind: str = ""
    loose: bool = False

    @property
    def number(self) -> Fraction:
        return self.readings[0]

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def counts(self) -> str:
        """What it is an amount of: its kind, or the word behind it."""
        return self.kind or self.unit

    @property
    def denied(self) -> "Quantity":
        return replace(self, relation=_OPPOSITE[self.relation])

    def opposes(self, other: "Quantity") -> bool:
        """Whether one holds just where the other does not."""
        same = self.number == other.number and commensurable(self.unit, other.unit)
        return same and _OPPOSITE.get(self.relation) == other.relation

    def agrees(self, other: "Quantity") -> bool:
        """Whether both may be the same amount, however they are written."""
        if self.kind and other.kind and self.kind != other.kind:
            return False
        within = _LOOSE if self.loose or other.loose else _EXACT
        return any(_near(one, two, within) for one in self._compared(other) for two in other._compared(self))

    def rivals(self, other: "Quantity") -> bool:
        """Whether both are of one kind and tell different amounts."""
        return bool(self.counts) and self.counts == other.counts and not self.agrees(other)

    def _compared(self, other: "Quantity") -> Iterator[Fraction]:
        size = UNITS[self.unit].size if self.unit in UNITS else 1
        yield from (reading * size for reading in self.readings)
        # A bare number may be meant in any unit of the other's kind: "8 weeks or more" is told as "eight".
        if not self.kind and other.kind:
            yield from (reading * size for reading in self.readings for kind, size in _SIZES if kind == other.kind)


def quantities(text: str) -> list[Quantity]:
    """Each amount of a text, in its order."""
    of, found, at = tokens(text), list[Quantity](), 0
    while at < len(of):
        read = number(of, at, text) or _one(of, at, text)
        end = at + 1
        if read:
            quantity, end = _quantity(of, at, read, text)
            if quantity:
                found[-1:] = _between(found[-1:], quantity, text)
        at = end
    return found


def _quantity(of: Sequence[Token], at: int, read: Number, text: str) -> tuple[Quantity | None, int]:
    """The amount that a number is, and the token after it."""
    unit, end = _unit(of, read, text)
    if unit in tables.CENTURIES or (of[at].word in ("one", "eins") and read.end == at + 1 and unit not in UNITS):
        return None, end
    after = of[read.end - 1].end
    if not unit and text[after : after + 1].isalpha():
        return None, end
    symbol = of[at - 1].text if at and of[at - 1].text in UNITS and not of[at - 1].text.isalpha() else ""
    begin = of[at - 1].start if symbol and not unit else of[at].start
    if read.part and at and of[at - 1].word in tables.ARTICLES:
        begin = of[at - 1].start
    unit = unit or symbol
    kind = UNITS[unit].kind if unit in UNITS else "share" if read.part else ""
    if not kind and _YEAR.fullmatch(of[at].text):
        kind = "date"
    elif unit in tables.CLOCK:
        kind = "clock"
    before = _BEFORE.search(text, max(0, begin - _REACH), begin)
    behind = _BEHIND.match(text, of[end - 1].end)
    start = before.start() if before else begin
    stop = behind.end() if behind else of[end - 1].end
    relation = _named(behind, tables.BEHIND) or _named(before, tables.BEFORE) or "="
    loose = any(word in tables.ABOUT for word in text[max(0, begin - _REACH) : begin].lower().split()[-2:])
    bare = text[begin : of[end - 1].end]
    return Quantity(text[start:stop], start, read.readings, unit, bare, relation, kind, loose), end


def _one(of: Sequence[Token], at: int, text: str) -> Number | None:
    """An article that counts: "within a week", "vor einem Jahr"; not that of "three hours a day"."""
    if of[at].word not in tables.ARTICLES or at + 1 >= len(of):
        return None
    unit, behind = of[at + 1].word, of[at + 2].word if at + 2 < len(of) else ""
    lasts = unit in UNITS and UNITS[unit].kind in ("time", "months") and len(unit) > _SHORT and unit != "second"
    counts = behind in tables.COUNTED or (at and of[at - 1].word in tables.COUNTING)
    return Number((Fraction(1),), at + 1) if lasts and counts else None


def _unit(of: Sequence[Token], read: Number, text: str) -> tuple[str, int]:
    """The word that a number counts, which may have an adjective before it, and the token after it."""
    at = read.end
    while read.part and at < len(of) and of[at].word in (*tables.ARTICLES, "of"):
        at += 1
    if at >= len(of) or not _GAP.fullmatch(text[of[at - 1].end : of[at].start]):
        return "", read.end
    word = of[at].word
    beside = word in tables.BESIDE or spelled(word) is not None
    if word in UNITS or word in tables.CENTURIES or word in tables.CLOCK:
        return word, at + 1
    glued = of[at].start == of[at - 1].end
    if read.part or glued or beside:
        return "", read.end
    if at + 1 < len(of) and of[at].text.islower() and of[at + 1].word in UNITS and len(of[at + 1].word) > _SHORT:
        return of[at + 1].word, at + 2
    counts = len(word) > _SHORT and (word.endswith("s") or of[at].text[0].isupper())
    return (word, at + 1) if counts else ("", read.end)


def _between(before: list[Quantity], quantity: Quantity, text: str) -> list[Quantity]:
    """A quantity behind the one before it, of which it may be the upper end: "between 3 and 5 years"."""
    for each in before:
        joined = text[each.end : quantity.start].strip() in ("and", "und")
        if joined and re.match("(?:between|zwischen) ", each.text, re.IGNORECASE):
            lower = each if each.unit else replace(each, unit=quantity.unit, kind=quantity.kind)
            return [lower, replace(quantity, relation="<=")]
    return [*before, quantity]


def _named(found: re.Match[str] | None, table: dict[str, str]) -> str:
    return list(table)[found.lastindex - 1] if found and found.lastindex else ""


def numeral(word: str) -> bool:
    """Whether a word, in lower case, is a number or a part."""
    return word in PARTS or spelled(word) is not None


def nothing(sentence: str) -> bool:
    """Whether a sentence may say that there is none of something: "free of charge", "keine Gebühr"; not the "no" of an
    answer.
    """
    return any(word in tables.NOTHING for word in _LETTERS.findall(_NO.sub("", sentence).casefold()))


def measured(unit: str) -> Unit:
    """What a unit measures; one that is not known is a kind of its own, by its beginning: books and book are one."""
    return UNITS.get(unit) or Unit(unit[: _SHORT + 2])


def commensurable(one: str, other: str) -> bool:
    """Whether amounts in these units may be of one variable."""
    return not one or not other or measured(one).kind == measured(other).kind


def converted(amount: Quantity, unit: str) -> Fraction | None:
    """The number of an amount in another unit: a year has 12 months and 365 days, a month no fixed number of days; None
    where that is not told.
    """
    if not amount.unit or not unit:
        return amount.number
    here, there = measured(amount.unit), measured(unit)
    if here.kind == there.kind:
        return amount.number * here.size / there.size
    years = amount.number * here.size / _YEARS
    days = years * _DAYS / there.size
    whole = here.kind == "months" and there.kind == "time" and not years % 1 and not days % 1
    return days if whole else None


def counted(told: str) -> list[str]:
    """The units that names and descriptions speak of, each once: "tenureMonths" counts in months."""
    words = (word.casefold() for word in _WORDS.findall(told))
    return list(dict.fromkeys(unit for word in words if (unit := _ending(word))))


def _ending(word: str) -> str:
    if word in UNITS:
        return word if len(word) > _SHORT or not word.isalpha() else ""
    return next((unit for unit in UNITS if len(unit) >= _LONG and word.endswith(unit)), "")


def _near(one: Fraction, other: Fraction, within: float) -> bool:
    return abs(one - other) <= within * max(abs(one), abs(other), Fraction(1, 10**9))

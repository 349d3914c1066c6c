"""Numbers as they are written, in figures or in words: "1.000,50", "twenty-five", "fünfundzwanzig", "one and a half".

A figure may have several readings: "1.450" is 1450 in German and 1.45 in English. Knows no unit.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from craton.guardrails.amounts.tables import ARTICLES, NUMBERS, PARTS, SCALES

# Nobody means a number of more characters.
_LONGEST = 40
_TOKEN = re.compile(r"(?<![\w.,])(?<![^\W\d_]-)\d+(?:[.,'’\u202f:]\d+)*|[^\W\d_]+|[%°€$£½¼¾]")
_MARKS = re.compile(r"[.,'’\u202f]")
_JOINED = re.compile(r"\s*-?\s*")
_HALF = Fraction(1, 2)
_HALVES = re.compile(r"(?:and a half|einhalb)$")
_AND = frozenset(("and", "und"))


class Token(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.casefold()


class Number(NamedTuple):
    """`readings` are what it may mean, likeliest first; `end` is the token after it. A `part` is one of something."""

    readings: tuple[Fraction, ...]
    end: int
    part: bool = False


def tokens(text: str) -> list[Token]:
    return [Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text)]


def number(of: Sequence[Token], at: int, text: str) -> Number | None:
    """The number that begins at a token; an article before "hundred" belongs to it, and "half" stands for itself."""
    if of[at].text[0].isdecimal():
        readings = _figure(of[at].text)
        return _scaled(Number(readings, at + 1), of, text) if readings else None
    if of[at].word in ARTICLES:
        return number(of, at + 1, text) if _next(of, at, text) in ("hundred", "thousand", "million") else None
    if of[at].word in PARTS:
        return Number((PARTS[of[at].word],), at + 1, part=True)
    return _scaled(_words(of, at, text), of, text) if spelled(of[at].word) is not None else None


@lru_cache(maxsize=4096)
def spelled(word: str) -> Fraction | None:
    """The number that one word is, in lower case: "seven", "fünfundzwanzig", "zweihundert", "anderthalb"."""
    if len(word) > _LONGEST:
        return None
    if word in NUMBERS:
        return Fraction(NUMBERS[word])
    if word in ("anderthalb", "anderthalbe"):
        return 1 + _HALF
    if word.endswith("einhalb") and word != "einhalb":
        whole = _left(word.removesuffix("einhalb"))
        return whole + _HALF if whole else None
    for scale, size in (("tausend", 1000), ("hundert", 100)):
        left, found, right = word.partition(scale)
        if found and (left or right):
            many, rest = _left(left), _right(right)
            return None if many is None or rest is None else many * size + rest
    ones, found, tens = word.partition("und")
    if found and NUMBERS.get(tens, 0) in range(20, 100, 10) and (one := _left(ones)) is not None and 0 < one < 10:
        return NUMBERS[tens] + one
    return None


def _left(word: str) -> Fraction | None:
    return Fraction(1) if word in ("", "ein") else spelled(word)


def _right(word: str) -> Fraction | None:
    return Fraction(0) if not word else _left(word.removeprefix("und"))


def _words(of: Sequence[Token], at: int, text: str) -> Number:
    """Words that are one number together, such as "two hundred and fifty"."""
    total, end = spelled(of[at].word) or Fraction(0), at + 1
    while end < len(of):
        joined = end + 1 if of[end].word in _AND and total >= 100 and end + 1 < len(of) else end
        more = spelled(of[joined].word)
        if more is None or not _adjoin(of, end, joined, text):
            break
        if more == 100 and total < 100:
            total *= more
        elif 0 < more < _room(total):
            total += more
        else:
            break
        end = joined + 1
    return Number((total,), end)


def _room(total: Fraction) -> int:
    """What a word behind others must be less than to be added: behind "hundred" 100, behind "twenty" 10."""
    if total and not total % 100:
        return 100
    return 10 if total % 100 >= 20 and not total % 10 else 0


def _scaled(found: Number, of: Sequence[Token], text: str) -> Number:
    """A number with what it is multiplied by, and the half that is added to it."""
    readings, end, _ = found
    while end < len(of) and of[end].word in SCALES and _adjoin(of, end, end, text):
        readings = tuple(each * SCALES[of[end].word] for each in readings)
        end += 1
    if [each.word for each in of[end : end + 3]] in (["and", "a", "half"], ["und", "ein", "halbes"]):
        return Number(tuple(each + _HALF for each in readings), end + 3)
    if end < len(of) and of[end].word in PARTS and _adjoin(of, end, end, text):
        return Number(tuple(each * PARTS[of[end].word] for each in readings), end + 1, part=True)
    more = number(of, end, text) if end > found.end and end < len(of) and _adjoin(of, end, end, text) else None
    if more and len(readings) == 1 and max(more.readings) < readings[0]:  # "two thousand five hundred"
        return Number((readings[0] + more.readings[0],), more.end)
    return Number(readings, end)


def _adjoin(of: Sequence[Token], first: int, last: int, text: str) -> bool:
    """Whether nothing but space or a hyphen stands before these tokens and between them."""
    gaps = (text[of[at - 1].end : of[at].start] for at in range(first, last + 1))
    return all(_JOINED.fullmatch(gap) for gap in gaps)


def _next(of: Sequence[Token], at: int, text: str) -> str:
    return of[at + 1].word if at + 1 < len(of) and _adjoin(of, at + 1, at + 1, text) else ""


def _figure(figure: str) -> tuple[Fraction, ...]:
    if len(figure) > _LONGEST:
        return ()
    hours, colon, minutes = figure.partition(":")
    if colon:  # a time of day, in hours; other things with colons are compared as they are
        clock = re.fullmatch(r"\d\d", minutes) and hours.isdecimal()
        return (Fraction(hours) + Fraction(minutes) / 60 if clock else Fraction(re.sub(r"\D", "", figure)),)
    parts = _MARKS.split(figure)
    found = []
    if all(len(part) == 3 for part in parts[1:]) and (len(parts) == 1 or parts[0] != "0"):
        found.append(Fraction("".join(parts)))
    if len(parts) > 1:  # the last mark is the decimal one
        found.append(Fraction(f"{''.join(parts[:-1])}.{parts[-1]}"))
    return tuple(found)

"""Amounts that a sentence states, and its durations in the units that a policy counts in: "two years" are 24 months.

Models that are small enough for a laptop read such sentences well, convert them badly, and make amounts up. English and
German. Knows no policy but the words of its variables.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from craton.guardrails.grounding import cues

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one a an ein eine einem einen einer eins",
            "two zwei",
            "three drei",
            "four vier",
            "five fünf",
            "six sechs",
            "seven sieben",
            "eight acht",
            "nine neun",
            "ten zehn",
            "eleven elf",
            "twelve zwölf",
        ),
        1,
    )
    for word in words.split()
}
_HALVES = re.compile(r"(?:half an?|(?:ein(?:em|er)? )?halbe[nsrm]?)", re.IGNORECASE)
# Of each unit: its words, its name here, and how many of others it is. Months have no fixed number of days.
_UNITS: tuple[tuple[str, str, dict[str, int]], ...] = (
    (r"years?|yrs?|jahre?n?", "years", {"months": 12, "weeks": 52, "days": 365}),
    (r"months?|monate?n?", "months", {}),
    (r"weeks?|wochen?", "weeks", {"days": 7}),
    (r"days?|tage?n?", "days", {"hours": 24}),
    (r"hours?|stunden?", "hours", {"minutes": 60}),
)
# "fünfundzwanzig", "twenty-five".
_COMPOUND = re.compile(r"und(?:zwanzig|drei(?:ß|ss)ig|(?:vier|fünf|sech|sieb|acht|neun)zig)|ty-\w+", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
# Nobody means a number of more characters.
_LONGEST = 40
_WORD = re.compile(r"[^\W\d_]+")
# Words for none of something; a "no" that answers is none of them.
_NOTHING = re.compile(r"no|none|nothing|free|without|kein\w*|nichts|ohne|kostenlos|gratis|umsonst")
_DENIAL = re.compile(r"^\W*(?:no|nein)\b(?=\s*[,.;:!–-]|$)", re.IGNORECASE)
_COUNTED = {
    "months": re.compile(r"month|monat", re.IGNORECASE),
    "weeks": re.compile(r"week|woche", re.IGNORECASE),
    "days": re.compile(r"day|tage", re.IGNORECASE),
    "hours": re.compile(r"hour|stunde", re.IGNORECASE),
    "minutes": re.compile(r"minute", re.IGNORECASE),
}
_AMOUNT = rf"(?P<amount>\d{{1,9}}(?:[.,]\d)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}|{_HALVES.pattern})"
_FOUND = tuple(
    (re.compile(rf"(?<!\w){_AMOUNT}[ -](?:{words})(?!\w)", re.IGNORECASE), others) for words, _, others in _UNITS
)


def counted(words: str) -> list[str]:
    """The units that variables count in, by their names and descriptions."""
    return [unit for unit, pattern in _COUNTED.items() if pattern.search(words)]


def told(sentence: str, units: list[str]) -> str:
    """What durations of the sentence are in one of these units, such as "two years = 24 months"; the first that fits
    stands for all, and it is empty where there are none.
    """
    found = []
    for pattern, others in _FOUND:
        for match in pattern.finditer(sentence):
            amounts = ((_amount(match["amount"]) * others[unit], unit) for unit in units if unit in others)
            if fit := next((f"{number} {unit}" for number, unit in amounts if number.denominator == 1), ""):
                found.append((match.start(), f"{match.group()} = {fit}"))
    return ", ".join(text for _, text in sorted(found))


def stated(sentence: str, units: list[str]) -> frozenset[Fraction] | None:
    """The numbers that a sentence may mean, in figures, words and conversions; None where its words are put together,
    and nobody can tell.
    """
    words = sentence.casefold().split()
    if cues.SCALES.keys() & {*words} or _COMPOUND.search(sentence):
        return None
    return frozenset(_stated(f"{sentence} {told(sentence, units)}"))


def _stated(text: str) -> Iterator[Fraction]:
    for figure in (each for each in _FIGURE.findall(text) if len(each) <= _LONGEST):
        for reading in (
            re.sub("[.,]", "", figure),
            figure.replace(",", "."),
            figure.replace(".", "").replace(",", "."),
        ):
            if reading.count(".") < 2:
                yield Fraction(reading)
                yield Fraction(reading) / 100  # a percentage may be told as a share
    for word in _WORD.findall(_DENIAL.sub("", text).casefold()):
        if _NOTHING.fullmatch(word):
            yield Fraction(0)
        number = _NUMBERS.get(word) or cues.NUMBERS.get(word) or cues.PARTS.get(word)
        if number is not None:
            yield Fraction(number).limit_denominator(100)


def _amount(text: str) -> Fraction:
    if _HALVES.fullmatch(text):
        return Fraction(1, 2)
    known = _NUMBERS.get(text.casefold())
    return Fraction(known) if known else Fraction(text.replace(",", "."))

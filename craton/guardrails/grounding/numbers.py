"""The numbers of a statement, as quantities that can be compared: written in figures or words, English or German.

A figure may have several readings: "1.450" is 1450 in German and 1.45 in English. Knows no statement's meaning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from craton.guardrails.grounding import cues

_FIGURE = re.compile(r"(?<![\w.,])(\d+(?:[.,'’\u202f:]\d+)*)(?:\s?(%|°))?")
_WORD = re.compile(r"[^\W\d_]+")
_AHEAD = re.compile(r"[.\s]*-?\s*([^\W\d_]+|%)")

_SIZES = frozenset(cues.UNITS.values())
_EXACT, _LOOSE = 1e-6, 0.12


@dataclass(frozen=True, slots=True)
class Quantity:
    """`readings` are what the figures may mean, in the smallest unit of `kind`; no kind: a bare number. `noun` is
    the word that follows where it is no unit.
    """

    readings: frozenset[float]
    kind: str = ""
    noun: str = ""
    loose: bool = False

    def agrees(self, other: "Quantity") -> bool:
        if self.kind and other.kind and self.kind != other.kind:
            return False
        within = _LOOSE if self.loose or other.loose else _EXACT
        return any(_near(one, two, within) for one in self._compared(other) for two in other._compared(self))

    def rivals(self, other: "Quantity") -> bool:
        """Whether both are of one kind and tell different amounts."""
        alike = self.kind == other.kind if self.kind or other.kind else bool(self.noun) and self.noun == other.noun
        return alike and not self.agrees(other)

    def _compared(self, other: "Quantity") -> Iterator[float]:
        yield from self.readings
        # A bare number may be meant in any unit of the other's kind: "8 weeks or more" is told as "eight".
        if not self.kind and other.kind:
            yield from (reading * size for reading in self.readings for kind, size in _SIZES if kind == other.kind)


def quantities(text: str) -> list[Quantity]:
    """In the order of the text."""
    found: list[tuple[int, Quantity]] = []
    for match in _FIGURE.finditer(text):
        found += _told(text, match, _readings(match[1]), match[2] or "")
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word in cues.NUMBERS:
            found += _told(text, match, frozenset((cues.NUMBERS[word],)), "")
        elif word in cues.PARTS:
            found.append((match.start(), _part(cues.PARTS[word], text[match.end() :], _about(text, match))))
    return [quantity for _, quantity in sorted(found, key=lambda each: each[0])]


def _told(text: str, match: re.Match[str], readings: frozenset[float], mark: str) -> Iterator[tuple[int, Quantity]]:
    behind = text[match.end() :]
    unit = "%" if mark == "%" else ""
    for _ in range(2):
        if unit or not (ahead := _AHEAD.match(behind)):
            break
        word = ahead[1].lower()
        if word in cues.CENTURIES:
            return
        if word not in cues.SCALES or (word in cues.UNITS and word != "m"):
            unit = word
            break
        readings = frozenset(reading * cues.SCALES[word] for reading in readings)
        behind = behind[ahead.end() :]
    kind, size = cues.UNITS.get(unit, ("", 1.0))
    if not kind and re.fullmatch(r"1[5-9]\d\d|20\d\d", match[0]):
        kind = "date"
    elif unit in cues.CLOCK:
        kind = "clock"
    amount = frozenset(reading * size for reading in readings)
    yield match.start(), Quantity(amount, kind, "" if kind else unit, _about(text, match))


def _about(text: str, match: re.Match[str]) -> bool:
    words = text[: match.start()].lower().split()[-2:]
    return any(word in cues.ABOUT for word in words)


def _readings(figure: str) -> frozenset[float]:
    if ":" in figure:  # a time of day, in hours; other things with colons are compared as they are
        hours, _, minutes = figure.partition(":")
        clock = re.fullmatch(r"\d\d", minutes) and hours.isdigit()
        return frozenset((int(hours) + int(minutes) / 60,)) if clock else frozenset((float(figure.replace(":", "")),))
    parts = re.split(r"[.,'’\u202f]", figure)
    readings = set()
    if all(len(part) == 3 for part in parts[1:]):
        readings.add(float("".join(parts)))
    if len(parts) <= 2:
        readings.add(float(".".join(parts)))
    else:  # the last mark is the decimal one
        readings.add(float(f"{''.join(parts[:-1])}.{parts[-1]}"))
    return frozenset(readings)


def _part(part: float, behind: str, about: bool) -> Quantity:
    match = re.match(r"\s+(?:an?\s+|of an?\s+)?([^\W\d_]+)", behind)
    kind, size = cues.UNITS.get(match[1].lower(), ("share", 1.0)) if match else ("share", 1.0)
    return Quantity(frozenset((part * size,)), kind, loose=about)


def _near(one: float, other: float, within: float) -> bool:
    return abs(one - other) <= within * max(abs(one), abs(other), 1e-9)

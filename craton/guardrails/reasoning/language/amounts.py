"""Amounts that a sentence states, in the units that variables count in: "two years" are 24 months.

Models that are small enough for a laptop read such sentences well, convert them badly, and make amounts up. Knows no
policy but the words of its variables.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from craton.guardrails.amounts.quantities import converted, counted, measured, nothing, quantities
from craton.guardrails.reasoning.language.names import words

_BEGINS = re.compile(r"In (\S+): ")
_LASTING = ("months", "time")


def told(sentence: str, wanted: Sequence[str]) -> str:
    """What durations of the sentence are in smaller units that are wanted, such as "two years = 24 months"; the largest
    stands for all, and it is empty where there are none.
    """
    found = []
    for each in quantities(sentence):
        here = _size(each.unit) if each.kind in _LASTING else None
        smaller = sorted((unit for unit in wanted if here and (size := _size(unit)) and size > here), key=_size)
        numbers = ((converted(each, unit), unit) for unit in smaller)
        if fit := next((f"{number} {unit}" for number, unit in numbers if number and number.denominator == 1), ""):
            found.append(f"{each.bare} = {fit}")
    return ", ".join(found)


def _size(unit: str) -> tuple[int, Fraction]:
    """The larger, the lower: units of months, and those of fixed length."""
    kind = measured(unit)
    return (_LASTING.index(kind.kind), -kind.size) if kind.kind in _LASTING else (-1, Fraction(0))


def stated(sentence: str, wanted: Sequence[str]) -> frozenset[Fraction]:
    """The numbers that a sentence may mean, as they stand and in the units that are wanted."""
    found = {Fraction(0)} if nothing(sentence) else set()
    for each in quantities(sentence):
        found.update(each.readings)
        found.update(reading / 100 for reading in each.readings)  # a percentage may be told as a share
        found.update(number for unit in wanted if (number := converted(each, unit)) is not None)
    return frozenset(found)


def unit(name: str, described: str) -> str:
    """The unit that a variable counts in: the one that its description begins with ("In days: ..."), or the last word
    of its name, where that is no rate (`hoursPerWeek`), or else the first that is told of it.
    """
    begins = _BEGINS.match(described)
    *_, before, last = ("", "", *words(name))
    last = "" if before in ("per", "pro") else last
    return next(iter([*counted(begins[1] if begins else ""), *counted(last), *counted(described), *counted(name)]), "")


def only(sentence: str, wanted: str) -> tuple[str, Fraction] | None:
    """The relation and the number that a sentence states in a unit; None where it has no amount in it, or several."""
    found = [
        (each.relation, number) for each in quantities(sentence) if (number := converted(each, wanted)) is not None
    ]
    return found[0] if len(found) == 1 else None

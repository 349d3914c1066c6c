"""Which chunks are asked for, as a tree over their attributes. Knows no database and no request.

The operators are those of https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_RetrievalFilter.html
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from craton.store.vectors.records import Value

Operator = Literal[
    "equals",
    "notEquals",
    "greaterThan",
    "greaterThanOrEquals",
    "lessThan",
    "lessThanOrEquals",
    "in",
    "notIn",
    "startsWith",
    "listContains",
    "stringContains",
]


@dataclass(frozen=True, slots=True)
class Test:
    """One attribute against a value, or for `in` and `notIn` against several.

    A chunk without the attribute, or with one of another type, passes `notEquals` and `notIn` and nothing else.
    """

    operator: Operator
    key: str
    value: Value | Sequence[Value]


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    parts: Sequence["Filter"]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these holds."""

    parts: Sequence["Filter"]


Filter = Test | Every | Some


def holds(filter: Filter, attributes: Mapping[str, Value]) -> bool:
    """What every index must agree with."""
    match filter:
        case Every(parts):
            return all(holds(part, attributes) for part in parts)
        case Some(parts):
            return any(holds(part, attributes) for part in parts)
        case Test(operator, key, value):
            return _TESTS[operator](attributes.get(key), value)


def number(value: object) -> float | None:
    """A number as it is compared, whole ones included; None of what is none, as a truth or NaN."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        size = float(value)
    except OverflowError:
        size = math.inf if value > 0 else -math.inf
    return None if math.isnan(size) else size + 0.0  # of the two zeros one


def texts(value: object) -> list[str] | None:
    """The strings of a list; None of what is no list."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return None
    return [each for each in value if isinstance(each, str)]


def _same(ours: object, theirs: object) -> bool:
    for kind in (number, texts):
        if (there := kind(theirs)) is not None:
            return kind(ours) == there
    return type(ours) is type(theirs) and isinstance(ours, str | bool) and ours == theirs


def _among(ours: object, theirs: object) -> bool:
    return isinstance(theirs, Sequence) and not isinstance(theirs, str) and any(_same(ours, each) for each in theirs)


def _comparing(compare: Callable[[float, float], bool]) -> Callable[[object, object], bool]:
    def compared(ours: object, theirs: object) -> bool:
        one, other = number(ours), number(theirs)
        return one is not None and other is not None and compare(one, other)

    return compared


def _contains(ours: object, theirs: object) -> bool:
    """A string that holds the other, or a list of which a string holds it."""
    among = [ours] if isinstance(ours, str) else texts(ours) or []
    return isinstance(theirs, str) and any(theirs in text for text in among)


_TESTS: Mapping[Operator, Callable[[object, object], bool]] = {
    "equals": _same,
    "notEquals": lambda ours, theirs: not _same(ours, theirs),
    "greaterThan": _comparing(lambda ours, theirs: ours > theirs),
    "greaterThanOrEquals": _comparing(lambda ours, theirs: ours >= theirs),
    "lessThan": _comparing(lambda ours, theirs: ours < theirs),
    "lessThanOrEquals": _comparing(lambda ours, theirs: ours <= theirs),
    "in": _among,
    "notIn": lambda ours, theirs: not _among(ours, theirs),
    "startsWith": lambda ours, theirs: isinstance(ours, str) and isinstance(theirs, str) and ours.startswith(theirs),
    "listContains": lambda ours, theirs: isinstance(theirs, str) and theirs in (texts(ours) or ()),
    "stringContains": _contains,
}

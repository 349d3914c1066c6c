"""Which chunks are asked for, as a tree over their attributes. Knows no database and no request.

The operators are those of https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_RetrievalFilter.html
"""

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


def _comparing(compare: Callable[[float, float], bool]) -> Callable[[object, object], bool]:
    return lambda ours, theirs: isinstance(ours, float) and isinstance(theirs, float) and compare(ours, theirs)


def _same(ours: object, theirs: object) -> bool:
    return type(ours) is type(theirs) and ours == theirs


def _among(ours: object, theirs: object) -> bool:
    return isinstance(theirs, Sequence) and any(_same(ours, each) for each in theirs)


def _contains(ours: object, theirs: object) -> bool:
    """A string that holds the other, or a list of which a string holds it."""
    texts = [ours] if isinstance(ours, str) else ours if isinstance(ours, Sequence) else []
    return isinstance(theirs, str) and any(theirs in text for text in texts)


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
    "listContains": lambda ours, theirs: isinstance(ours, Sequence) and not isinstance(ours, str) and theirs in ours,
    "stringContains": _contains,
}

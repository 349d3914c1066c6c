"""A request's RetrievalFilter as the filter of an index. Knows no index and no query.

Operators and their types: https://docs.aws.amazon.com/bedrock/latest/userguide/kb-test-config.html and
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_RetrievalFilter.html
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from craton.errors import ValidationException
from craton.knowledge.records import HIDDEN
from craton.store.vectors.filters import Every, Filter, Operator, Some, Test
from craton.store.vectors.records import Value

# Groups within groups, and conditions in all: more than the service takes, and few enough for every database.
MOST_DEPTH = 5
MOST_TESTS = 100
# Values of one `in` or `notIn`.
MOST_VALUES = 1000

Kind = Literal["a string", "a number", "a boolean"]

_KINDS: Mapping[str, Sequence[Kind]] = {
    "equals": ("a string", "a number", "a boolean"),
    "notEquals": ("a string", "a number", "a boolean"),
    "greaterThan": ("a number",),
    "greaterThanOrEquals": ("a number",),
    "lessThan": ("a number",),
    "lessThanOrEquals": ("a number",),
    "startsWith": ("a string",),
    "listContains": ("a string",),
    "stringContains": ("a string",),
}
_OF_LISTS = ("in", "notIn")
_GROUPS: Mapping[str, type[Every] | type[Some]] = {"andAll": Every, "orAll": Some}


def read(asked: Mapping[str, Any]) -> Filter:
    """Raises ValidationException for what could not be meant."""
    tests = [0]
    return _filter(asked, 0, tests)


def every(*filters: Filter | None) -> Filter | None:
    """All that are given hold."""
    given = [each for each in filters if each is not None]
    return Every(given) if len(given) > 1 else given[0] if given else None


def _filter(asked: Mapping[str, Any], depth: int, tests: list[int]) -> Filter:
    ((operator, operand),) = asked.items()  # a union, which the reader has seen to
    if group := _GROUPS.get(operator):
        if depth == MOST_DEPTH:
            raise ValidationException(
                f"The filter has groups more than {MOST_DEPTH} deep. Join groups of the same kind into one."
            )
        return group([_filter(each, depth + 1, tests) for each in operand])
    tests[0] += 1
    if tests[0] > MOST_TESTS:
        raise ValidationException(
            f"The filter has more than {MOST_TESTS} conditions. Compare one key with several values by 'in' or 'notIn'."
        )
    key = str(operand["key"])
    if key.startswith(HIDDEN):
        raise ValidationException(f"The filter key {key!r} is invalid: keys that begin with {HIDDEN!r} are reserved.")
    read = _values if operator in _OF_LISTS else _value
    return Test(cast(Operator, operator), key, read(operator, key, operand["value"]))


def _values(operator: str, key: str, given: object) -> Sequence[Value]:
    if not isinstance(given, list):
        raise ValidationException(
            f"The filter {operator!r} of the key {key!r} compares with a list, not with {_shown(given)}. Send a list "
            "of strings, numbers or booleans."
        )
    if not given:
        raise ValidationException(f"The filter {operator!r} of the key {key!r} has an empty list. Name what to find.")
    if len(given) > MOST_VALUES:
        raise ValidationException(
            f"The filter {operator!r} of the key {key!r} has {len(given)} values, and may have {MOST_VALUES}."
        )
    values = [_value(operator, key, each) for each in given]
    if len({type(value) for value in values}) > 1:
        raise ValidationException(
            f"The filter {operator!r} of the key {key!r} has values of several types. Send those of one type, and the "
            "others in a filter of their own."
        )
    return values


def _value(operator: str, key: str, given: object) -> Value:
    kinds = _KINDS.get(operator, _KINDS["equals"])
    value, kind = _typed(given)
    if value is None or kind not in kinds:
        raise ValidationException(
            f"The filter {operator!r} of the key {key!r} compares with {' or '.join(kinds)}, not with {_shown(given)}."
        )
    return value


def _typed(given: object) -> tuple[Value | None, Kind | None]:
    match given:
        case bool():
            return given, "a boolean"
        case str():
            return given, "a string"
        case int() | float():
            try:
                number = float(given)
            except OverflowError:
                return None, None
            return (number, "a number") if math.isfinite(number) else (None, None)
    return None, None


def _shown(given: object) -> str:
    """A value as a message tells it; long ones are cut."""
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."

"""Filters of requests: what they find, and what is refused of them."""

from typing import Any

import pytest

from craton.errors import ValidationException
from craton.knowledge.retrieval import filters
from craton.store.vectors.filters import Every, Filter, holds
from craton.store.vectors.records import Value

CHUNK: dict[str, Value] = {
    "animal": "cat",
    "year": 1990.0,
    "price": -0.5,
    "tame": True,
    "tags": ["small", "furry"],
    "x-amz-bedrock-kb-source-uri": "s3://zoo/cat.txt",
}


def compared(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {operator: {"key": key, "value": value}}


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        (compared("equals", "animal", "cat"), True),
        (compared("equals", "animal", "Cat"), False),
        (compared("equals", "year", 1990), True),
        (compared("equals", "tame", True), True),
        (compared("equals", "tame", 1), False),
        (compared("equals", "year", "1990"), False),
        (compared("notEquals", "animal", "dog"), True),
        (compared("notEquals", "animal", "cat"), False),
        (compared("notEquals", "colour", "red"), True),
        (compared("greaterThan", "year", 1989), True),
        (compared("greaterThan", "year", 1990), False),
        (compared("greaterThanOrEquals", "year", 1990), True),
        (compared("lessThan", "price", 0), True),
        (compared("lessThan", "animal", 5), False),
        (compared("lessThanOrEquals", "price", -0.5), True),
        (compared("in", "animal", ["dog", "cat"]), True),
        (compared("in", "year", [1, 1990]), True),
        (compared("in", "colour", ["red"]), False),
        (compared("notIn", "animal", ["dog"]), True),
        (compared("notIn", "animal", ["dog", "cat"]), False),
        (compared("notIn", "colour", ["red"]), True),
        (compared("startsWith", "animal", "ca"), True),
        (compared("startsWith", "animal", "at"), False),
        (compared("listContains", "tags", "furry"), True),
        (compared("listContains", "tags", "fur"), False),
        (compared("listContains", "animal", "cat"), False),
        (compared("stringContains", "animal", "at"), True),
        (compared("stringContains", "tags", "fur"), True),
        (compared("stringContains", "tags", "big"), False),
        (compared("startsWith", "x-amz-bedrock-kb-source-uri", "s3://zoo/"), True),
        ({"andAll": [compared("equals", "animal", "cat"), compared("equals", "year", 1)]}, False),
        ({"orAll": [compared("equals", "animal", "cat"), compared("equals", "year", 1)]}, True),
        (
            {
                "andAll": [
                    {"orAll": [compared("equals", "animal", "dog"), compared("greaterThan", "year", 1980)]},
                    {"andAll": [compared("listContains", "tags", "small"), compared("notEquals", "tame", False)]},
                ]
            },
            True,
        ),
    ],
)
def test_a_filter_lets_through_what_satisfies_it(asked: dict[str, Any], finds: bool) -> None:
    assert holds(filters.read(asked), CHUNK) is finds


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (
            compared("equals", "animal", ["cat"]),
            "'equals' of the key 'animal' compares with a string or a number or a boolea",
        ),
        (compared("equals", "animal", None), "not with None"),
        (compared("equals", "animal", {"a": 1}), "not with {'a': 1}"),
        (compared("notEquals", "animal", []), "not with"),
        (compared("greaterThan", "year", "1990"), "compares with a number, not with '1990'"),
        (compared("lessThan", "year", True), "compares with a number, not with True"),
        (compared("lessThan", "year", 10**400), "compares with a number, not with 1000"),
        (compared("startsWith", "animal", 5), "compares with a string, not with 5"),
        (compared("stringContains", "animal", ["a"]), "compares with a string"),
        (compared("listContains", "tags", True), "compares with a string"),
        (compared("in", "animal", "cat"), "compares with a list, not with 'cat'"),
        (compared("in", "animal", []), "has an empty list"),
        (compared("notIn", "animal", ["cat", ["dog"]]), r"not with \['dog'\]"),
        (compared("in", "animal", ["cat", 5]), "values of several types"),
        (compared("in", "animal", [True, 1]), "values of several types"),
        (compared("in", "animal", ["cat"] * 1001), "has 1001 values"),
        (compared("equals", "craton:allowed", "ada"), "keys that begin with 'craton:' are reserved"),
        ({"orAll": [compared("equals", "a", 1), compared("notEquals", "craton:restricted", True)]}, "are reserved"),
    ],
)
def test_what_could_not_be_meant_is_refused(asked: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        filters.read(asked)


def nested(depth: int) -> dict[str, Any]:
    inner = compared("equals", "animal", "cat")
    return inner if depth == 0 else {"andAll": [compared("equals", "tame", True), nested(depth - 1)]}


def test_groups_may_be_five_deep() -> None:
    assert holds(filters.read(nested(5)), CHUNK)
    with pytest.raises(ValidationException, match="groups more than 5 deep"):
        filters.read(nested(6))


def test_conditions_are_counted_over_all_groups() -> None:
    group = {"orAll": [compared("equals", "animal", "cat")] * 51}
    assert holds(filters.read(group), CHUNK)
    with pytest.raises(ValidationException, match="more than 100 conditions"):
        filters.read({"andAll": [group, group]})


def test_every_joins_what_is_there() -> None:
    one, other = filters.read(compared("equals", "a", 1)), filters.read(compared("equals", "b", 2))
    assert filters.every(None, None) is None
    assert filters.every(None, one) is one
    joined: Filter | None = filters.every(one, None, other)
    assert joined == Every([one, other])

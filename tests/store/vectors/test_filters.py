"""What a filter means, and that every database means the same by it."""

import functools
import math
from collections.abc import AsyncIterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from craton.store.vectors.conditions import (
    AllOf,
    AnyOf,
    Begins,
    Compared,
    Condition,
    Holding,
    Labelled,
    condition,
    kept,
)
from craton.store.vectors.filters import Every, Filter, Operator, Some, holds
from craton.store.vectors.filters import Test as Asked
from craton.store.vectors.index import Index
from craton.store.vectors.records import Chunk, Value
from tests.store.vectors.conftest import DIMENSIONS, Place

OPERATORS: tuple[Operator, ...] = Operator.__args__  # type: ignore[attr-defined]

ATTRIBUTES: Mapping[str, Value] = {
    "year": 2024.0,
    "genre": 'Bank\'s "own"',
    "public": True,
    "tags": ["new", "checked"],
    "nothing": [],
    "blank": "",
}


@pytest.mark.parametrize(
    ("operator", "key", "value", "expected"),
    [
        ("equals", "year", 2024.0, True),
        ("equals", "year", 2024, True),
        ("equals", "year", "2024", False),
        ("equals", "year", True, False),
        ("equals", "public", True, True),
        ("equals", "public", 1.0, False),
        ("equals", "public", "True", False),
        ("equals", "genre", 'Bank\'s "own"', True),
        ("equals", "genre", 'bank\'s "own"', False),
        ("equals", "tags", ["new", "checked"], True),
        ("equals", "tags", ("new", "checked"), True),
        ("equals", "tags", ["checked", "new"], False),
        ("equals", "tags", "new", False),
        ("equals", "nothing", [], True),
        ("equals", "absent", "", False),
        ("notEquals", "year", 2023.0, True),
        ("notEquals", "year", 2024.0, False),
        ("notEquals", "year", "2024", True),
        ("notEquals", "absent", 1.0, True),
        ("in", "year", [1.0, 2024.0], True),
        ("in", "year", ["2024"], False),
        ("in", "year", [], False),
        ("in", "genre", 'Bank\'s "own"', False),
        ("in", "absent", ["x"], False),
        ("notIn", "year", [1.0], True),
        ("notIn", "year", [1.0, 2024.0], False),
        ("notIn", "absent", ["x"], True),
        ("greaterThan", "year", 2023.9, True),
        ("greaterThan", "year", 2024.0, False),
        ("greaterThan", "year", -math.inf, True),
        ("greaterThanOrEquals", "year", 2024.0, True),
        ("greaterThanOrEquals", "genre", 1.0, False),
        ("greaterThan", "public", 0.0, False),
        ("lessThan", "year", math.inf, True),
        ("lessThan", "absent", 1.0, False),
        ("lessThan", "year", "3000", False),
        ("lessThanOrEquals", "year", 2024.0, True),
        ("lessThan", "year", math.nan, False),
        ("startsWith", "genre", "Bank", True),
        ("startsWith", "genre", "bank", False),
        ("startsWith", "genre", "", True),
        ("startsWith", "absent", "", False),
        ("startsWith", "tags", "new", False),
        ("listContains", "tags", "new", True),
        ("listContains", "tags", "ne", False),
        ("listContains", "genre", "B", False),
        ("listContains", "nothing", "", False),
        ("stringContains", "genre", "k's \"o", True),
        ("stringContains", "tags", "heck", True),
        ("stringContains", "tags", "newchecked", False),
        ("stringContains", "blank", "", True),
        ("stringContains", "nothing", "", False),
        ("stringContains", "year", "2024", False),
        ("stringContains", "genre", 1.0, False),
    ],
)
def test_an_operator_compares_what_is_of_one_type(operator: Operator, key: str, value: Value, expected: bool) -> None:
    assert holds(Asked(operator, key, value), ATTRIBUTES) is expected


def test_a_number_may_be_larger_than_any_float() -> None:
    assert holds(Asked("lessThan", "year", 10**400), ATTRIBUTES)
    assert holds(Asked("greaterThan", "year", -(10**400)), ATTRIBUTES)


def test_parts_nest() -> None:
    new, old = Asked("equals", "year", 2024.0), Asked("lessThan", "year", 2000.0)
    assert holds(Every([new, Some([old, Asked("listContains", "tags", "new")])]), ATTRIBUTES)
    assert not holds(Every([new, Some([old])]), ATTRIBUTES)
    assert holds(Every([]), ATTRIBUTES)
    assert not holds(Some([]), ATTRIBUTES)


# Few keys, and values that are near to one another, so that filters often hold.
keys = some.sampled_from(
    ["k", "K", "k ", "ключ", "a'b", 'a"b', "--", "\\", "\x00", "x\x05y", "texts0", "labels", "k" * 500]
)
pieces = some.sampled_from(
    [*"aA'\"\\%_ü\n\x00\x01\x04\x05\ud800\U0001f600", "", "''", "--", "\x02\x03", "u\u0308", "a" * 300]
)
strings = some.lists(pieces, max_size=4).map("".join)
numbers = some.sampled_from(
    [0.0, -0.0, 1.0, -1.0, 1, 1.5, 1e-320, -1e300, 1e300, 2.0**53, 2**53 + 1, math.inf, -math.inf, math.nan]
)
values = some.one_of(strings, numbers, some.booleans(), some.lists(strings, max_size=3))
attribute_sets = some.dictionaries(keys, values, max_size=6)
tests = some.one_of(
    some.builds(Asked, some.sampled_from(OPERATORS), keys, values),
    some.builds(Asked, some.sampled_from(["in", "notIn"]), keys, some.lists(values, max_size=4)),
    some.builds(Asked, some.sampled_from(["startsWith", "stringContains", "listContains"]), keys, strings),
)
filters: some.SearchStrategy[Filter] = some.recursive(
    tests,
    lambda inner: some.builds(Every, some.lists(inner, max_size=3)) | some.builds(Some, some.lists(inner, max_size=3)),
    max_leaves=6,
)


def passes(asked: Condition, labels: list[str], texts: Mapping[str, str]) -> bool:
    """What a database is to do with a condition."""
    match asked:
        case AllOf(parts):
            return all(passes(part, labels, texts) for part in parts)
        case AnyOf(parts):
            return any(passes(part, labels, texts) for part in parts)
        case Labelled(some):
            return bool({*some} & {*labels})
        case Compared(key, comparison, bound):
            text = texts.get(key, "")
            return {"<": text < bound, "<=": text <= bound, ">": text > bound, ">=": text >= bound}[comparison]
        case Begins(key, start):
            return texts.get(key, "").startswith(start)
        case Holding(key, part):
            return part in texts.get(key, "")
        case negated:
            return not passes(negated.part, labels, texts)


@given(filters, attribute_sets)
@settings(max_examples=300)
def test_a_condition_passes_what_its_filter_holds_for(asked: Filter, attributes: dict[str, Value]) -> None:
    assert passes(condition(asked), *kept(attributes)) == holds(asked, attributes)


@given(keys, values)
def test_nothing_of_a_text_can_end_a_literal(key: str, value: Value) -> None:
    labels, texts = kept({key: value})
    for text in (*labels, *texts, *texts.values()):
        assert not {*text} & {*"'\"`\\\x00\x05"}
        assert text.encode()


SETS = 120


@functools.cache
def attributes_of_chunks() -> list[dict[str, Value]]:
    """The same for all databases."""
    found: list[dict[str, Value]] = []

    @given(attribute_sets)
    @settings(max_examples=SETS)
    def collect(attributes: dict[str, Value]) -> None:
        found.append(attributes)

    collect()
    return found


@pytest.fixture(scope="module")
async def filled(place: Place) -> AsyncIterator[Index]:
    """Half of the chunks are indexed, the others have come since."""
    index = await place.stores.index(place.store, "filters", DIMENSIONS)
    chunks = [
        Chunk(f"{number}", f"{number}", "", "w", [1.0] * DIMENSIONS, attributes)
        for number, attributes in enumerate(attributes_of_chunks())
    ]
    half = len(chunks) // 2
    await index.replace([chunk.document for chunk in chunks[:half]], chunks[:half])
    await index.tidy()
    await index.replace([chunk.document for chunk in chunks[half:]], chunks[half:])
    yield index
    await place.stores.drop(place.store, "filters")


@given(asked=filters)
@settings(max_examples=120)
async def test_every_database_finds_what_the_filter_holds_for(filled: Index, asked: Filter) -> None:
    expected = {f"{number}" for number, each in enumerate(attributes_of_chunks()) if holds(asked, each)}
    near = await filled.nearest([1.0] * DIMENSIONS, 1000, asked)
    assert {hit.chunk.id for hit in near} == expected
    assert len(near) == len(expected)
    assert {hit.chunk.id for hit in await filled.matching(["w"], 1000, asked)} == expected

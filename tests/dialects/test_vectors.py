"""Shortened and quantised embeddings keep what they promise to keep."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.dialects import vectors
from craton.dialects.embedding import Embedding, shaped
from craton.errors import ValidationException


def near(number: int, width: int, seed: int = 7) -> list[list[float]]:
    """Vectors of which each is nearer to the first than the next."""
    dice = random.Random(seed)
    first = [dice.gauss(0, 1) for _ in range(width)]
    return [[x + dice.gauss(0, 0.3 * step) for x in first] for step in range(number)]


def cosine(a: list[float] | list[int], b: list[float] | list[int]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True)) / (math.hypot(*a) * math.hypot(*b))


@pytest.mark.parametrize("width", [384, 1024])
def test_bytes_keep_the_cosine(width: int) -> None:
    first, *others = near(8, width)
    for other in others:
        exact = cosine(first, other)
        assert abs(cosine(vectors.int8(first), vectors.int8(other)) - exact) < 0.01
        assert [byte - 128 for byte in vectors.uint8(other)] == vectors.int8(other)


def test_bytes_are_on_one_scale() -> None:
    # Products of bytes are those of the unit vectors, times the same number, whatever the vectors.
    pairs = [(a, b) for a in near(4, 512) for b in near(4, 512, seed=8)]
    scale = 512 * (127 / vectors.REACH) ** 2
    for a, b in pairs:
        product = sum(x * y for x, y in zip(vectors.int8(a), vectors.int8(b), strict=True))
        assert abs(product / scale - cosine(a, b)) < 0.01


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_bytes_stay_bytes(vector: list[float]) -> None:
    assert all(-127 <= byte <= 127 for byte in vectors.int8(vector))
    assert all(1 <= byte <= 255 for byte in vectors.uint8(vector))
    assert all(-128 <= byte <= 127 for byte in vectors.binary(vector))


def test_bits_are_packed_the_first_the_highest() -> None:
    vector = [1.0, -1, 0, 0.1, -0.1, 0, 0, 2, 3]
    assert vectors.bits(vector) == [1, 0, 0, 1, 0, 0, 0, 1, 1]
    assert vectors.ubinary(vector) == [0b10010001, 0b10000000]
    assert vectors.binary(vector) == [0b10010001 - 128, 0]


def test_bits_keep_the_order_of_what_is_near() -> None:
    first, *others = near(5, 1024)
    apart = [
        sum((a ^ b).bit_count() for a, b in zip(vectors.ubinary(first), vectors.ubinary(other), strict=True))
        for other in others
    ]
    assert apart == sorted(apart)


def test_vector_is_cut_only_where_the_model_was_trained_for_it() -> None:
    asked = Embedding(("a",), 2, "#/dimensions")
    assert shaped([3.0, 4.0, 12.0, 1.0], asked, trained=(2, 3)) == [0.6, 0.8]
    with pytest.raises(
        ValidationException, match=r"#/dimensions: 2 is not supported .* 4 or 3 dimensions; send 4 or 3"
    ):
        shaped([3.0, 4.0, 12.0, 1.0], asked, trained=(3,))


def test_vector_of_zeros_stays_one() -> None:
    assert shaped([0.0, 0.0], Embedding(("a",))) == [0.0, 0.0]
    assert vectors.int8([0.0, 0.0]) == [0, 0]

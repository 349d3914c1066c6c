"""Amounts of money, read and written exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.errors import ValidationException
from craton.usage import money


@pytest.mark.parametrize(
    ("text", "amount", "told"),
    [
        ("0", 0, "0.00"),
        ("12.5", 12_500_000_000, "12.50"),
        ("0.000000001", 1, "0.000000001"),
        ("999999999.99", 999_999_999_990_000_000, "999999999.99"),
    ],
)
def test_what_is_read_and_what_is_told(text: str, amount: int, told: str) -> None:
    assert money.parse(text) == amount
    assert money.text(amount) == told


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_nothing_is_lost(amount: int) -> None:
    sign = -1 if money.text(amount).startswith("-") else 1
    assert sign * money.parse(money.text(amount).removeprefix("-")) == amount


@pytest.mark.parametrize("text", ["", "ten", "-1", "1.0000000001", "NaN", "Infinity", "1,50", "1000000000", "1e400"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValidationException, match="amount of money"):
        money.parse(text)

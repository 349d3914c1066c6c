"""Numbers of two texts agree when they say the same amount, however they are written."""

import pytest

from craton.guardrails.grounding.numbers import Quantity, quantities


def only(text: str) -> Quantity:
    (quantity,) = quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,450 people", "1.450 Menschen"),
        ("24 months", "a two-year warranty"),
        ("48 hours", "two days"),
        ("eine halbe Stunde", "30 Minuten"),
        ("14 Tage", "zwei Wochen"),
        ("50 %", "half of the price"),
        ("2.3 million crowns", "2,300,000 crowns"),
        ("5,50 Euro", "5.50 euros"),
        ("almost a third", "30 percent"),
        ("eight weeks", "8"),
        ("1.5 kg", "1500 grams"),
    ],
)
def test_the_same_amount(one: str, other: str) -> None:
    assert only(one).agrees(only(other))
    assert not only(one).rivals(only(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("24 months", "36 months"),
        ("two hours", "two weeks"),
        ("5.50 euros", "6.50 euros"),
        ("21 votes", "12 votes"),
        ("in 1932", "in 1952"),
        ("um 9 Uhr", "um 10 Uhr"),
    ],
)
def test_another_amount_of_the_same(one: str, other: str) -> None:
    assert not only(one).agrees(only(other))
    assert only(one).rivals(only(other))


def test_amounts_of_different_things_are_no_rivals() -> None:
    assert not only("3 tracks").rivals(only("4 years"))
    assert not only("3 tracks").rivals(only("4 cats"))


def test_a_century_is_no_amount() -> None:
    assert quantities("im 17. Jahrhundert") == []

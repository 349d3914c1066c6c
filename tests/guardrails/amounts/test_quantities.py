"""Amounts of a sentence, how it compares them, and which of them agree, however they are written."""

from fractions import Fraction

import pytest

from craton.guardrails.amounts.quantities import Quantity, converted, counted, nothing, quantities


def told(sentence: str) -> list[str]:
    return [f"{each.text}: {each.relation} {float(each.number):g} {each.unit}".strip() for each in quantities(sentence)]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Who is here for more than 12 months may go.", ["more than 12 months: > 12 months"]),
        ("Employees with 12 months of service or less stay.", ["12 months of service or less: <= 12 months"]),
        ("Children under 14 borrow at most 5 books.", ["under 14: < 14", "at most 5 books: <= 5 books"]),
        ("Visitors aged 25 or more pay $12.50.", ["25 or more: >= 25", "$12.50: = 12.5 $"]),
        ("Wer jünger als 70 ist, zahlt 1.500 Euro.", ["jünger als 70: < 70", "1.500 Euro: = 1500 euro"]),
        ("Höchstens drei Tage lang.", ["Höchstens drei Tage: <= 3 tage"]),
        ("Mit 18 Jahren oder älter: 2,5 %.", ["18 Jahren oder älter: >= 18 jahren", "2,5 %: = 2.5 %"]),
        ("Innerhalb von 30 Tagen.", ["Innerhalb von 30 Tagen: <= 30 tagen"]),
        ("Nach mehr als 30 Tagen.", ["Nach mehr als 30 Tagen: > 30 tagen"]),
        ("between 3 and 5 years", ["between 3: >= 3 years", "5 years: <= 5 years"]),
        ("10 working days and 3 hours a day", ["10 working days: = 10 days", "3 hours: = 3 hours"]),
        ("within a week, or one year ago", ["within a week: <= 1 week", "one year: = 1 year"]),
        (f"It weighs {'9' * 5000} kg.", []),
        ("One of the employees has a car.", []),
        ("The form is A4, and covid-19 is over.", []),
        ("im 17. Jahrhundert, on the 4th floor", []),
    ],
)
def test_numbers_are_found_with_what_they_are_compared_by(sentence: str, found: list[str]) -> None:
    assert told(sentence) == found


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
        ("€5", "5 euros"),
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


@pytest.mark.parametrize(
    ("one", "other", "opposed"),
    [
        ("within 30 days", "after 30 days", True),
        ("within 30 days", "after 20 days", False),
        ("under 5", "over 5", False),
    ],
)
def test_amounts_that_leave_nothing_between_them(one: str, other: str, opposed: bool) -> None:
    assert only(one).opposes(only(other)) is opposed
    assert only(one).opposes(only(one).denied)


@pytest.mark.parametrize(
    ("amount", "unit", "number"),
    [
        ("two years", "months", 24),
        ("2 years", "days", 730),
        ("2 months", "days", None),
        ("5", "kg", 5),
    ],
)
def test_amounts_are_converted_where_that_is_told(amount: str, unit: str, number: int | None) -> None:
    assert converted(only(amount), unit) == (None if number is None else Fraction(number))


def test_units_are_those_of_names_and_descriptions() -> None:
    assert counted("tenureMonths: how long someone has been here") == ["months"]
    assert counted("homeofficeTage, and hours of a week") == ["tage", "hours", "week"]
    assert counted("price") == []


@pytest.mark.parametrize(
    ("sentence", "none"),
    [
        ("It is free of charge.", True),
        ("Es fällt keine Gebühr an.", True),
        ("It costs money.", False),
        ("No, you may not.", False),
    ],
)
def test_that_there_is_none_of_something(sentence: str, none: bool) -> None:
    assert nothing(sentence) is none

from fractions import Fraction

import pytest

from craton.guardrails.reasoning.language.quantities import nothing, quantities


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Who is here for more than 12 months may go.", [("more than 12 months", ">", 12, "months")]),
        ("Employees with 12 months of service or less stay.", [("12 months of service or less", "<=", 12, "months")]),
        ("Children under 14 borrow at most 5 books.", [("under 14", "<", 14, ""), ("at most 5 books", "<=", 5, "books")]),
        ("Visitors aged 25 or more pay $12.50.", [("25 or more", ">=", 25, ""), ("$12.50", "=", Fraction(25, 2), "$")]),
        ("Wer jünger als 70 Jahre ist, zahlt 1.500 Euro.", [("jünger als 70 Jahre", "<", 70, "jahre"), ("1.500 Euro", "=", 1500, "euro")]),
        ("Höchstens drei Tage, 18 Jahre oder älter, 2,5 %.", [("Höchstens drei Tage", "<=", 3, "tage"), ("18 Jahre oder älter", ">=", 18, "jahre"), ("2,5 %", "=", Fraction(5, 2), "%")]),
        ("Innerhalb von 30 Tagen, nach mehr als 30 Tagen.", [("Innerhalb von 30 Tagen", "<=", 30, "tagen"), ("nach mehr als 30 Tagen", ">", 30, "tagen")]),
        ("One of the employees has a car.", []),
        ("The form is A4, and covid-19 is over.", []),
    ],
)  # fmt: skip
def test_numbers_are_found_with_what_they_are_compared_by(
    sentence: str, found: list[tuple[str, str, int, str]]
) -> None:
    assert [(each.text, each.relation, each.number, each.unit) for each in quantities(sentence)] == found


def test_an_amount_may_be_denied() -> None:
    (amount,) = quantities("Nobody may take more than 5 days.")
    assert (amount.denied.text, amount.denied.relation) == ("not more than 5 days", "<=")


@pytest.mark.parametrize(
    ("sentence", "none"),
    [("It is free of charge.", True), ("Es fällt keine Gebühr an.", True), ("It costs money.", False)],
)
def test_that_there_is_none_of_something(sentence: str, none: bool) -> None:
    assert nothing(sentence) is none

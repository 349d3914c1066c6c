import pytest

from craton.guardrails.reasoning.language.quantities import nothing, only, quantities


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
        (f"It weighs {'9' * 5000} kg.", []),
        ("One of the employees has a car.", []),
        ("The form is A4, and covid-19 is over.", []),
    ],
)
def test_numbers_are_found_with_what_they_are_compared_by(sentence: str, found: list[str]) -> None:
    assert told(sentence) == found


def test_an_amount_may_be_denied() -> None:
    (amount,) = quantities("Nobody may take more than 5 days.")
    assert (amount.denied.text, amount.denied.relation) == ("not more than 5 days", "<=")


@pytest.mark.parametrize(
    ("sentence", "none"),
    [("It is free of charge.", True), ("Es fällt keine Gebühr an.", True), ("It costs money.", False)],
)
def test_that_there_is_none_of_something(sentence: str, none: bool) -> None:
    assert nothing(sentence) is none


@pytest.mark.parametrize(
    ("sentence", "told", "amount"),
    [
        ("I am here for two years.", "tenureMonths Months of employment; a year is 12.", ("=", 24)),
        ("I am 14 years old.", "age children under ...", ("=", 14)),
        ("I work more than 20 hours.", "bonus In euro: a bonus of ...", None),
        ("The train takes 6 hours and costs 90 dollars.", "price In dollars: a ticket costs ...", ("=", 90)),
        ("It is 3 or 4 days old.", "age In days: an item of ...", None),
        ("I am new here.", "tenureMonths Months of employment.", None),
    ],
)
def test_the_only_amount_that_a_variable_may_have(sentence: str, told: str, amount: tuple[str, int] | None) -> None:
    assert only(sentence, told) == amount

"""Amounts in sentences, and durations in the units that variables count in."""

from fractions import Fraction

import pytest

from craton.guardrails.reasoning.language.amounts import counted, stated, told


@pytest.mark.parametrize(
    ("sentence", "units", "converted"),
    [
        ("I have been here for two years.", ["months"], "two years = 24 months"),
        ("Seit einem halben Jahr dabei", ["months"], "einem halben Jahr = 6 months"),
        ("half a year and 3 weeks", ["months", "days"], "half a year = 6 months, 3 weeks = 21 days"),
        ("after 1.5 years", ["months"], "1.5 years = 18 months"),
        ("vor zwei Wochen", ["days"], "zwei Wochen = 14 days"),
        ("two years", ["months", "weeks"], "two years = 24 months"),  # one is enough
        ("6 months", ["months"], ""),
        ("half a year", ["days"], ""),  # no whole number
        ("somewhere a yearbook", ["months"], ""),
    ],
)
def test_converted(sentence: str, units: list[str], converted: str) -> None:
    assert told(sentence, units) == converted


def test_units_are_those_of_names_and_descriptions() -> None:
    assert counted("tenureMonths: how long someone has been here") == ["months"]
    assert counted("homeofficeTage, and hours of a week") == ["weeks", "days", "hours"]
    assert counted("price") == []


@pytest.mark.parametrize(
    ("sentence", "number", "is_stated"),
    [
        ("You get 26 weeks.", 26, True),
        ("You get 26 weeks.", 20, False),
        ("Sie können fünf Tage bleiben.", 5, True),
        ("Das kostet 1.450 Euro, also 1,45 Tausendstel.", 1450, True),
        ("It is 65 % of the pay.", 0.65, True),
        ("two years ago", 24, True),
        ("Shipping is free.", 0, True),
        ("You may go.", 0, False),
        ("No, you may not.", 0, False),
        ("Nein, keine Tage.", 0, True),
        ("a half of it", 0.5, True),
    ],
)
def test_the_numbers_that_a_sentence_may_mean(sentence: str, number: float, is_stated: bool) -> None:
    numbers = stated(sentence, ["months"])
    assert numbers is not None
    assert (Fraction(str(number)) in numbers) is is_stated


@pytest.mark.parametrize("sentence", ["fünfundzwanzig Tage", "twenty-five days", "two thousand dollars"])
def test_numbers_that_are_put_together_may_be_any(sentence: str) -> None:
    assert stated(sentence, []) is None


def test_a_number_that_nobody_means_is_none() -> None:
    sentence = f"I am here for {'9' * 5000} years."
    assert told(sentence, ["months"]) == ""
    assert stated(sentence, ["months"]) == frozenset()

"""Amounts in sentences, and durations in the units that variables count in."""

from fractions import Fraction

import pytest

from craton.guardrails.reasoning.language.amounts import only, stated, told, unit


@pytest.mark.parametrize(
    ("sentence", "units", "converted"),
    [
        ("I have been here for two years.", ["months"], "two years = 24 months"),
        ("Seit einem halben Jahr dabei", ["months"], "einem halben Jahr = 6 months"),
        ("half a year and 3 weeks", ["days", "months"], "half a year = 6 months, 3 weeks = 21 days"),
        ("after 1.5 years", ["months"], "1.5 years = 18 months"),
        ("vor zwei Wochen", ["days"], "zwei Wochen = 14 days"),
        ("two years", ["days", "months", "year"], "two years = 24 months"),  # one is enough
        ("6 months", ["months", "years"], ""),
        ("half a year", ["days"], ""),  # no whole number
        ("somewhere a yearbook", ["months"], ""),
    ],
)
def test_converted(sentence: str, units: list[str], converted: str) -> None:
    assert told(sentence, units) == converted


@pytest.mark.parametrize(
    ("sentence", "number", "is_stated"),
    [
        ("You get 26 weeks.", 26, True),
        ("You get 26 weeks.", 20, False),
        ("Sie können fünf Tage bleiben.", 5, True),
        ("fünfundzwanzig Tage", 25, True),
        ("twenty-five days", 5, False),
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
    assert (Fraction(str(number)) in stated(sentence, ["months"])) is is_stated


@pytest.mark.parametrize(
    ("sentence", "unit", "amount"),
    [
        ("I am here for two years.", "months", ("=", 24)),
        ("I am 14 years old.", "", ("=", 14)),
        ("I work more than 20 hours.", "euro", None),
        ("The train takes 6 hours and costs 90 dollars.", "dollars", ("=", 90)),
        ("It is 3 or 4 days old.", "days", None),
        ("I am new here.", "months", None),
    ],
)
def test_the_only_amount_in_a_unit(sentence: str, unit: str, amount: tuple[str, int] | None) -> None:
    assert only(sentence, unit) == amount


@pytest.mark.parametrize(
    ("name", "described", "counts"),
    [
        ("tenureMonths", "How long; a year is 12.", "months"),
        ("workWeekLimit", "In tage: how long one may stay.", "tage"),
        ("shippingFee", "In dollars: what it costs.", "dollars"),
        ("hoursWorked", "How long somebody worked.", "hours"),
        ("hoursPerWeek", "In stunden: wie lange", "stunden"),
        ("hoursPerWeek", "How long somebody works in minutes.", "minutes"),
        ("age", "How old somebody is.", ""),
    ],
)
def test_what_a_variable_counts_in(name: str, described: str, counts: str) -> None:
    assert unit(name, described) == counts

"""Numbers in figures and in words, English and German."""

import pytest

from craton.guardrails.amounts.numerals import number, tokens


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-five", 25),
        ("two hundred and fifty", 250),
        ("two thousand five hundred", 2500),
        ("a hundred", 100),
        ("one and a half", 1.5),
        ("two thirds", 2 / 3),
        ("2.3 million", 2_300_000),
        ("fünfundzwanzig", 25),
        ("zweihundertfünfzig", 250),
        ("eintausendzweihundert", 1200),
        ("anderthalb", 1.5),
        ("zweieinhalb", 2.5),
        ("1.000,50", 1000.5),
        ("1,000.50", 1000.5),
        ("12.50", 12.5),
        ("0.125", 0.125),
        ("9:30", 9.5),
    ],
)
def test_what_a_number_is(text: str, value: float) -> None:
    of = tokens(text)
    found = number(of, 0, text)
    assert found
    assert found.end == len(of)
    assert float(found.readings[0]) == pytest.approx(value)


def test_a_figure_may_mean_several_numbers() -> None:
    found = number(tokens("1.450"), 0, "1.450")
    assert found
    assert [float(each) for each in found.readings] == [1450, 1.45]


@pytest.mark.parametrize("text", ["wonderful", "undwanzig", "hundertprozentig", "9" * 5000, "zweihundert" * 5000])
def test_what_is_no_number(text: str) -> None:
    assert number(tokens(text), 0, text) is None

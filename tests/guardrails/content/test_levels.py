import pytest

from craton.guardrails.content.levels import confidence, filters


@pytest.mark.parametrize(
    ("strength", "filtered"),
    [("NONE", []), ("LOW", ["HIGH"]), ("MEDIUM", ["MEDIUM", "HIGH"]), ("HIGH", ["LOW", "MEDIUM", "HIGH"])],
)
def test_a_stronger_filter_filters_what_is_less_certain(strength, filtered):
    assert [found for found in ("NONE", "LOW", "MEDIUM", "HIGH") if filters(strength, found)] == filtered


def test_confidence_rises_with_the_score():
    assert [confidence(score) for score in (0.0, 0.39, 0.4, 0.6, 0.8, 1.0)] == [
        "NONE",
        "NONE",
        "LOW",
        "MEDIUM",
        "HIGH",
        "HIGH",
    ]

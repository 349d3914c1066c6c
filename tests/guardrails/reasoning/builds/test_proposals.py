import pytest

from craton.guardrails.reasoning.builds.proposals import stated


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Rules of the gym\nGuests pay. Members do not.", ["Guests pay.", "Members do not."]),
        (
            "Customers who have held a driving licence for at least\n2 years may rent.",
            ["Customers who have held a driving licence for at least 2 years may rent."],
        ),
        (
            "Wer mindestens 20 Stunden in der Woche arbeitet, erhält einen\nZuschuss.",
            ["Wer mindestens 20 Stunden in der Woche arbeitet, erhält einen Zuschuss."],
        ),
        ("- Guests pay.\n- Members do not.", ["- Guests pay.", "- Members do not."]),
        ("Only a heading", ["Only a heading"]),
    ],
)
def test_sentences_are_whole_and_no_headings(text: str, sentences: list[str]) -> None:
    assert stated(text) == sentences

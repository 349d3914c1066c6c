"""An answer is cut into its statements, and no statement is torn apart."""

from craton.guardrails.grounding.statements import LONGEST, statements


def test_sentences_lines_and_lists() -> None:
    text = "It is warm. Is it?\n- First thing\n- Second thing!\n2) Third"
    assert statements(text) == ["It is warm.", "Is it?", "First thing", "Second thing!", "Third"]


def test_dates_titles_and_abbreviations_stay_whole() -> None:
    assert statements("Am 14. Mai kam Dr. Vogt, z. B. mit Hut. Dann ging er.") == [
        "Am 14. Mai kam Dr. Vogt, z. B. mit Hut.",
        "Dann ging er.",
    ]
    assert statements("Mr. Smith, i.e. the mayor, left approx. 5 notes.") == [
        "Mr. Smith, i.e. the mayor, left approx. 5 notes."
    ]


def test_nothing_is_lost_of_a_text_without_end() -> None:
    text = "word, " * 400
    parts = statements(text)
    assert " ".join(parts).split() == text.split()
    assert max(map(len, parts)) <= LONGEST


def test_no_text_has_no_statements() -> None:
    assert statements("  \n ") == []

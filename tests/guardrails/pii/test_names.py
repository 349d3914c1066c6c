"""Names: what the model sees, and what stands beside names where it sees nothing."""

import pytest

from tests.guardrails.pii.finding import Seen, found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Herr Müller und Frau Dr. Schmidt kommen.", ["Müller", "Schmidt"]),
        ("Sehr geehrte Frau Dr. Richter,", ["Richter"]),
        ("Herrn Prof. Dr. med. Hans-Peter von der Heide", ["Hans-Peter von der Heide"]),
        ("Familie Yılmaz zieht um", ["Yılmaz"]),
        ("Mr. O'Brien called", ["O'Brien"]),
        ("Dear Ms. Johnson, hello", ["Johnson"]),
        ("Hi Anna, thanks", ["Anna"]),
        ("Liebe Martina!", ["Martina"]),
        ("My name is Chidi Okafor and", ["Chidi Okafor"]),
        ("Ich heiße Gülsen Aydın.", ["Gülsen Aydın"]),
        ("Name: Grace Hopper", ["Grace Hopper"]),
        ('"customerName": "Wei Zhang"', ["Wei Zhang"]),
        ("Mit freundlichen Grüßen\nClaudia Hoffmann", ["Claudia Hoffmann"]),
        ("Kind regards,\n\nCatherine Moore\nSales", ["Catherine Moore"]),
        ("Für Fragen steht Ihnen Heike Voß zur Verfügung", ["Heike Voß"]),
        ("Lisa: Kommst du?", ["Lisa"]),
    ],
)
def test_titles_greetings_and_first_names_give_names_away(text: str, names: list[str]) -> None:
    assert found(text, "NAME") == names


@pytest.mark.parametrize(
    "text",
    [
        "Herr Präsident, meine Damen und Herren!",
        "Liebe Kolleginnen und Kollegen,",
        "Dear Customer, your parcel has arrived.",
        "Hallo Team!",
        "Ich bin Lehrer und suche eine Wohnung.",
        "Die Deutsche Bahn meldet Verspätungen.",
        "Sie wohnt in der Frau Holle Straße",
        "Note: restart the server.",
    ],
)
def test_capitalised_words_are_no_names_for_that(text: str) -> None:
    assert found(text, "NAME") == []


def test_first_name_and_surname_that_the_model_sees_are_one() -> None:
    means = Seen(
        ("GIVEN_NAME", "Wei", 0.9), ("SURNAME", "Zhang", 0.9), ("GIVEN_NAME", "Ngozi", 0.9), ("SURNAME", "Eze", 0.4)
    )
    assert found("Gestern kamen Wei Zhang und Ngozi L. Eze.", "NAME", means=means) == ["Wei Zhang", "Ngozi L. Eze"]


def test_what_the_model_is_unsure_of_is_no_name() -> None:
    means = Seen(
        ("GIVEN_NAME", "Siemens", 0.6),
        ("GIVEN_NAME", "DAX", 0.85),
        ("SURNAME", "baut", 0.47),
        ("GIVEN_NAME", "Kunde", 0.9),
    )
    assert found("Siemens baut, der DAX steigt, der Kunde zahlt.", "NAME", means=means) == []


def test_the_model_is_not_asked_where_no_type_needs_it() -> None:
    means = Seen()
    found("Anna Schmidt, anna@example.de", "EMAIL", means=means)
    assert means.asked == []

"""Addresses: German, British and American ones by their form, others by the model."""

import pytest

from tests.guardrails.pii.finding import Seen, found


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ich wohne in der Hauptstraße 12, 10115 Berlin.", "Hauptstraße 12, 10115 Berlin"),
        ("Am Alten Markt 3a, 24103 Kiel", "Am Alten Markt 3a, 24103 Kiel"),
        ("Lieferung an Goethestr. 5 bitte", "Goethestr. 5"),
        ("Friedrich-Ebert-Platz 7\n90409 Nürnberg", "Friedrich-Ebert-Platz 7\n90409 Nürnberg"),
        ("Sie zog in die Lange Straße 44 um", "Lange Straße 44"),
        ("Adresse: Bahnhofstrasse 21, 8001 Zürich", "Bahnhofstrasse 21, 8001 Zürich"),
        ("Postfach 10 20 30, 50460 Köln", "Postfach 10 20 30, 50460 Köln"),
        ("Er wohnt Am Hang 3.", "Am Hang 3"),
        ("at 742 Evergreen Terrace, Springfield, IL 62704", "742 Evergreen Terrace, Springfield, IL 62704"),
        ("10 Downing Street, London SW1A 2AA", "10 Downing Street, London SW1A 2AA"),
        ("350 Fifth Avenue, Suite 3400, New York, NY 10118", "350 Fifth Avenue, Suite 3400, New York, NY 10118"),
        ("the flat at 221B Baker Street, London is let", "221B Baker Street, London"),
        ("P.O. Box 4711", "P.O. Box 4711"),
        ("my postcode is SW1A 2AA", "SW1A 2AA"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    assert found(text, "ADDRESS") == [address]


@pytest.mark.parametrize(
    "text",
    [
        "Am Montag 3 Termine",
        "Im Jahr 1989 fiel die Mauer in Berlin.",
        "Der Weg 5 Kilometer bergauf",
        "Berlin ist die Hauptstadt von Deutschland.",
        "Der Umsatz lag bei 10115 Euro.",
        "In 2024 Main revenue grew",
        "Chapter 5 Section 3",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert found(text, "ADDRESS") == []


def test_the_parts_that_the_model_sees_are_one_address() -> None:
    means = Seen(
        ("STREET_NAME", "Rue de Rivoli", 0.9),
        ("BUILDING_NUMBER", "99", 0.8),
        ("ZIP_CODE", "75001", 0.9),
        ("CITY", "Paris", 0.9),
    )
    assert found("Elle habite 99 Rue de Rivoli, 75001 Paris.", "ADDRESS", means=means) == [
        "99 Rue de Rivoli, 75001 Paris"
    ]


def test_a_town_or_a_street_alone_is_no_address() -> None:
    means = Seen(("CITY", "Paris", 0.99), ("STREET_NAME", "Dienstag", 0.8))
    assert found("Am Dienstag fahren wir nach Paris.", "ADDRESS", means=means) == []

"""German compounds are split into the words they are made of, and others stay whole."""

import pytest

from craton.knowledge.language.compounds import split


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("krankenversicherungsbeitrag", ("kranken", "versicherungs", "beitrag")),
        ("krankenversicherungsbeiträgen", ("kranken", "versicherungs", "beiträgen")),
        ("kündigungsfrist", ("kündigungs", "frist")),
        ("mietvertrag", ("miet", "vertrag")),
        ("dateisysteme", ("datei", "systeme")),
        ("paketverwaltung", ("paket", "verwaltung")),
        ("festplattenverschlüsselung", ("fest", "platten", "verschlüsselung")),
        ("verschlüsselungsverfahren", ("verschlüsselungs", "verfahren")),
        ("passwortänderung", ("pass", "wort", "änderung")),
        ("speicherplatz", ("speicher", "platz")),
        ("bundesverfassungsgericht", ("bundes", "verfassungs", "gericht")),
    ],
)
def test_a_compound_is_split(word: str, parts: tuple[str, ...]) -> None:
    assert split(word) == parts


@pytest.mark.parametrize(
    "word",
    ["versicherung", "abhängigkeit", "gesellschaft", "zeitung", "unternehmen", "software", "installation", "beispiel",
     "verbinden",
     "information", "anwendung", "password", "international", "haus", "x" * 60],
)  # fmt: skip
def test_what_is_no_compound_stays_whole(word: str) -> None:
    assert split(word) == ()

"""Phrases in texts: whole words, many at once."""

import pytest

from craton.guardrails.words.folding import Folded
from craton.guardrails.words.phrases import Phrases


def found(phrases: list[str], text: str) -> list[tuple[str, str]]:
    return [(phrases[index], text[start:end]) for index, start, end in Phrases(phrases).find(Folded(text))]


@pytest.mark.parametrize(
    ("phrase", "text", "match"),
    [
        ("Projekt Falke", "das PROJEKT\n falke startet", "PROJEKT\n falke"),
        ("straße", "STRASSE", "STRASSE"),
        ("C++", "C++ und C", "C++"),
        ("@home", "work @home!", "@home"),
        ("don't", "I DON'T know", "DON'T"),
        ("don't", "I don\u2019t know", "don\u2019t"),
        ("don\u2019t", "I don't know", "don't"),
        ("well-known", "a well\u2011known 😀", "well\u2011known"),
        ("東京", "私は東京都に住む", "東京"),
        ("ab", "(ab)", "ab"),
        ("foo", "no __foo__ here", "foo"),
        ("_foo", "see bar._foo", "_foo"),
    ],
)
def test_found_as_it_stands_in_the_text(phrase: str, text: str, match: str) -> None:
    assert found([phrase], text) == [(phrase, match)]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("cat", "concatenate cats"),
        ("schon", "schön"),
        ("foo bar", "foobar"),
        ("foo", "foo_bar foo2 äfoo a__foo"),
        ("\u200b", "\u200b"),
    ],
)
def test_not_within_words_and_not_by_likeness(phrase: str, text: str) -> None:
    assert found([phrase], text) == []


def test_all_of_ten_thousand_that_stand_there() -> None:
    phrases = [f"phrase {number}" for number in range(10_000)]
    assert found(phrases, "phrase 4711, Phrase 12 and phrase 99999") == [
        ("phrase 4711", "phrase 4711"),
        ("phrase 12", "Phrase 12"),
    ]


def test_a_phrase_within_another_is_found_too() -> None:
    assert found(["foo", "foo bar", "foo ba"], "foo bar") == [("foo", "foo"), ("foo bar", "foo bar")]

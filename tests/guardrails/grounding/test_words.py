"""What the words of a statement tell: forms of one word, names, and what turns it round."""

import pytest

from craton.guardrails.grounding.words import Word, read, stem


def word(text: str) -> Word:
    return Word(text, stem(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("repairs", "repair"), ("bezahlt", "bezahlen"), ("opened", "opening"), ("Äpfel", "Apfel")],
)
def test_forms_of_one_word_meet(one: str, other: str) -> None:
    assert word(one).meets(word(other))


@pytest.mark.parametrize(("one", "other"), [("bridge", "bread"), ("Tag", "Tasse"), ("open", "opera")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert not word(one).meets(word(other))


def test_a_part_of_a_german_compound_meets_it() -> None:
    assert word("Antrag").meets(word("Bauantrag"))


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Dogs are permitted.", False),
        ("Dogs are not permitted.", True),
        ("Dogs are prohibited.", True),
        ("Dogs are not prohibited.", False),
        ("Hunde sind erlaubt.", False),
        ("Hunde sind verboten.", True),
        ("Es gibt kein Restaurant.", True),
    ],
)
def test_what_turns_a_statement_round(text: str, denied: bool) -> None:
    assert read(text).denied is denied


def test_names_in_english_and_german() -> None:
    assert {each.text for each in read("The bridge was opened by Edith Marlow in Leeds.").content if each.name} >= {
        "edith",
        "marlow",
        "leeds",
    }
    german = {
        each.text for each in read("Die Brücke wurde von Konrad Vogt in Kassel aus Stein erbaut.").content if each.name
    }
    assert {"konrad", "vogt", "kassel"} <= german
    assert "brücke" not in german

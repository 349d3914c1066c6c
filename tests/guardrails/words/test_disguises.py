"""Phrases that somebody hides from a filter, and texts that hide nothing."""

import pytest

from craton.guardrails.words.folding import Folded
from craton.guardrails.words.phrases import Phrases

PHRASES = ["cocaine", "Projekt Falke", "спам", "сор", "boss", "kilo", "gas"]


def found(text: str) -> list[str]:
    return [text[start:end] for _, start, end in Phrases(PHRASES).find(Folded(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("сосаіne and СОСАІNЕ", ["сосаіne", "СОСАІNЕ"]),  # Cyrillic letters
        ("Рrоjеkt Fаlkе", ["Рrоjеkt Fаlkе"]),
        ("cοcαιne", ["cοcαιne"]),  # Greek ones
        ("c0ca1ne, ki1o", ["c0ca1ne", "ki1o"]),  # a 1 is an i or an l
        ("Projekt Fa1ke", ["Projekt Fa1ke"]),
        ("c o c a i n e or c.o.c.a.i.n.e", ["c o c a i n e", "c.o.c.a.i.n.e"]),
        ("с о с а і n e", ["с о с а і n e"]),
        ("c0cаine", ["c0cаine"]),  # both at once
        ("спам и сор", ["спам", "сор"]),  # words of their own script stay words
    ],
)
def test_seen_through(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "b055 is a number, not a name",  # few letters
        "g a s",  # short words are not looked for
        "g45",
        "a b c d e f",
        "Он собрал сосаіне",  # Cyrillic letters alone, among Russian words
        "250 μs, Δt = 3 s, α-Helix, 10 € or 5$",
    ],
)
def test_left_alone(text: str) -> None:
    assert found(text) == []


def test_russian_words_that_look_like_others_are_read_as_russian() -> None:
    assert [*Phrases(["cop"], shortest=3).find(Folded("Это сор"))] == []
    assert [*Phrases(["cop"], shortest=3).find(Folded("a сор"))] == [(0, 2, 5)]

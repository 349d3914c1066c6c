"""The managed list: vulgar words in English and German, as they stand and disguised, and none in harmless ones."""

import pytest

from craton.guardrails.words.folding import Folded
from craton.guardrails.words.profanity import profanity


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in profanity(Folded(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What the fuck is this shit?", ["What the fuck", "shit"]),
        ("You bloody BASTARDS!", ["BASTARDS"]),
        ("So eine Scheiße!", ["So eine Scheiße"]),
        ("scheisse, Arschlöcher und arschloecher", ["scheisse", "Arschlöcher", "arschloecher"]),
        ("ＳＨＩＴ", ["ＳＨＩＴ"]),
        ("sh1t and @sshole and $hit", ["sh1t", "@sshole", "$hit"]),
        ("f*ck f.u.c.k s h i t", ["f*ck", "f.u.c.k", "s h i t"]),
        ("fu\u200bck", ["fu\u200bck"]),
        ("du Hurensohn", ["Hurensohn"]),
    ],
)
def test_profane(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Essex: a classic assessment of cockpits and the Arsenal",
        "Aschaffenburg, Wixhausen und Fuchs; der Fickler kommt",
        "summa cum laude with a nonce of 128 bits in git and MongoDB",
        "The class passed the mass at 1a5s",
        "Johnny Depp fährt nach Kaiserslautern (FCK)",
        "Der Schwanz des Hundes und der Hahn",
        "a b c d, 1 2 3 4 and u.s.a.",
        "100% of 5$ or 10€!",
    ],
)
def test_harmless(text: str) -> None:
    assert found(text) == []

"""Folded texts and the way back to the original."""

import pytest

from craton.guardrails.words.folding import Folded, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("HELLO World", "hello world"),
        ("Scheiße", "scheisse"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("co\u00adop\u200berate\ufeff", "cooperate"),
        ("fu\ufe0fl\u3164l \U000e0101stop", "full stop"),  # variation selectors and fillers
        ("a \t\n\u00a0 b", "a b"),
        ("ﬁne ½", "fine 1⁄2"),
        ("o\u0308l", "öl"),  # composed as one would type it
        ("schön schon", "schön schon"),  # accents tell words apart
        ("f\u0336u\u0336c\u0336k\u0336", "fuck"),  # struck out
        ("İstanbul", "istanbul"),
        ("don\u2019t well\u2011known \u02bcn\u2018", "don't well-known 'n'"),  # as typesetting has them
        ("  edge  ", "edge"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        ("Die Straße war lang", "strasse", "Straße"),
        ("Straße  und  mehr", "und", "und"),
        ("x\u200bfo\u200bo y", "foo", "fo\u200bo"),
        ("😀 ﬁne day", "fine", "ﬁne"),
        ("A  B\n\nC", "b c", "B\n\nC"),
        ("plain TEXT here", "text", "TEXT"),
        ("f\u0336o\u0336o\u0336!", "foo", "f\u0336o\u0336o\u0336"),
    ],
)
def test_a_span_leads_back_to_the_original(text: str, part: str, original: str) -> None:
    folded = Folded(text)
    at = folded.text.index(part)
    start, end = folded.span(at, at + len(part))
    assert text[start:end].strip("\u200b") == original

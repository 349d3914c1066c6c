"""The managed list of profane words, English and German, and the disguises that they go about in. Knows no policy."""

from functools import cache
from pathlib import Path

from craton.guardrails.words.folding import Folded, fold
from craton.guardrails.words.phrases import Phrases

_DATA = Path(__file__).parent / "data"
# Umlauts as they are typed where the keyboard has none.
_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Words of three letters are disguised, too.
_SHORTEST = 3


def profanity(text: Folded) -> list[tuple[int, int]]:
    """Where profane words stand, in characters of the original; of those within one another the longest."""
    found = ((start, end) for _, start, end in listed().find(text))
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or end > spans[-1][1]:
            spans.append((start, end))
    return spans


@cache
def _words() -> frozenset[str]:
    """Folded; phrases and umlauts as they are typed among them."""
    lines = [line for name in ("english.txt", "german.txt") for line in (_DATA / name).read_text("utf-8").splitlines()]
    words = {word.strip() for line in lines if not line.startswith("#") for word in line.split(",")} - {""}
    return frozenset(fold(word) for word in words | {word.translate(_TYPED) for word in words})


@cache
def listed() -> Phrases:
    """The list itself, which takes some milliseconds to make at first."""
    return Phrases(sorted(_words()), _SHORTEST)

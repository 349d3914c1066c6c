"""The managed list of profane words, English and German, and the disguises that they go about in. Knows no policy."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from craton.guardrails.words.folding import Folded, fold
from craton.guardrails.words.phrases import Phrases

_DATA = Path(__file__).parent / "data"
# Umlauts as they are typed where the keyboard has none.
_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Signs that stand for letters, one for one so that offsets stay; a word of them has letters, too.
_SIGNS = str.maketrans("@$!1|03457€", "asiiioeaste")
_DISGUISED = re.compile(r"(?<![\w@$!|€])(?=\w*[@$!1|03457€])[a-zäöü@$!1|03457€]{2,19}[a-zäöü@$1|03457€](?![\w@$|€])")
# Letters one by one, with the same sign between: f.u.c.k, s h i t.
_SPACED = re.compile(r"(?<!\w)\w([ .*_-])\w(?:\1\w){1,14}(?!\w)")
_LETTER = re.compile(r"[a-zäöü]")


def profanity(text: Folded) -> list[tuple[int, int]]:
    """Where profane words stand, in characters of the original; of those within one another the longest."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(_all(text), key=lambda span: (span[0], -span[1])):
        if not spans or end > spans[-1][1]:
            spans.append((start, end))
    return spans


def _all(text: Folded) -> Iterator[tuple[int, int]]:
    for _, start, end in _phrases().find(text):
        yield start, end
    for match in _DISGUISED.finditer(text.text):
        if _LETTER.search(match.group()) and match.group().translate(_SIGNS) in _words():
            yield text.span(*match.span())
    for match in _SPACED.finditer(text.text):
        if match.group()[::2] in _words():
            yield text.span(*match.span())


@cache
def _words() -> frozenset[str]:
    """Folded; phrases and umlauts as they are typed among them."""
    lines = [line for name in ("english.txt", "german.txt") for line in (_DATA / name).read_text("utf-8").splitlines()]
    words = {word.strip() for line in lines if not line.startswith("#") for word in line.split(",")} - {""}
    return frozenset(fold(word) for word in words | {word.translate(_TYPED) for word in words})


@cache
def _phrases() -> Phrases:
    return Phrases(sorted(_words()))

"""Finds any of many phrases in a text, in one pass. Knows no policy."""

import re
from collections.abc import Iterator, Sequence

from ahocorasick_rs import AhoCorasick

from craton.guardrails.words.disguises import Disguises
from craton.guardrails.words.folding import Folded, fold

# Writings that leave no space between words, so that a word may begin anywhere.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

Place = tuple[int, int, int]  # the index of a phrase, and its span


class Phrases:
    """A set of phrases, folded once."""

    def __init__(self, phrases: Sequence[str], shortest: int = 4) -> None:
        """Words of fewer than `shortest` letters are not looked for in disguise."""
        folded = [fold(phrase) for phrase in phrases]
        self._indexes = [index for index, phrase in enumerate(folded) if phrase]
        self._automaton = (
            AhoCorasick([folded[index] for index in self._indexes], store_patterns=False) if self._indexes else None
        )
        self._shortest = shortest

    def find(self, text: Folded) -> Iterator[Place]:
        """The index of each phrase that stands in the text as whole words, and its span in the original."""
        plain = list(self._found(text.text))
        disguised = set(self._disguised(Disguises(text.text))).difference(plain)
        for index, start, end in [*plain, *sorted(disguised, key=lambda place: place[1:])]:
            yield index, *text.span(start, end)

    def _found(self, text: str) -> Iterator[Place]:
        if self._automaton is None:
            return
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if _breaks(text, start) and _breaks(text, end):
                yield self._indexes[index], start, end

    def _disguised(self, disguises: Disguises) -> Iterator[Place]:
        for text in disguises.texts:
            for index, start, end in self._found(text):
                if end - start >= self._shortest:
                    yield index, start, end
        for first, last, word in disguises.spaced:
            if len(word) >= self._shortest:
                yield from ((index, first, last) for index, start, end in self._found(word) if end - start == len(word))


def _breaks(text: str, place: int) -> bool:
    """Whether a word may begin or end here."""
    if place in (0, len(text)):
        return True
    if _UNSPACED.match(text[place - 1]) or _UNSPACED.match(text[place]):
        return True
    return not (_of_word(text, place - 1, -1) and _of_word(text, place, 1))


def _of_word(text: str, place: int, step: int) -> bool:
    """Underscores join what they stand between, as in names of variables; around a word they only stress it."""
    while 0 <= place < len(text) and text[place] == "_":
        place += step
    return 0 <= place < len(text) and text[place].isalnum()

"""Texts -> WordPiece tokens as uncased BERT models read them, each with its place in the text.

What the letters become (https://github.com/google-research/bert, tokenization.py): no case, no accents, no control
characters; words end at spaces and around punctuation and CJK ideographs. Unlike other tokenizers it takes `[SEP]` in a
text for what it says, not for a mark of the model's. Knows no model beyond its vocabulary.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

# A longer word is unknown.
_LONGEST = 100
_SPACE = " "
# Control and format characters and those of private use; one that is newer than Python's tables is read.
_UNREAD = frozenset({"Cc", "Cf", "Co", "Cs"})
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


@dataclass(slots=True)
class Tokens:
    """The tokens of a text: the id of each, where it begins and ends in the text, and the number of its word."""

    ids: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Word:
    """Its characters as the model reads them, and where each begins and ends in the text."""

    letters: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


class WordPiece:
    def __init__(self, vocabulary: Path) -> None:
        """From a file of one token a line, in the order of their ids."""
        self._ids = {token: number for number, token in enumerate(vocabulary.read_text("utf-8").split("\n"))}
        self._longest = max(map(len, self._ids))
        self._unknown = self._ids["[UNK]"]
        self.begin, self.end = self._ids["[CLS]"], self._ids["[SEP]"]
        self._pieces = lru_cache(maxsize=1 << 16)(self._cut)

    def read(self, text: str) -> Tokens:
        tokens = Tokens()
        for number, word in enumerate(_words(text)):
            at = 0
            for piece, length in self._pieces("".join(word.letters)):
                tokens.ids.append(piece)
                tokens.starts.append(word.starts[at])
                at += length
                tokens.ends.append(word.ends[at - 1])
                tokens.words.append(number)
        return tokens

    def _cut(self, word: str) -> tuple[tuple[int, int], ...]:
        """The longest pieces from left to right: the id and the length of each."""
        unknown = ((self._unknown, len(word)),)
        if len(word) > _LONGEST:
            return unknown
        pieces: list[tuple[int, int]] = []
        start = 0
        while start < len(word):
            for end in range(min(len(word), start + self._longest), start, -1):
                found = self._ids.get(("##" if start else "") + word[start:end])
                if found is not None:
                    pieces.append((found, end - start))
                    start = end
                    break
            else:
                return unknown
        return tuple(pieces)


def _words(text: str) -> Iterator[_Word]:
    word = _Word()
    for place, character in enumerate(text):
        read = _read(character)
        if not read and word.ends:
            word.ends[-1] = place + 1  # an accent belongs to its letter
        for letter in read:
            if word.letters and (letter == _SPACE or _stands_alone(letter) or _stands_alone(word.letters[-1])):
                yield word
                word = _Word()
            if letter != _SPACE:
                word.letters.append(letter)
                word.starts.append(place)
                word.ends.append(place + 1)
    if word.letters:
        yield word


@lru_cache(maxsize=1 << 14)
def _read(character: str) -> str:
    """What the model reads for a character: nothing for control characters and accents, several letters for some."""
    if character in "\t\n\r":
        return _SPACE
    if character == "\ufffd" or unicodedata.category(character) in _UNREAD:
        return ""
    if character.isspace():
        return _SPACE
    parts = unicodedata.normalize("NFD", character)
    return "".join(part.lower() for part in parts if unicodedata.category(part) != "Mn")


@lru_cache(maxsize=1 << 14)
def _stands_alone(letter: str) -> bool:
    code = ord(letter)
    if code < 128:
        return not letter.isalnum() and not letter.isspace()
    return unicodedata.category(letter).startswith("P") or any(low <= code <= high for low, high in _CJK)

"""Texts as words are compared: without case, width, ligatures, invisible characters and doubled spaces.

Accents stay, since "schön" is not "schon"; marks that are laid over letters to disguise them do not. Knows no words.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
# Plain characters that no mark follows; white space; one other character with its marks.
_PARTS = re.compile(rf"[!-~]+(?![{_MARKS}])|\s+|\S[{_MARKS}]*")
_STRAY = re.compile(rf"[{_MARKS}]")
# What nobody sees, beside the format characters: variation selectors and fillers.
_UNSEEN = re.compile("[\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


class Folded:
    """A folded text that knows where its characters came from, in characters of the original."""

    def __init__(self, original: str) -> None:
        self._at: list[int] = []  # where each part begins in `text`, and in the original
        self._from: list[int] = []
        self._plain: list[bool] = []  # whether its characters are one for one the original's
        if original.isascii() and not _DOUBLED.search(original):
            self.text = original.lower().translate(_BLANKS)
            self._length = len(original)
            return
        pieces: list[str] = []
        length = 0
        for part in _PARTS.finditer(original):
            piece, plain = _fold(part.group())
            if piece:
                self._at.append(length)
                self._from.append(part.start())
                self._plain.append(plain)
                pieces.append(piece)
                length += len(piece)
        self.text = "".join(pieces)
        self._length = len(original)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that was folded to this span of `text`."""
        if not self._at:
            return start, end
        return self._start(start), self._end(end)

    def _start(self, place: int) -> int:
        part = bisect_right(self._at, place) - 1
        return self._from[part] + (place - self._at[part] if self._plain[part] else 0)

    def _end(self, place: int) -> int:
        part = bisect_right(self._at, place - 1) - 1
        if self._plain[part]:
            return self._from[part] + place - self._at[part]
        return self._from[part + 1] if part + 1 < len(self._from) else self._length


_DOUBLED = re.compile(r"\s\s")
_BLANKS = dict.fromkeys(map(ord, "\t\n\r\v\f\x1c\x1d\x1e\x1f"), " ")


def fold(text: str) -> str:
    return Folded(text).text.strip()


def _fold(part: str) -> tuple[str, bool]:
    if part.isspace():
        return " ", len(part) == 1
    if part.isascii():
        return part.lower(), True
    folded = _fold_character(part)
    return folded, False


@lru_cache(maxsize=10_000)
def _fold_character(part: str) -> str:
    """NFKC, case folded, without what nobody sees and what no letter is composed with."""
    seen = "".join(character for character in _UNSEEN.sub("", part) if unicodedata.category(character) != "Cf")
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return _STRAY.sub("", composed)

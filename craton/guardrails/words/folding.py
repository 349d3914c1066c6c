"""Texts as words are compared: without case, width, ligatures, invisible characters and doubled spaces.

Accents stay, since "schön" is not "schon"; marks that are laid over letters to disguise them do not. Knows no words.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_STRAY = re.compile(rf"[{_MARKS}]")
# What nobody sees, beside the format characters: variation selectors and fillers.
_UNSEEN = re.compile("[\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# One for one: white space that becomes a blank, and apostrophes and hyphens as typesetting has them.
_TYPED = {
    **dict.fromkeys(map(ord, "\t\n\r\v\f\x1c\x1d\x1e\x1f"), " "),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
}
_BLANK = r" \t-\r\x1c-\x1f"
# Where most letters of European languages and their punctuation stand.
_COMMON = (*range(0x21, 0x250), *range(0x370, 0x530), *range(0x2010, 0x2028), *range(0x2030, 0x203B), 0x20AC)


class Folded:
    """A folded text that knows where its characters came from, in characters of the original."""

    def __init__(self, original: str) -> None:
        self._at: list[int] = []  # where each part begins in `text`, and in the original
        self._from: list[int] = []
        self._plain: list[bool] = []  # whether its characters are one for one the original's
        self._length = len(original)
        expressions = _expressions()
        if not expressions.odd.search(original):
            self.text = original.lower().translate(_TYPED)
            return
        pieces: list[str] = []
        length = 0
        for part in expressions.parts.finditer(original):
            piece, plain = (part.group().lower(), True) if part.lastgroup else _fold(part.group())
            if piece:
                self._at.append(length)
                self._from.append(part.start())
                self._plain.append(plain)
                pieces.append(piece)
                length += len(piece)
        self.text = "".join(pieces).translate(_TYPED)

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


class _Expressions:
    """`odd`: what is not folded one for one. `parts`: plain words and the blanks between them; white space; one other
    character with its marks.
    """

    def __init__(self) -> None:
        plain = "".join(re.escape(character) for character in map(chr, _COMMON) if _is_plain(character))
        self.odd = re.compile(rf"[^{plain}{_BLANK}]|[{_BLANK}]{{2}}")
        self.parts = re.compile(
            rf"(?P<plain>[{plain}]+(?: [{plain}]+)*(?![{_MARKS}]))|\s+|\S[{_MARKS}]*",
        )


@cache
def _expressions() -> _Expressions:
    return _Expressions()


def _is_plain(character: str) -> bool:
    """Whether it is folded by itself, to its lower case."""
    folded = character.lower()
    return len(folded) == 1 and not character.isspace() and _fold_character(character) == folded and character != "Σ"


def fold(text: str) -> str:
    return Folded(text).text.strip()


def _fold(part: str) -> tuple[str, bool]:
    if part.isspace():
        return " ", len(part) == 1
    return _fold_character(part), False


@lru_cache(maxsize=10_000)
def _fold_character(part: str) -> str:
    """NFKC, case folded, without what nobody sees and what no letter is composed with."""
    seen = "".join(character for character in _UNSEEN.sub("", part) if unicodedata.category(character) != "Cf")
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return _STRAY.sub("", composed)

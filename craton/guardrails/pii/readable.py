"""A text as it is seen: composed as one would type it, without what nobody sees, and without marks over characters that
have none. It knows the way back to the original. Knows no kind of data.
"""

import re
import unicodedata

_UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
_MARKS = "\u0300-\u034e\u0350-\u036f\u20d0-\u20ff"
_ODD = re.compile(f"[{_UNSEEN}{_MARKS}]")
_MARK = re.compile(f"[{_MARKS}]")
# What is not seen, or a character with what is laid over it.
_PART = re.compile(f"[{_UNSEEN}]+|(?P<marked>[^{_UNSEEN}{_MARKS}]?[{_MARKS}]+)")


class Readable:
    def __init__(self, original: str) -> None:
        self.text = original
        self._starts: list[int] = []  # of each character in the original, where they are not the same
        self._ends: list[int] = []
        if not original.isascii() and _ODD.search(original):
            self.text = self._read(original)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that is read as this one, which is not empty."""
        return (self._starts[start], self._ends[end - 1]) if self._starts else (start, end)

    def _read(self, original: str) -> str:
        seen: list[str] = []
        at = 0
        for part in _PART.finditer(original):
            begin, end = part.span()
            characters = _composed(part["marked"]) if part["marked"] else ""
            seen += original[at:begin], characters
            self._starts += [*range(at, begin), *(begin for _ in characters)]
            self._ends += [*range(at + 1, begin + 1), *(end for _ in characters)]
            at = end
        seen.append(original[at:])
        self._starts += range(at, len(original))
        self._ends += range(at + 1, len(original) + 1)
        return "".join(seen)


def _composed(marked: str) -> str:
    return _MARK.sub("", unicodedata.normalize("NFC", marked))

"""How long a text is: tokens, counted by a rule and by no model's vocabulary, so that chunks stay when models change.

A token is up to six letters, or one of a script that is written without spaces; up to three digits; or another sign
that is no space, with up to 63 more of the same, as in the rules of tables. English has about 1.5 of them for each word
and German about 2, much as the vocabularies of multilingual models have. Knows no boundary but those of tokens.
"""

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass

# Scripts without spaces: Thai to Myanmar, Khmer, kana, Han and Hangul.
UNSPACED = "\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W\d_{UNSPACED}]{{1,6}}|\d{{1,3}}|([^\w\s]|_)\1{{0,63}}|\S")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Where the tokens of a text begin. A text that is cut where tokens begin has as many of them in its parts."""

    starts: "array[int]"
    length: int

    @classmethod
    def of(cls, text: str) -> "Tokens":
        return cls(array("l", (match.start() for match in _TOKEN.finditer(text))), len(text))

    def before(self, place: int) -> int:
        """How many begin before this place of the text."""
        return bisect_left(self.starts, place)

    def place(self, number: int) -> int:
        """Where the token of this number begins; behind the last is the end of the text."""
        return self.starts[number] if number < len(self.starts) else self.length


def count(text: str) -> int:
    return sum(1 for _ in _TOKEN.finditer(text))

"""Folded texts as somebody reads them who sees through disguises: letters of other scripts that look like Latin ones,
signs that stand for letters, letters one by one.

All of it is read beside the text as it stands, never instead of it. Knows no words.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, partial

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.expressions.sieve import Sieve

# Small letters alone, since a folded text has no others; where one looks like none, its capital counts.
_ALIKE = """
аa вb гr еe кk мm нh оo пn рp сc тt уy хx ьb ѕs іi јj һh ԁd ԍg ԛq ԝw ѵv ѡw ӏl
αa βb γy εe ηn ιi κk μu νv οo ρp τt υu χx ωw
ɑa ɡg
"""
_LATIN = {ord(pair[0]): pair[1] for pair in _ALIKE.split()}
_LOOKS = "".join(map(chr, _LATIN))
_WORD = re.compile(r"\w+")
_PLAIN = re.compile("[a-z]")
_OTHERS = re.compile(f"[{''.join(c for c in map(chr, range(0x370, 0x530)) if c.isalpha() and ord(c) not in _LATIN)}]")
# Signs for letters, one for one so that offsets stay; a 1 is an i or an l.
_SIGN = "@$!1|03457€"
_MEANT = tuple(dict(zip(map(ord, _SIGN), letters, strict=True)) for letters in ("asiiioeaste", "asllloeaste"))
_SIGNED = re.compile(rf"(?<![\w@$!|€])(?=\w*[{_SIGN}])[a-zäöü{_SIGN}]{{2,19}}[a-zäöü@$1|03457€](?![\w@$|€])")
_LETTER = re.compile("[a-zäöü]")
# The same sign between all of them: f.u.c.k, s h i t.
_SPACED = Expression(r"(?<!\w)\w([ .*_-])\w(?:\1\w){1,24}(?!\w)")

_HINTS = (Expression(f"[{_LOOKS}]"), Expression(rf"[a-zäöü][@$1|03457€]|[{_SIGN}][a-zäöü]"), _SPACED)


@cache
def _sieve() -> Sieve:
    return Sieve(_HINTS)


class Disguises:
    """Of a folded text. `texts` are other readings, letter for letter; `spaced` are the places of letters that stand
    one by one, each with the word that they make.
    """

    def __init__(self, text: str) -> None:
        self.texts: list[str] = []
        self.spaced: list[tuple[int, int, str]] = []
        alike, signed, spaced = (place in passed for passed in [_sieve().passed(text)] for place in range(3))
        if alike:
            text = _in_latin(text)
            self.texts.append(text)
        if signed:
            self.texts += dict.fromkeys(_without_signs(text))
        if spaced:
            self.spaced = [(*match.span(), match.group()[::2]) for match in _SPACED.finditer(text)]


def _in_latin(text: str) -> str:
    """Words that mix scripts are read as Latin. One that looks Latin altogether is, too, unless other words of the text
    are plainly written in that script: "сор" is a word of Russian.
    """
    foreign = _OTHERS.search(text) is not None

    def read(word: re.Match[str]) -> str:
        return word.group() if foreign and not _PLAIN.search(word.group()) else word.group().translate(_LATIN)

    return _WORD.sub(read, text)


def _without_signs(text: str) -> Iterator[str]:
    """The text as both readings of a 1 have it; what has few letters is no word but a number."""
    for meant in _MEANT:
        yield _SIGNED.sub(partial(_meant, meant), text)


def _meant(meant: Mapping[int, str], word: re.Match[str]) -> str:
    letters = len(_LETTER.findall(word.group()))
    return word.group().translate(meant) if 3 * letters >= len(word.group()) else word.group()

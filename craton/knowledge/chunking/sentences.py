"""Where the sentences of a text begin, in German and English. Knows nothing of lines, headings or tables.

A full stop ends no sentence behind an abbreviation, a single letter or, where a name or a month follows, a number: "am
3. Mai", "z. B. hier", "Dr. Who", "e.g. this". What is written on without a capital letter is the same sentence.
"""

import re
from collections.abc import Iterator
from importlib.resources import files

# Each run of signs is looked at once, however long it is.
_END = re.compile(r"(?<![.!?…:])[.!?…:]++[\"'”“’»«)\]*_]*+\s++|[。！？]++[」』”]*+\s*+")
# Abbreviations that end with a full stop and that a capital letter may follow, without their full stops.
_ABBREVIATIONS = frozenset(
    (files("craton.knowledge.chunking") / "data" / "abbreviations.txt").read_text(encoding="utf-8").split()
)
# Behind a number and a full stop these make an ordinal; a new sentence may begin with a number, but seldom ends with
# one.
_ORDINAL = re.compile(r"\d{1,2}")


def sentences(text: str, start: int, end: int) -> Iterator[int]:
    """The places in between at which a sentence begins behind another."""
    for match in _END.finditer(text, start, end):
        place = match.end()
        if place < end and _ends(text, match.start(), match.group(), place):
            yield place


def _ends(text: str, at: int, sign: str, place: int) -> bool:
    following = text[place]
    mark = sign[0]
    if mark == ":":
        return "\n\n" in sign
    if mark in "!?。！？":
        return not following.islower()
    if following.islower() or (mark == "." and sign[1:2] == "."):
        return not following.islower()
    if mark != ".":
        return True
    word = text[max(0, at - 24) : at].split()
    last = word[-1].lstrip("([{\"'„“»*_").casefold() if word else ""
    if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or last.rpartition(".")[2] in _ABBREVIATIONS:
        return False
    if len(last) > 2 and "." in last and all(len(part) == 1 for part in last.split(".")):
        return False
    return not (_ORDINAL.fullmatch(last) and following.isalpha())

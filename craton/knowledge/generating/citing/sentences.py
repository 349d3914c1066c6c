"""A text that is still being written, cut into its sentences as soon as each has certainly ended.

The cuts depend on the text alone, never on the pieces in which it comes. A title ("Dr. Vogt"), an ordinal ("14. Mai")
and an abbreviation end no sentence; a line does. Knows no model.
"""

import re
from dataclasses import dataclass

from craton.guardrails.grounding.cues import ABBREVIATIONS

_END = re.compile(r"[.!?…][\"'”’“»)\]*_]{0,4}\s+|\s*\n\s*")
_LAST_WORD = re.compile(r"\S+$")
_OPENING = "(\"'„“»*_"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start` and `end` are places in the whole text, in characters, `end` behind the last one; no space at either."""

    text: str
    start: int
    end: int


class Sentences:
    """`text` is all that was fed so far. `uncut`: only `rest` cuts it."""

    def __init__(self, *, uncut: bool = False) -> None:
        self.text = ""
        self._uncut = uncut
        self._begun = 0  # where what is not cut yet begins
        self._seen = 0  # from where the next end is looked for

    def feed(self, more: str) -> list[Sentence]:
        """The sentences that end in what is known by now."""
        self.text += more
        found: list[Sentence] = []
        while not self._uncut and (end := _END.search(self.text, self._seen)):
            if end.end() == len(self.text):
                break  # more space may follow, or, after a point, what tells that it ended nothing
            self._seen = end.end()
            if "\n" in end[0] or not _goes_on(self.text[self._begun : end.end()].rstrip()):
                found += self._cut(end.end())
        return found

    def rest(self) -> list[Sentence]:
        """What is left, once nothing follows; also where a part ends that is to be one with nothing behind it."""
        self._seen = len(self.text)
        return self._cut(len(self.text))

    def _cut(self, end: int) -> list[Sentence]:
        part = self.text[self._begun : end]
        start = self._begun + len(part) - len(part.lstrip())
        self._begun = end
        text = part.strip()
        return [Sentence(text, start, start + len(text))] if text else []


def _goes_on(begun: str) -> bool:
    last = _LAST_WORD.search(begun)
    word = last[0].lower().lstrip(_OPENING) if last else ""
    if not word.endswith("."):
        return False
    word = word[:-1]
    return word in ABBREVIATIONS or (word.isdigit() and len(word) <= 2) or (len(word) == 1 and word.isalpha())

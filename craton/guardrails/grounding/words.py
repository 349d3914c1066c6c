"""What the words of a statement tell before any model is asked: its content, names, numbers, and what turns it round.

English and German alike; knows no vectors.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from craton.guardrails.amounts.quantities import Quantity, numeral, quantities
from craton.guardrails.grounding import cues

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLAUSE = re.compile(cues.CLAUSE, re.IGNORECASE)
_ENDINGS = (
    "ungen",
    "ings",
    "ing",
    "ung",
    "ern",
    "est",
    "ies",
    "ied",
    "ens",
    "ed",
    "en",
    "er",
    "es",
    "em",
    "ly",
    "e",
    "s",
    "n",
    "t",
)
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "’": "'"})
# A word this short is compared as it is.
SHORT = 4


@dataclass(frozen=True, slots=True)
class Word:
    """`stem` is for comparing; `name` tells that it looks like the name of somebody or something."""

    text: str
    stem: str
    name: bool = False

    def meets(self, other: "Word") -> bool:
        """Whether both are forms of one word, or one is a part of the other, as in German compounds."""
        if self.stem == other.stem:
            return True
        short, long = sorted((self.stem, other.stem), key=len)
        if len(short) <= SHORT:
            return False
        alike = _alike(short, long)
        return (
            (alike >= 5 and alike >= 0.7 * len(long)) or (not self.name and long.endswith(short)) or alike == len(short)
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, read. `all` are the lower-case words in order; `denied` whether it is turned round an odd number
    of times. `stems` are those of `content`. `clauses` are its parts, where it has several.
    """

    text: str
    all: tuple[str, ...]
    content: tuple[Word, ...]
    stems: frozenset[str]
    numbers: tuple[Quantity, ...]
    denied: bool
    clauses: tuple["Statement", ...] = ()

    def has(self, word: Word) -> bool:
        """Whether a content word meets this one."""
        return word.stem in self.stems or any(word.meets(other) for other in self.content)


@lru_cache(maxsize=4096)
def read(text: str) -> Statement:
    """Texts are read again when the next answer has the same source."""
    found = list(_WORD.finditer(text))
    lower = tuple(match[0].lower().replace("’", "'") for match in found)
    content = tuple(_content(text, [match[0] for match in found], lower))
    turns = sum(word in cues.NEGATIONS or word.startswith(cues.DENIALS) for word in lower)
    parts = [part for part in _CLAUSE.split(text) if len(part.split()) > 2]
    clauses = tuple(map(read, parts)) if len(parts) > 1 else ()
    stems = frozenset(word.stem for word in content)
    return Statement(text, lower, content, stems, tuple(quantities(text)), turns % 2 == 1, clauses)


def stem(word: str) -> str:
    """The word without the ending that inflects it, umlauts folded."""
    folded = word.lower().translate(_FOLD)
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 4:
            return folded[: -len(ending)]
    return folded


def _content(text: str, words: list[str], lower: tuple[str, ...]) -> Iterator[Word]:
    german = _looks_german(lower)
    seen: set[str] = set()
    for place, low in enumerate(lower):
        if low in cues.EMPTY or low in cues.NEGATIONS or len(low) < 2 or numeral(low):
            continue
        key = stem(low)
        if key not in seen:
            seen.add(key)
            yield Word(low, key, _is_name(words, place, german))


def _is_name(words: list[str], place: int, german: bool) -> bool:
    word = words[place]
    if not word[0].isupper() or (word.isupper() and len(word) == 1):
        return False
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    if not german:
        return place > 0 or after[:1].isupper()
    beside = (before[:1].isupper() and place > 1) or after[:1].isupper()
    return beside or before.lower() in cues.PLACED


def _looks_german(lower: tuple[str, ...]) -> bool:
    return any(word in cues.GERMAN for word in lower) or not any(word in cues.ENGLISH for word in lower)


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))

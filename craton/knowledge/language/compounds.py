"""Splits German compounds into the words that they are made of. Knows no sentence and no index.

"krankenversicherungsbeiträge" is "kranken", "versicherungs" and "beiträge". Parts that many nouns begin or end with are
preferred, and few parts over many; `data/parts.txt.gz` says how many, and `tools/compounds` makes it out of Wikidata's
nouns (CC0). What is not made of known parts is not split.
"""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import Stemmer

# Of a compound, and of a part.
LEAST, MOST, PART = 7, 48, 3
# Of a part that no compound is known with, at the beginning and at the end.
RARE = (5, 6)
# What a part costs, against the logarithms of how often it is found.
COST = 8
# What joins a noun with these endings to the next.
_JOINED = ("ung", "ion", "heit", "keit", "schaft", "tät", "ling", "tum")


@dataclass(frozen=True, slots=True)
class Parts:
    """How many nouns begin with a part, as a logarithm, and how many end with one, by its stem."""

    begins: Mapping[str, int]
    ends: Mapping[str, int]
    nouns: frozenset[str]


@cache
def parts() -> Parts:
    """Those that the package comes with. Reading them takes about 0.1 s, once."""
    stem = Stemmer.Stemmer("german", 0).stemWord
    begins: dict[str, int] = {}
    ends: dict[str, int] = {}
    nouns = set()
    path = files("craton.knowledge.language") / "data" / "parts.txt.gz"
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        part, _, numbers = line.partition(" ")
        begin, _, end = numbers.partition(" ")
        nouns.add(part)
        if begin and begin != "0":
            begins[part] = int(begin)
        ending = stem(part)
        ends[ending] = max(ends.get(ending, 0), int(end or 0))
    return Parts(begins, ends, frozenset(nouns))


def split(word: str) -> tuple[str, ...]:
    """The parts of a word in lower case, as they are written in it; none where it is no compound."""
    length = len(word)
    if not LEAST <= length <= MOST:
        return ()
    stem = _stem()
    known = parts()
    # The best beginnings up to each place: what they are worth, and their parts.
    best: list[tuple[int, tuple[str, ...]] | None] = [None] * length
    best[0] = (0, ())
    chosen: tuple[int, tuple[str, ...]] | None = None
    for place in range(PART, length - PART + 1):
        for start in range(place - PART + 1):
            before = best[start]
            worth = None if before is None else _beginning(word[start:place], known)
            if before is not None and worth is not None:
                best[place] = _better(best[place], (before[0] + worth - COST, (*before[1], word[start:place])))
        here = best[place]
        if here is not None:
            ending = word[place:]
            found = known.ends.get(stem(ending))
            if found or (found == 0 and len(ending) >= RARE[1]):
                chosen = _better(chosen, (here[0] + found - COST, (*here[1], ending)))
    return chosen[1] if chosen else ()


def base(part: str) -> str:
    """A part that is not the last without what joins it to the next: "lebens" is "leben", "kinder" stays as it is."""
    known = parts().nouns
    if part.endswith("s") and part[:-1] in known:
        return part[:-1]
    return part


def _beginning(part: str, known: Parts) -> int | None:
    """What it is worth as a part that is not the last; None: it is none."""
    found = known.begins.get(part)
    if found is not None:
        return found
    if len(part) < RARE[0]:
        return None
    joined = (part.endswith("s") and part[:-1].endswith(_JOINED)) or part.endswith("en")
    return 1 if part in known.nouns or (joined and part[:-1] in known.nouns) else None


def _better(one: tuple[int, tuple[str, ...]] | None, other: tuple[int, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    return other if one is None or other[0] > one[0] else one


@cache
def _stem() -> Callable[[str], str]:
    stem: Callable[[str], str] = Stemmer.Stemmer("german", 0).stemWord
    return stem

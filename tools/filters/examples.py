"""The sentences that the heads are trained from: how the files of `data` are read. Knows no model.

A file holds one example a line, and is named for what it shows, for the family where there are several, and for its
language: `hate.de.txt`, `jailbreak-fiction.en.txt`. Lines that begin with `#` are comments. `{a|b}` stands for one or
the other; a line `$name = a|b` names alternatives, for `{$name}`. Files of one family hold much the same in the same
order in each language; so the same stretches of each are one fold, and no figure is owed to a variant or a translation
that was trained on.
"""

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"

# At most so many variants of a line: those of one line resemble one another too much to say more.
VARIANTS = 5
# Each file is cut into so many stretches, which are dealt out to the folds.
FOLDS, STRETCHES = 5, 20

_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """`place` is where its line stands in its file, from 0 to 1; `weight` lets a line of many variants count less than
    they do.
    """

    text: str
    label: str
    family: str
    language: str
    place: float
    weight: float

    @property
    def fold(self) -> int:
        return int(self.place * STRETCHES) % FOLDS


def examples() -> list[Example]:
    return [example for path in sorted(DATA.glob("*.txt")) for example in _of_file(path)]


def checksum() -> str:
    """SHA-256 over all files, by name."""
    total = hashlib.sha256()
    for path in sorted(DATA.glob("*.txt")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _of_file(path: Path) -> Iterator[Example]:
    family, language = path.name.removesuffix(".txt").split(".")
    label = family.partition("-")[0].upper()
    names: dict[str, str] = {}
    lines: list[str] = []
    for line in path.read_text().splitlines():
        if line.startswith("$"):
            name, _, choices = line.partition(" = ")
            names[name] = choices
        elif line and not line.startswith("#"):
            lines.append(line)
    for number, line in enumerate(lines):
        for name, choices in names.items():
            line = line.replace(name, choices)
        variants = _variants(line)
        for text in variants:
            yield Example(text, label, family, language, number / len(lines), len(variants) ** -0.5)


def _variants(line: str) -> Sequence[str]:
    choose = random.Random(_number(line))
    found: dict[str, None] = {}
    for _ in range(VARIANTS * 3):
        found[_CHOICE.sub(lambda match: choose.choice(match[1].split("|")), line)] = None
        if len(found) == VARIANTS:
            break
    return list(found)


def _number(line: str) -> int:
    return int.from_bytes(hashlib.sha256(line.encode()).digest()[:8], "big")

"""The regression set: texts in English and German, written for it, with what is to be found in each. `data` holds it.

In the sets of personal data what is to be found is marked in the text: `[[EMAIL:a@example.org]]`.
"""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "de")
_MARK = re.compile(r"\[\[([A-Z_]+):(.*?)\]\]")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Text:
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Graded:
    """`grade`: `clear` is to be found at every strength, `likely` from MEDIUM on, `faint` at HIGH, `none` never."""

    language: str
    type: str
    grade: str
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its marks, and the spans (type, start, end) that they were around."""

    language: str
    text: str
    spans: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Words:
    language: str
    found: list[str] = field(default_factory=list)
    clean: list[str] = field(default_factory=list)
    profane: list[str] = field(default_factory=list)
    polite: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    definition: str
    examples: list[str]
    about: dict[str, list[str]]
    near: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Blind:
    """Of content, half is the harmless counterpart of the other half. `before` are lines: what judges scored that were
    there when it was written.
    """

    attacks: list[Text]
    ordinary: list[Text]
    content: list[Graded]
    topics: list[Topic]
    before: list[str]


@dataclass(frozen=True, slots=True)
class Passage:
    """`data/grounding.toml` says what each list of answers is."""

    language: str
    query: str
    source: str
    supported: list[str]
    number: list[str]
    entity: list[str]
    negated: list[str]
    invented: list[str]
    irrelevant: list[str]
    mixed: list[str]
    whole: list[str]
    relevant: list[str]
    off_topic: list[str]


def attacks() -> list[Text]:
    return _lines("attacks", Text)


def held_out_attacks() -> list[Text]:
    """Written later, before any judge was asked about them, and never fitted to."""
    return _lines("attacks_held_out", Text)


def ordinary() -> list[Text]:
    return _lines("ordinary", Text)


def content() -> list[Graded]:
    return _lines("content", Graded)


def sensitive() -> list[Marked]:
    return [_marked(each) for each in _lines("pii", Text)]


def names() -> list[Marked]:
    return [_marked(each) for each in _lines("names", Text)]


def words() -> tuple[list[str], list[Words]]:
    """The custom list, and the cases."""
    read = _toml("words")
    return msgspec.convert(read["words"], list[str]), msgspec.convert(read["case"], list[Words])


def topics() -> list[Topic]:
    return _topics("topics")


def blind() -> Blind:
    """Written before the judges were changed; whoever changed them saw totals alone, and those late."""
    return Blind(
        _lines("blind/attacks", Text),
        _lines("blind/ordinary", Text),
        _lines("blind/content", Graded),
        _topics("blind/topics"),
        (DATA / "blind" / "before.md").read_text(encoding="utf-8").splitlines(),
    )


def passages() -> list[Passage]:
    return msgspec.convert(_toml("grounding")["passage"], list[Passage])


def _topics(name: str) -> list[Topic]:
    return msgspec.convert(_toml(name)["topic"], list[Topic])


def _lines(name: str, row: type[Row]) -> list[Row]:
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [msgspec.json.decode(line, type=row) for line in lines]


def _toml(name: str) -> dict[str, object]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _marked(given: Text) -> Marked:
    text, last, spans = "", 0, []
    for mark in _MARK.finditer(given.text):
        text += given.text[last : mark.start()]
        spans.append((mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        last = mark.end()
    return Marked(given.language, text + given.text[last:], tuple(spans))

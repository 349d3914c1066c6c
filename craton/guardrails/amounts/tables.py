"""Words for numbers, parts and units: what `amounts.toml` holds. Tables alone: knows no text."""

import tomllib
from fractions import Fraction
from importlib import resources

import msgspec


class _Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    words: dict[str, float]
    whole: bool = False


class _Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Several words stand in one text, with space between them; the file tells what each is for."""

    about: str
    centuries: str
    clock: str
    articles: str
    counting: str
    counted: str
    nothing: str
    beside: str
    before: dict[str, str]
    behind: dict[str, str]
    scales: dict[str, float]
    parts: dict[str, str]
    numbers: dict[str, str]
    units: tuple[_Kind, ...]


class Unit(msgspec.Struct, frozen=True):
    """`size` is how many of the smallest of its kind it is; of what is `whole` there is hardly a half."""

    kind: str
    size: Fraction = Fraction(1)
    whole: bool = True


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILE = resources.files("craton.guardrails.amounts").joinpath("amounts.toml")
_TABLES = msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), _Tables)

ABOUT = _words(_TABLES.about)
CENTURIES = _words(_TABLES.centuries)
CLOCK = _words(_TABLES.clock)
ARTICLES = _words(_TABLES.articles)
COUNTING = _words(_TABLES.counting)
COUNTED = _words(_TABLES.counted)
NOTHING = _words(_TABLES.nothing)
BESIDE = _words(_TABLES.beside)
BEFORE = _TABLES.before
BEHIND = _TABLES.behind
SCALES = {word: Fraction(value) for word, value in _TABLES.scales.items()}
PARTS = {word: Fraction(value) for value, words in _TABLES.parts.items() for word in words.split()}
NUMBERS = {word: int(value) for value, words in _TABLES.numbers.items() for word in words.split()}
UNITS = {word: Unit(of.kind, Fraction(str(size)), of.whole) for of in _TABLES.units for word, size in of.words.items()}

"""Words by which statements can differ though nearly all else is alike, in English and German: what `cues.toml` holds.

Tables alone: knows no text.
"""

import tomllib
from importlib import resources

import msgspec


class _Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Several words stand in one text, with space between them; the file tells what each is for."""

    empty: str
    negations: str
    denials: str
    universal: str
    asks_who: str
    asks_when: str
    asks_amount: tuple[str, ...]
    placed: str
    german: str
    english: str
    abbreviations: str
    opposites: tuple[tuple[str, str], ...]
    exclusive: tuple[str, ...]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILE = resources.files("craton.guardrails.grounding").joinpath("cues.toml")
_TABLES = msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), _Tables)

EMPTY = _words(_TABLES.empty)
NEGATIONS = _words(_TABLES.negations)
DENIALS = tuple(_TABLES.denials.split())
UNIVERSAL = _words(_TABLES.universal)
ASKS_WHO = _words(_TABLES.asks_who)
ASKS_WHEN = _words(_TABLES.asks_when)
ASKS_AMOUNT = _TABLES.asks_amount
PLACED = _words(_TABLES.placed)
GERMAN = _words(_TABLES.german)
ENGLISH = _words(_TABLES.english)
ABBREVIATIONS = _words(_TABLES.abbreviations)
OPPOSITES = tuple((_words(one), _words(other)) for one, other in _TABLES.opposites)
EXCLUSIVE = tuple(map(_words, _TABLES.exclusive))
# Days and months, which tell when.
TIMES = tuple(kind for kind in EXCLUSIVE if kind & {"monday", "montag", "january", "januar"})
# Where one clause ends and another begins.
CLAUSE = r"[,;:()]|\s[–-]\s|\b(?:because|but|while|whereas|although|since|weil|aber|jedoch|sondern|obwohl|während|da)\b"

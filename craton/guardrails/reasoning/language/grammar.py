"""The words of English and German that hold sentences together, as patterns, and those that tell what a text is about.

What `grammar.toml` holds. Knows no sentence.
"""

import re
import tomllib
from importlib import resources

from craton.guardrails.amounts.tables import BEFORE, BEHIND
from craton.guardrails.grounding import cues
from craton.guardrails.grounding.words import stem
from craton.guardrails.reasoning.language.statements import Mood

_TABLES = tomllib.loads(
    resources.files("craton.guardrails.reasoning.language").joinpath("grammar.toml").read_text(encoding="utf-8")
)
_STEM, _SHORT = 5, 3


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


class _Words:
    """The tables, as patterns of whole words."""

    def __getattr__(self, name: str) -> re.Pattern[str]:
        if name not in _TABLES["words"]:
            raise AttributeError(name)
        pattern = _any(_TABLES["words"][name])
        setattr(self, name, pattern)
        return pattern


WORDS = _Words()
ROLES = _any("|".join(f"(?P<{role}>{words})" for role, words in _TABLES["roles"].items()))
RELATIVE = re.compile(rf"\s{WORDS.relatives.pattern}\s|,\s{WORDS.german_relatives.pattern}\s", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
VERBS = _any(f"{_TABLES['words']['verbs']}|{_TABLES['words']['measuring']}")
_COMPARING = frozenset(WORD.findall(" ".join([*BEFORE.values(), *BEHIND.values()]))) - {"older", "younger"}
_EMPTY = cues.EMPTY | cues.NEGATIONS | cues.UNIVERSAL | _COMPARING


def stems(text: str) -> frozenset[str]:
    """The words that say what a text is about, by their beginnings."""
    words = {each.casefold() for each in WORD.findall(text)} - _EMPTY
    joining = (WORDS.permits, WORDS.demands, WORDS.verbs)
    return frozenset(_begun(stem(each)) for each in words if not any(one.fullmatch(each) for one in joining))


def _begun(word: str) -> str:
    return word[:-1] if _SHORT < len(word) < _STEM and word.endswith("s") else word[:_STEM]


def mood(text: str) -> Mood:
    """Whether words tell what is so, is allowed, or must be."""
    if WORDS.permits.search(text) or WORDS.forbids.search(text):
        return Mood.PERMISSION
    return Mood.DEMAND if WORDS.demands.search(text) else Mood.FACT

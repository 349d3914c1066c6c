"""The words that every text of a language is full of and that say nothing of what it is about. Knows no grammar."""

from collections.abc import Iterator, Mapping
from importlib.resources import files


def _sections() -> Iterator[tuple[str, frozenset[str]]]:
    text = (files("craton.knowledge.language") / "data" / "function_words.txt").read_text(encoding="utf-8")
    for section in text.split("[")[1:]:
        code, _, words = section.partition("]")
        yield code, frozenset(words.split())


_ALL: Mapping[str, frozenset[str]] = dict(_sections())
GERMAN, ENGLISH = _ALL["de"], _ALL["en"]
# Enough of each to tell that a text is in none of the two.
OTHERS: Mapping[str, frozenset[str]] = {code: words for code, words in _ALL.items() if code not in {"de", "en"}}

"""Which language a text is in, as far as the words of German and English go. Knows no other language by its name."""

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from craton.knowledge.language.function_words import ENGLISH, GERMAN, OTHERS

# Words of a text that are looked at: a language shows in a few.
ENOUGH = 400
_UMLAUTS = frozenset("äöüß")
# Endings that are as good as half a function word, for what is asked in two or three words.
_GERMAN = ("ung", "ungen", "keit", "heit", "lich", "schaft", "ieren", "chen")
_ENGLISH = ("ing", "ness", "ful", "ly", "ies", "tions")


class Language(Enum):
    GERMAN = "de"
    ENGLISH = "en"
    OTHER = "other"
    UNKNOWN = "unknown"


def language(words: Iterable[str]) -> Language:
    """That of a text of these words, in lower case: that with most function words, and UNKNOWN where none is ahead."""
    counts = Counter(word for word, _ in zip(words, range(ENOUGH), strict=False))
    german = float(sum(number for word, number in counts.items() if word in GERMAN))
    english = float(sum(number for word, number in counts.items() if word in ENGLISH))
    other = max(sum(number for word, number in counts.items() if word in each) for each in OTHERS.values())
    if german == english:
        for word, number in counts.items():
            german += number * (0.5 * word.endswith(_GERMAN) + 0.6 * (not _UMLAUTS.isdisjoint(word)))
            english += number * 0.5 * (len(word) > 5 and word.endswith(_ENGLISH))
    if other > max(german, english) and other >= 2:
        return Language.OTHER
    if german == english:
        return Language.UNKNOWN
    return Language.GERMAN if german > english else Language.ENGLISH

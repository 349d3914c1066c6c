"""The words and letters of a text, as the heads weigh them: numbers of columns, each that of many grams.

Vectors tell what a sentence means, and blur how it says it. Its words, its pairs of words and its runs of four letters
tell that, in inflections, compounds and misspellings too. Knows no category.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

COLUMNS = 4096
_LETTERS = 4

_TOKEN = re.compile(r"\w+|[^\w\s]")
_DIGIT = re.compile(r"\d")


def columns(text: str) -> Sequence[int]:
    """One for each distinct gram, so that a column may stand there twice. Case and the values of digits are lost."""
    words = _TOKEN.findall(_DIGIT.sub("0", text.lower()))
    line = f" {' '.join(words)} "
    found = {f"w{word}" for word in words}
    found.update(f"{one} {other}" for one, other in pairwise(words))
    found.update(line[begin : begin + _LETTERS] for begin in range(len(line) - _LETTERS + 1))
    return [crc32(gram.encode()) % COLUMNS for gram in found]

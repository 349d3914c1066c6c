"""The patterns of the service models, as the real service applies them: to the whole text.

The published models have lost the outer `^` and `$` of most patterns: AWS refuses 'Complete Session' for
`[a-zA-Z0-9_-]+`. Knows nothing of shapes.
"""

from collections.abc import Callable
from functools import cache, lru_cache, partial

import regex

from craton.errors import ValidationException

LIMIT = 0.05
"""Seconds for one comparison. Some of AWS's patterns repeat what already repeats, such as `(-*[a-z-])*`, and could
backtrack for ever."""

_SHORT = 256  # characters of a text, such as an id, that is likely to come again
_REMEMBERED = 128

_REPETITION = regex.compile(r"[*+{]")


@cache
def matcher(pattern: str) -> Callable[[str], bool]:
    """A test whether all of a text fits. It raises ValidationException where that cannot be told in reasonable time."""
    # \d and \w mean ASCII to AWS; under that flag, \p{L} would too.
    compiled = regex.compile(pattern, 0 if regex.search(r"\\[pP]", pattern) else regex.ASCII)
    if len(_REPETITION.findall(pattern)) < 2:
        # One repetition alone is quick, and keeping time costs more than such a comparison.
        return lambda text: compiled.fullmatch(text) is not None
    remembered = lru_cache(_REMEMBERED)(partial(_match_in_time, compiled))
    return lambda text: remembered(text) if len(text) <= _SHORT else _match_in_time(compiled, text)


def _match_in_time(compiled: regex.Pattern[str], text: str) -> bool:
    try:
        return compiled.fullmatch(text, timeout=LIMIT) is not None
    except TimeoutError:
        raise ValidationException(
            f"The value {text[:100]!r} takes too long to compare with the pattern {compiled.pattern}. "
            "Send a shorter or simpler value."
        ) from None

"""Custom regular expressions, in time that grows with the text alone: RE2 has no pattern that makes it hang.

Knows no policy and no action.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

import re2

# What a compiled pattern may use, its cache of states included; RE2 refuses what needs more.
_MEMORY = 4 << 20
# Patterns of more steps may take tens of milliseconds for a thousand characters, never more: theirs is a thread.
_SLOW = 1_000

_CONSTRUCTS = (
    (r"\(\?<?[=!]", "a look-around ({})"),
    (r"\\[1-9]|\(\?P=\w*\)?|\\[kg][<{]", "a back-reference ({})"),
    (r"\(\?>", "an atomic group ({})"),
    (r"[*+?}]\+", "a possessive quantifier ({})"),
    (r"\(\?\(", "a conditional ({})"),
    (r"\(\?#", "a comment ({})"),
    (r"\(\?[a-zA-Z]*x", "the extended (verbose) flag ({})"),
    (r"\(\?(?:R|\d|&|P>)", "a recursion ({})"),
    (r"\\[ZGKRXhH]", "the escape {}"),
)


class Expression:
    """A compiled pattern. Raises ValueError, with a sentence that names what RE2 cannot take."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        try:
            self._compiled = re2.compile(pattern.encode(), options)
        except UnicodeEncodeError:
            raise ValueError(
                f"The pattern {pattern!r} holds half of a surrogate pair, which is no character."
            ) from None
        except re2.error as error:
            raise ValueError(_why(pattern, error.args[0].decode(errors="replace"))) from None

    @property
    def slow(self) -> bool:
        """Whether to search in a thread; RE2 lets others run meanwhile."""
        return bool(self._compiled.programsize > _SLOW)

    def find(self, text: "Encoded") -> list[tuple[int, int]]:
        """Where it matches, in characters; matches of nothing are left out."""
        spans = (match.span() for match in self._compiled.finditer(text.data))
        return [(text.characters(start), text.characters(end)) for start, end in spans if start < end]


class Encoded:
    """A text as RE2 reads it, in UTF-8; counts in characters what RE2 counts in bytes."""

    def __init__(self, text: str) -> None:
        self.data = text.encode(errors="replace")
        self._starts: Sequence[int] = ()
        if len(text) != len(self.data):
            self._starts = [place for place, byte in enumerate(self.data) if byte & 0xC0 != 0x80]

    def characters(self, place: int) -> int:
        return bisect_left(self._starts, place) if self._starts else place


def refused(pattern: str) -> str | None:
    """Why a guardrail cannot take this pattern, as a sentence that names the construct; None where it can."""
    try:
        Expression(pattern)
    except ValueError as error:
        return str(error)
    return None


def _why(pattern: str, reason: str) -> str:
    unescaped = re.sub(r"\\\\", "  ", pattern)
    for construct, name in _CONSTRUCTS:
        if found := re.search(construct, unescaped):
            return (
                f"The pattern {pattern!r} holds {name.format(found.group())}, which is not supported: "
                "patterns are matched by RE2, in linear time. Write it without; "
                "https://github.com/google/re2/wiki/Syntax tells what it can take."
            )
    if "too large" in reason:
        return (
            f"The pattern {pattern!r} needs too much memory when its repetitions are unfolded. Lower the counts in its "
            "braces, or repeat smaller classes of characters."
        )
    return (
        f"The pattern {pattern!r} is not a regular expression that RE2 can take: {reason}. "
        "See https://github.com/google/re2/wiki/Syntax."
    )

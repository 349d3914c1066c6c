"""Which of many expressions may match in a text, found in one pass by an automaton of RE2.

Most texts hold little of what is looked for, and to search for each of a hundred kinds costs far more than to see that
it cannot be there. Knows no kind of data and no policy.
"""

import re
from collections.abc import Sequence

import re2

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.expressions.relaxed import relaxed

# What an automaton may use. It is built as texts need it, and begins anew where it would need more.
_MEMORY = 16 << 20
# Letters that Python takes for others where case does not count, and RE2 does not.
_CASED = ("ı", "İ")


class Sieve:
    """Of expressions by their places. Those that tell cases apart and those that do not have an automaton each: what
    numbers look like and what words stand before them make few states apart, and many together.
    """

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._all = frozenset(range(len(expressions)))
        cased = [place for place in self._all if not expressions[place].flags & re.IGNORECASE]
        self._parts = [_Part(expressions, places) for places in (cased, sorted(self._all.difference(cased))) if places]

    def passed(self, text: str) -> frozenset[int]:
        """The places of those that may match; the others do not."""
        if any(letter in text for letter in _CASED):
            text = text.replace("ı", "i").replace("İ", "i")
        data = text.encode(errors="replace")
        return frozenset().union(*(part.passed(data) for part in self._parts))


class _Part:
    def __init__(self, expressions: Sequence[Expression], places: Sequence[int]) -> None:
        options = re2.Options()
        options.max_mem = _MEMORY
        options.never_capture = True
        self._places = places
        self._set = re2.Set.SearchSet(options)
        for place in places:
            self._set.Add(relaxed(expressions[place].pattern, expressions[place].flags))
        self._always = self._set.Add("")
        self._set.Compile()

    def passed(self, data: bytes) -> Sequence[int]:
        matched = self._set.Match(data) or ()
        if self._always not in matched:  # RE2 has given up, and says so in no other way
            return self._places
        return [self._places[number] for number in matched if number != self._always]

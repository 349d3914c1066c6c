import random
import re

import pytest

from craton.engines.grammar.texts.languages import accepts
from craton.engines.grammar.texts.patterns import PatternError, language_of
from tests.engines.grammar.schemas import PATTERNS

MORE = [
    *PATTERNS,
    "^a|b$",
    "^(?:a|b)+?c*?$",
    "(^a|b)c",
    "a(b$|c$)",
    "^$",
    "",
    "^(a*)*$",
    "^(a|b|)*c$",
    r"^\x41\u0042\/\-\.$",
    r"[\]\-a]",
    "[a-c-]",
    "^[^\\W\\d]+$",
    "^{a}$",
    "a{2}b{1,}",
    "^(?<year>[0-9]{2})$",
    "^(?!.*aa)[ab]*$",
    "^(?=.{2,3}$)a*b*$",
    r"^\cJ|\t$",
]


@pytest.mark.parametrize("pattern", MORE)
def test_patterns_find_what_others_find(pattern: str) -> None:
    chance = random.Random(pattern)
    # Python writes named groups differently, and knows no \c.
    other = re.compile(pattern.replace("(?<year>", "(?P<year>").replace(r"\cJ", r"\n"), re.ASCII)
    language = language_of(pattern)
    texts = ["".join(chance.choices("aabbc01AB/-.{}x ]\t_", k=chance.randint(0, 6))) for _ in range(400)]
    for text in [*texts, "", "a", "ab", "AB/-.", "{a}", "aab", "aaab", "12"]:
        assert accepts(language, text) == bool(other.search(text)), text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"^\d$", "٣"), (r"^\D$", "٣"), (r"^\w$", "é"), (r"^\W$", "é"), (r"^\s$", "\ufeff"), ("^a$", "a\n")],
)
def test_where_readers_of_patterns_differ_nobody_may_object(pattern: str, text: str) -> None:
    assert not accepts(language_of(pattern), text)


def test_the_wide_reading_has_what_some_readers_find() -> None:
    assert all(accepts(language_of(r"^\d$", wide=True), text) for text in ("1", "٣", "1\n"))
    assert not accepts(language_of(r"^[^\d]$"), "٣")
    assert accepts(language_of(r"^[^\d]$", wide=True), "٣")


@pytest.mark.parametrize(
    "pattern", [r"\1", "a**", "a++", "(?i)a", "(?<!a)", "x(?=y)", "a^b", "[]", "[b-a]", r"\p{L}", "a)", "{1}"]
)
def test_what_is_not_supported_is_said(pattern: str) -> None:
    with pytest.raises(PatternError, match=r"\.$"):
        language_of(pattern)

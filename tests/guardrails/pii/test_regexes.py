"""Custom regular expressions: where they match, what is refused and why, and that none can hang."""

import pytest

from craton.guardrails.findings import Source, Window
from craton.guardrails.pii import judge
from craton.guardrails.pii.regexes import Encoded, Expression, refused
from tests.guardrails.pii.finding import Seen


def matches(pattern: str, text: str) -> list[str]:
    return [text[start:end] for start, end in Expression(pattern).find(Encoded(text))]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"EMP-\d{6}", "EMP-123456 und EMP-654321", ["EMP-123456", "EMP-654321"]),
        (r"(?i)projekt \p{L}+", "Größe: PROJEKT Ölfaß, projekt été", ["PROJEKT Ölfaß", "projekt été"]),
        (r"\bB\d+\b", "ÄÖÜ 😀 B12 😀😀 B345", ["B12", "B345"]),
        (r"^\d{3}$", "123", ["123"]),
        (r"x*", "ab xx", ["xx"]),  # matches of nothing tell nothing
        ("ü", "u\u0308ü", ["ü"]),
        (r"a(?P<n>b+)c", "xabbc", ["abbc"]),
    ],
)
def test_matches_stand_at_characters_not_bytes(pattern: str, text: str, expected: list[str]) -> None:
    assert matches(pattern, text) == expected


def test_half_a_surrogate_pair_in_a_text_moves_nothing() -> None:
    assert matches("b+", "\ud800a\udfffbb") == ["bb"]


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        (r"(?=a)b", "a look-around ((?=)"),
        (r"(?<!x)b", "a look-around ((?<!)"),
        (r"(a)\1", r"a back-reference (\1)"),
        (r"(?P<q>a)(?P=q)", "a back-reference ((?P=q))"),
        (r"(?>a)b", "an atomic group"),
        (r"a++b", "a possessive quantifier"),
        (r"(a)?(?(1)b|c)", "a conditional"),
        (r"a\Z", r"the escape \Z"),
        (r"a(?#comment)", "a comment"),
        (r"(unclosed", "missing )"),
        (r"*a", "no argument for repetition operator"),
        (r"\pL{1000}\pL{1000}", "too much memory"),
        ("\ud800", "surrogate"),
    ],
)
def test_what_cannot_be_taken_is_named(pattern: str, named: str) -> None:
    why = refused(pattern)
    assert why
    assert named in why
    assert why.endswith(".")


def test_what_looks_like_a_refused_construct_and_is_none() -> None:
    assert refused(r"\\1 [(?=] a\+ \d{3}-\d{2}") is None


def test_what_matches_everywhere_is_found_everywhere() -> None:
    assert len(matches(r"\d", "7" * 1300)) == 1300


def test_a_pattern_that_would_hang_others_ends() -> None:
    assert matches(r"(a+)+$", "a" * 20_000 + "b") == []
    assert matches(r"(a|aa)+b", "a" * 20_000) == []


async def test_a_slow_pattern_finds_what_it_would_and_lets_others_run() -> None:
    policy = {"regexes": [{"name": "far", "pattern": r"(?:.{1,50}a){1,10}b", "action": "ANONYMIZE"}]}
    slow = judge(policy, Source.INPUT, Seen())
    assert slow
    [finding] = await slow.judge([Window("x" * 30 + "ab")])
    assert (finding.start, finding.end, finding.mask) == (0, 32, "{far}")

"""A sieve lets through every expression that matches: for all that personal data is recognised by, and for others."""

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.expressions.relaxed import relaxed
from craton.guardrails.expressions.sieve import Sieve
from craton.guardrails.pii.detector import RECOGNIZERS
from craton.guardrails.pii.recognizers.recognizer import Text

PERSONAL = [recognizer.pattern for recognizer in RECOGNIZERS]
SIEVE = Sieve(PERSONAL)
PIECES = """
DE89 3704 0044 0532 0130 00
4111 1111 1111 1111
4111-1111-1111-1111
+49 30 1234567
(089) 12 34 56
0171/1234567
078-05-1120
86 095 742 719
anna@example.de
anna (at) example.de
https://example.org/a?b=c
www.example.org
10.0.0.1
fe80::1
00:1a:2b:3c:4d:5e
AKIAIOSFODNN7EXAMPLE
password: hunter2x
Kennwort lautet Geheim#1
PIN: 1234
PIN lautet 4321
gültig bis 12/27
CVV 123
M-AB 1234
Kennzeichen B XY 99
WVWZZZ1JZXW000001
40 years old
34-jährig
I am 40.
Ich bin 40.
Herr Dr. Müller
Dear Anna,
mein Name ist Anna Voß
Hauptstraße 12, 10115 Berlin
12 Main Street
P.O. Box 123
NHS 943 476 5919
AB 12 34 56 C
BIC COBADEFFXXX
user name: jd_77
@jd on twitter
Steuernummer 12/345/67890
""".strip().splitlines()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_a_pattern_matches_passes(data: st.DataObject) -> None:
    """Of each pattern a text of hypothesis's making, in which it is found."""
    place = data.draw(st.integers(0, len(PERSONAL) - 1))
    expression = PERSONAL[place]
    made = data.draw(st.from_regex(re.compile(expression.pattern, expression.flags)))
    assert place in SIEVE.passed(made)


def test_nothing_is_lost_where_pieces_of_personal_data_meet() -> None:
    made = random.Random(3)
    for _ in range(300):
        text = made.choice(" ,.\n-").join(made.choices(PIECES, k=made.randrange(1, 5)))
        start = made.randrange(len(text))
        text = text[start : made.randrange(start, len(text) + 1)]
        passed = SIEVE.passed(text)
        for place, recognizer in enumerate(RECOGNIZERS):
            if place not in passed:
                assert not [*recognizer.find(Text(text))], (text, PERSONAL[place].pattern)


def test_an_ordinary_text_passes_few() -> None:
    assert len(SIEVE.passed("Could you tell me how the weather will be in the mountains tomorrow?")) <= 2


@pytest.mark.parametrize(
    ("pattern", "there", "not_there"),
    [
        (r"(?<!\w)\d{3}([ -])\d{3}\1\d{3}(?![\w-])", ["123-456-789", "ä 123 456 789."], ["123456789", "1234-567-8901"]),
        (r"(?<![^\W_])ab(?!\d)", ["ab", "_ab_", "-ab"], ["cab", "ab1"]),
        (r"a(?P<v>b|c)(?=d)\b", ["abd", "ac"], ["ad"]),
        (r"[^\s@]+@[\w.-]{1,64}", ["jörg@müller.de"], ["jörg @ müller"]),
    ],
)
def test_what_becomes_of_a_pattern(pattern: str, there: list[str], not_there: list[str]) -> None:
    sieve = Sieve([Expression(pattern)])
    assert all(sieve.passed(text) for text in there)
    assert not any(sieve.passed(text) for text in not_there)


def test_case_and_letters_that_only_python_takes_for_others() -> None:
    assert Sieve([Expression("pin", re.IGNORECASE)]).passed("PIN")
    assert Sieve([Expression("pin", re.IGNORECASE)]).passed("pın PİN")
    assert not Sieve([Expression("pin")]).passed("PIN")


def test_often_is_for_ever() -> None:
    assert relaxed("a{2,3}b{1,64}c{40}") == "a{2,3}b{1,}c{40}"

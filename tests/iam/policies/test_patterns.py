import time

import pytest

from craton.iam.policies import patterns
from craton.iam.policies.patterns import Matcher
from tests.iam.policies.written import MODEL, asked, policy, statement


def compiled(text: str, compile: object = patterns.glob) -> Matcher:
    fixed = patterns.fixed(patterns.read(text, variables=True, wild=True))
    assert fixed is not None
    assert callable(compile)
    matcher: Matcher = compile(fixed)
    return matcher


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("a", "ab", False),
        ("a*", "a", True),
        ("*a", "ba", True),
        ("a*a", "a", False),
        ("a*b*c", "aXbXbc", True),
        ("a*b*c", "acb", False),
        ("*ab*ba*", "aba", False),
        ("?", "", False),
        ("?", "\n", True),
        ("a?c", "abc", True),
        ("*?", "", False),
        ("*??", "ab", True),
        ("*?*?", "a", False),
        ("?*b?", "abbc", True),
        ("*b?*", "ab", False),
        ("*.?+*", "x.y+z", True),
        ("[ab]", "a", False),
        ("a${*}b", "a*b", True),
        ("a${*}b", "axb", False),
        ("a${?}${$}", "a?$", True),
    ],
)
def test_wildcards(pattern: str, text: str, matches: bool) -> None:
    assert compiled(pattern)(text) is matches


@pytest.mark.parametrize(
    ("pattern", "arn", "matches"),
    [
        # A star within a field keeps to it; one at the end of a field runs on beyond colons (Resource element).
        ("arn:aws:bedrock:*::foundation-model/*", MODEL, True),
        ("arn:aws:bedrock:eu-*-1::foundation-model/*", MODEL, True),
        ("arn:aws:bedrock:e*l-1::foundation-model/*", "arn:aws:bedrock:e:l-1::foundation-model/x", False),
        ("arn:aws:bedrock:*", MODEL, True),
        ("arn:aws:bedrock:*:foundation-model/*", MODEL, True),
        ("arn:aws:bedrock:*:prompt/*", MODEL, False),
        ("arn:aws:bedrock:eu-central-?::foundation-model/*", MODEL, True),
        ("arn:aws:bedrock:eu-central-1?:foundation-model/*", MODEL, False),
        ("arn:aws:bedrock:e?-*:*:foundation-model/*", MODEL, True),
        ("arn:aws:bedrock:e?-*", MODEL, True),
        ("arn:aws:bedrock:e?-central-1", MODEL, False),
        # After the fifth colon wildcards match everything.
        ("arn:aws:bedrock:eu-central-1::foundation-model/*v1?0", MODEL, True),
        ("arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/1/2/test/3/object.jpg", True),
        ("arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket//test/object.jpg", True),
        ("arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/1-test/object.jpg", False),
        ("arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/test/object.jpg", False),
    ],
)
def test_resources(pattern: str, arn: str, matches: bool) -> None:
    assert compiled(pattern, patterns.resource)(arn) is matches


@pytest.mark.parametrize(
    ("pattern", "arn", "matches"),
    [
        # The example of the page on condition operators: ArnLike looks at each part by itself.
        (
            "arn:aws:someservice:*:111122223333:finance/*",
            "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
            False,
        ),
        ("arn:aws:sns:*:123456789012:TOPIC-*", "arn:aws:sns:us-west-2:123456789012:TOPIC-ID", True),
        ("arn:aws:sns:*:123456789012:*", "arn:aws:sns:us-west-2:123456789012:a:b", True),
        ("arn:*:*:*:*:*", "not an arn", False),
        ("arn:aws:*", "arn:aws:s3:::bucket", False),
    ],
)
def test_arns_part_by_part(pattern: str, arn: str, matches: bool) -> None:
    assert compiled(pattern, patterns.arn)(arn) is matches


@pytest.mark.parametrize(
    "pattern",
    [
        "arn:aws:bedrock:::" + "*a" * 2000 + "b",
        "arn:aws:bedrock:::" + "*?a?" * 1000 + "b",
        "arn:aws:bedrock:::" + "*" + "a?" * 300 + "b*",
        "arn:aws:bedrock:a?*:" + "*:*" * 3 + "b",
        "arn:aws:bedrock:" + "*a?" * 1000 + ":b",
    ],
)
def test_hostile_patterns_take_no_time(pattern: str) -> None:
    one = policy(statement(resource=pattern))
    started = time.perf_counter()
    for resource in (
        "arn:aws:bedrock:::" + "a" * 2000,
        "arn:aws:bedrock:" + "aa:" * 700,
        "arn:aws:bedrock:" + ":" * 2000,
    ):
        assert not one.allows(asked(resource=resource))
    assert time.perf_counter() - started < 5  # a backtracking matcher would take years


def test_variables_are_text_not_patterns() -> None:
    mine = policy(statement(resource="arn:aws:bedrock:*:*:prompt/${aws:username}/*"))
    prompt = "arn:aws:bedrock:eu-central-1:123456789012:prompt/"
    assert mine.allows(asked(resource=prompt + "ada/x", keys={"AWS:UserName": ["ada"]}))
    assert not mine.allows(asked(resource=prompt + "bob/x", keys={"aws:username": ["ada"]}))
    assert not mine.allows(asked(resource=prompt + "ada/x", keys={"aws:username": ["*"]}))
    assert mine.allows(asked(resource=prompt + "*/x", keys={"aws:username": ["*"]}))


def test_a_variable_without_a_value() -> None:
    """Such a resource matches nothing, so NotResource excepts nothing; a default stands in ("no value")."""
    prompt = "arn:aws:bedrock:eu-central-1:123456789012:prompt/ada"
    pattern = "arn:aws:bedrock:*:*:prompt/${aws:PrincipalTag/name}"
    several = {"aws:PrincipalTag/name": ["ada", "bob"]}
    for keys in ({}, several):
        assert not policy(statement(resource=pattern)).allows(asked(resource=prompt, keys=keys))
        assert policy(statement(resource=None, NotResource=pattern)).allows(asked(resource=prompt, keys=keys))
    named = policy(statement(resource=pattern.replace("}", ", 'ada'}")))
    assert named.allows(asked(resource=prompt))
    assert not named.allows(asked(resource=prompt, keys={"aws:principaltag/NAME": ["bob"]}))


def test_variables_are_literal_text_in_the_old_version() -> None:
    old = policy(statement(resource="arn:aws:s3:::${aws:username}"), version="2008-10-17")
    assert old.allows(asked(resource="arn:aws:s3:::${aws:username}", keys={"aws:username": ["ada"]}))
    assert not old.allows(asked(resource="arn:aws:s3:::ada", keys={"aws:username": ["ada"]}))

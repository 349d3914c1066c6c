from typing import NoReturn

import pytest

from tests.iam.policies.written import asked, policy, statement


def holds(operator: str, wanted: object, *values: str, key: str = "k:ey") -> bool:
    """Whether a condition holds for a request whose key has these values."""
    one = policy(statement(Condition={operator: {"k:ey": wanted}}))
    return bool(one.allows(asked(keys={key: values, "aws:username": ["ada"]})))


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", ["b", "a"], "a", True),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "${aws:username}", "ada", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringEqualsIgnoreCase", "Ä-b", "ä-B", True),
        ("StringEqualsIgnoreCase", "x${AWS:USERNAME}", "XADA", True),
        ("StringNotEqualsIgnoreCase", "a", "A", False),
        ("StringLike", ["t1.*", "t2.?"], "t2.x", True),
        ("StringLike", "home/${aws:username}/*", "home/ada/x", True),
        ("StringLike", "", "", True),
        ("StringLike", "a", "A", False),
        ("StringNotLike", "t1.*", "t1.x", False),
        ("NumericEquals", 10, "10.0", True),
        ("NumericEquals", "10", "ten", False),
        ("NumericNotEquals", "10", "ten", True),
        ("NumericNotEquals", "10", "+10", False),
        ("NumericLessThan", "10", "9.99", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "-1", "0", True),
        ("NumericGreaterThanEquals", ["99", "5"], "5", True),
        ("DateEquals", "2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", True),
        ("DateEquals", "1769860800", "2026-01-31T12:00:00Z", True),
        ("DateNotEquals", "2026-01-31", "2026-01-31T00:00:00Z", False),
        ("DateLessThan", "2026-02", "2026-01-31T23:59:59.999Z", True),
        ("DateLessThan", "2026", "soon", False),
        ("DateLessThanEquals", "2026-01-01T00:00Z", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1Z", True),
        ("DateGreaterThanEquals", "2026", "1767225600", True),
        ("Bool", "true", "TRUE", True),
        ("Bool", True, "true", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", True),
        ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "ASIAIOSFODNN7EXAMPLE", False),
        ("BinaryEquals", "YWRh", "no base64", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.1", True),
        ("IpAddress", "203.0.113.0/24", "198.51.100.1", False),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
        ("IpAddress", "203.0.113.0/24", "::ffff:203.0.113.9", True),
        ("IpAddress", "0.0.0.0/0", "::1", False),
        ("IpAddress", "0.0.0.0/0", "unknown", False),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.9", False),
        ("NotIpAddress", "203.0.113.0/24", "10.0.0.1", True),
        ("ArnEquals", "arn:aws:sns:*:1:t", "arn:aws:sns:eu-central-1:1:t", True),
        ("ArnLike", "arn:aws:iam::1:role/${aws:username}", "arn:aws:iam::1:role/ada", True),
        ("ArnNotEquals", "arn:aws:sns:us-west-2:1:t", "arn:aws:sns:us-west-2:2:t", True),
        ("ArnNotLike", "arn:aws:sns:*:1:t", "arn:aws:sns:us-west-2:1:t", False),
    ],
)
def test_operators(operator: str, wanted: object, value: str, expected: bool) -> None:
    assert holds(operator, wanted, value) is expected
    assert holds(f"{operator}IfExists", wanted, value) is expected


VALUES = {
    "String": "a",
    "Numeric": "1",
    "Date": "2026",
    "Bool": "true",
    "Binary": "YQ==",
    "IpAddress": "10.0.0.1",
    "NotIpAddress": "10.0.0.1",
    "Arn": "arn:aws:s3:::b",
}


@pytest.mark.parametrize(
    "operator",
    [
        *("StringEquals", "StringEqualsIgnoreCase", "StringLike", "NumericEquals", "NumericLessThan", "DateEquals"),
        *("DateGreaterThan", "Bool", "BinaryEquals", "IpAddress", "ArnEquals", "ArnLike"),
        *("StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "NumericNotEquals", "DateNotEquals"),
        *("NotIpAddress", "ArnNotEquals", "ArnNotLike"),
    ],
)
def test_a_key_that_is_absent(operator: str) -> None:
    """It matches nothing, so what asks for no match holds; set operators have rules of their own."""
    wanted = next(value for family, value in VALUES.items() if operator.startswith(family))
    assert holds(operator, wanted) is ("Not" in operator)
    assert holds(f"{operator}IfExists", wanted)
    assert holds(f"ForAllValues:{operator}", wanted)
    assert not holds(f"ForAnyValue:{operator}", wanted)
    assert holds(f"ForAnyValue:{operator}IfExists", wanted)


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "x"), False),
        ("ForAnyValue:StringEquals", ("x", "b"), True),
        ("ForAnyValue:StringEquals", ("x", "y"), False),
        ("ForAllValues:StringNotEquals", ("x", "y"), True),
        ("ForAllValues:StringNotEquals", ("x", "a"), False),
        ("ForAnyValue:StringNotEquals", ("x", "a"), True),
        ("ForAnyValue:StringNotEquals", ("a", "b"), False),
        # "a null dataset, such as an empty string"
        ("ForAllValues:StringEquals", ("",), True),
        ("ForAnyValue:StringNotEquals", ("",), False),
        ("ForAnyValue:StringNotEqualsIfExists", ("",), False),
        # Without a set operator one value that matches is a match.
        ("StringEquals", ("x", "a"), True),
        ("StringNotEquals", ("x", "a"), False),
    ],
)
def test_keys_with_several_values(operator: str, values: tuple[str, ...], expected: bool) -> None:
    assert holds(operator, ["a", "b"], *values) is expected


def test_null() -> None:
    for empty in ((), ("",)):
        assert holds("Null", "true", *empty)
        assert not holds("Null", False, *empty)
    assert holds("Null", "false", "x")
    assert not holds("Null", True, "x")
    assert holds("Null", ["true", "false"], "x")


def test_a_variable_without_a_value_equals_nothing() -> None:
    for operator in ("String{}Equals", "String{}EqualsIgnoreCase", "String{}Like", "Arn{}Like"):
        assert not holds(operator.format(""), "${aws:PrincipalTag/none}", "")
        assert holds(operator.format("Not"), "${aws:PrincipalTag/none}", "")
    assert holds("StringEquals", "${aws:PrincipalTag/none, 'a'}", "a")


def test_names_of_keys_ignore_case() -> None:
    assert holds("StringEquals", "a", "a", key="K:EY")


def test_keys_of_tags_may_have_spaces() -> None:
    tagged = policy(
        statement(Condition={"StringEquals": {"aws:RequestTag/cost center": "${aws:PrincipalTag/Cost Center}"}})
    )
    keys = {"aws:RequestTag/Cost Center": ["7"], "aws:PrincipalTag/cost center": ["7"]}
    assert tagged.allows(asked(keys=keys))
    assert not tagged.allows(asked(keys=keys | {"aws:RequestTag/Cost Center": ["8"]}))


def test_all_conditions_must_hold() -> None:
    both = policy(
        statement(
            Condition={
                "StringEquals": {"k:a": "1", "k:b": "2"},
                "Null": {"k:c": "true"},
            }
        )
    )
    keys = {"k:a": ["1"], "k:b": ["2"]}
    assert both.allows(asked(keys=keys))
    assert not both.allows(asked(keys=keys | {"k:b": ["3"]}))
    assert not both.allows(asked(keys=keys | {"k:c": ["3"]}))


def test_a_condition_is_not_looked_at_where_none_is_written() -> None:
    """The keys of a request are made when a condition asks for them."""

    class Unread(dict[str, list[str]]):
        def items(self) -> NoReturn:
            raise AssertionError("the keys were read")

    assert policy(statement()).allows(asked(keys=Unread()))

"""The element Condition: every operator of the IAM User Guide, compiled. Knows neither actions nor resources.

A key that the request does not have matches nothing, so that an operator such as StringNotEquals, which asks for no
match, holds. Of a key with several values and no set operator, one that matches is a match.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar

from craton.iam.policies import patterns, values
from craton.iam.policies.malformed import MalformedPolicy
from craton.iam.policies.patterns import Fixed, Keys, Matcher, Pattern

Condition = Callable[[Keys], bool]
Test = Callable[[str, Keys], bool]  # whether a value of the request matches one of the policy's
Build = Callable[[Sequence[str], bool], Test]  # from the policy's values, and whether its version knows variables
Value = TypeVar("Value")

_EVERY = "ForAllValues"
_SOME = "ForAnyValue"
_IF_EXISTS = "IfExists"


def read(element: object, place: str, *, variables: bool) -> tuple[Condition, ...]:
    """The conditions of a statement, all of which must hold."""
    if not isinstance(element, dict):
        raise MalformedPolicy(f"{place} must be an object of operators, each with its keys and their values.")
    found: list[Condition] = []
    for name, keys in element.items():
        if not isinstance(keys, dict):
            raise MalformedPolicy(f"{place}.{name} must be an object of condition keys and their values.")
        for key, listed in keys.items():
            where = f"{place}.{name}.{key}"
            if ":" not in key:
                raise MalformedPolicy(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. "
                    f"{place}.{name} has the key {key!r}."
                )
            found.append(_condition(name, key.lower(), _texts(listed, where), where, variables))
    return tuple(found)


def _texts(listed: object, place: str) -> list[str]:
    written: list[object] = listed if isinstance(listed, list) else [listed]
    texts = [
        str(value).lower() if isinstance(value, bool) else value for value in written if isinstance(value, bool | str)
    ]
    if len(texts) < len(written):
        raise MalformedPolicy(f"{place} must be a string, a number, true or false, or a list of such.")
    if not texts:
        raise MalformedPolicy(f"{place} has no values; give at least one.")
    return texts


def _condition(name: str, key: str, texts: list[str], place: str, variables: bool) -> Condition:
    if name == "Null":
        return _null(key, texts, place)
    set_operator, colon, plain = name.rpartition(":")
    lenient = plain.endswith(_IF_EXISTS)
    plain = plain.removesuffix(_IF_EXISTS)
    if plain not in _OPERATORS or set_operator not in ((_EVERY, _SOME) if colon else ("",)):
        raise MalformedPolicy(
            f"{place}: the condition operator {name!r} is not valid. Use one such as StringEquals, with "
            f"{_EVERY}: or {_SOME}: before it and {_IF_EXISTS} after it where wanted; Null takes neither."
        )
    build, negated = _OPERATORS[plain]
    try:
        test = build(texts, variables)
    except ValueError as error:
        raise MalformedPolicy(f"{place}: {error}.") from error
    if set_operator == _EVERY:
        return partial(_every, key, test, negated)
    if set_operator == _SOME:
        return partial(_some, key, test, negated, lenient)
    return partial(_one, key, test, negated, lenient or negated)


def _one(key: str, test: Test, negated: bool, absent: bool, keys: Keys) -> bool:
    for value in (found := keys.get(key, ())):
        if test(value, keys):
            return not negated
    return negated if found else absent


def _every(key: str, test: Test, negated: bool, keys: Keys) -> bool:
    found = keys.get(key, ())
    return _nothing(found) or all(test(value, keys) is not negated for value in found)


def _some(key: str, test: Test, negated: bool, absent: bool, keys: Keys) -> bool:
    found = keys.get(key, ())
    if not found:
        return absent
    return not _nothing(found) and any(test(value, keys) is not negated for value in found)


def _null(key: str, texts: list[str], place: str) -> Condition:
    wanted = {text.lower() for text in texts}
    if not wanted <= {"true", "false"}:
        raise MalformedPolicy(f"{place} must be true, for a key that is absent, or false, for one that is there.")
    return lambda keys: ("true" if _nothing(keys.get(key, ())) else "false") in wanted


def _nothing(found: Sequence[str]) -> bool:
    """Whether a key is absent, or has no value but the empty one."""
    return not any(found)


def _matching(
    listed: Sequence[str], variables: bool, *, wild: bool, compile: Callable[[Fixed], Matcher], fold: bool
) -> Test:
    """Texts, compared as `compile` does."""
    exact: set[str] = set()
    matchers: list[Matcher] = []
    open_patterns: list[Pattern] = []
    for text in listed:
        pieces = patterns.read(text, variables=variables, wild=wild)
        fixed = patterns.fixed(pieces)
        if fixed is None:
            open_patterns.append(Pattern(pieces, compile))
        elif compile is patterns.arn and len(patterns.split(fixed)) < patterns.FIELDS:
            raise ValueError(f"{text!r} is not an ARN; write its six parts, each of which may be *")
        elif all(isinstance(piece, str) for piece in fixed) and compile is not patterns.arn:
            exact.add("".join(piece for piece in fixed if isinstance(piece, str)))
        else:
            matchers.append(compile(fixed))
    if fold:
        exact = {text.lower() for text in exact}

    def test(value: str, keys: Keys) -> bool:
        if fold:
            value = value.lower()
        return (
            value in exact
            or any(matcher(value) for matcher in matchers)
            or any(pattern.matches(value, keys) for pattern in open_patterns)
        )

    return test


def _booleans(listed: Sequence[str], variables: bool) -> Test:
    for text in listed:
        if text.lower() not in ("true", "false") and not (variables and "${" in text):
            raise ValueError(f"{text!r} is neither true nor false")
    return _matching(listed, variables, wild=False, compile=patterns.glob_ignoring_case, fold=True)


def _read_all(listed: Sequence[str], reader: Callable[[str], Value | None], kind: str) -> list[Value]:
    found: list[Value] = []
    for text in listed:
        value = reader(text)
        if value is None:
            raise ValueError(f"{text!r} is not {kind}")
        found.append(value)
    return found


def _compared(
    listed: Sequence[str],
    variables: bool,
    *,
    reader: Callable[[str], Decimal | None],
    kind: str,
    holds: Callable[[Decimal, Decimal], bool],
) -> Test:
    """Numbers or times; no variables are put in."""
    bounds = _read_all(listed, reader, kind)

    def test(value: str, keys: Keys) -> bool:
        read = reader(value)
        return read is not None and any(holds(read, bound) for bound in bounds)

    return test


def _ordered(family: str, reader: Callable[[str], Decimal | None], kind: str) -> Mapping[str, tuple[Build, bool]]:
    """The six comparisons of numbers or times."""
    return {
        family + name: (partial(_compared, reader=reader, kind=kind, holds=holds), negated)
        for name, (holds, negated) in _COMPARISONS.items()
    }


def _binaries(listed: Sequence[str], variables: bool) -> Test:
    wanted = frozenset(_read_all(listed, values.octets, "base64"))
    return lambda value, keys: values.octets(value) in wanted


def _addresses(listed: Sequence[str], variables: bool) -> Test:
    networks: list[values.Network] = _read_all(
        listed, values.network, "an IP address or a range such as 203.0.113.0/24"
    )

    def test(value: str, keys: Keys) -> bool:
        address = values.address(value)
        return address is not None and any(address.within(network) for network in networks)

    return test


_COMPARISONS: Mapping[str, tuple[Callable[[Decimal, Decimal], bool], bool]] = {
    "Equals": (operator.eq, False),
    "NotEquals": (operator.eq, True),
    "LessThan": (operator.lt, False),
    "LessThanEquals": (operator.le, False),
    "GreaterThan": (operator.gt, False),
    "GreaterThanEquals": (operator.ge, False),
}
_EQUALS: Build = partial(_matching, wild=False, compile=patterns.glob, fold=False)
_EQUALS_IGNORING_CASE: Build = partial(_matching, wild=False, compile=patterns.glob_ignoring_case, fold=True)
_LIKE: Build = partial(_matching, wild=True, compile=patterns.glob, fold=False)
_ARN: Build = partial(_matching, wild=True, compile=patterns.arn, fold=False)

# How each operator compares, and whether it asks for no match.
_OPERATORS: Mapping[str, tuple[Build, bool]] = {
    "StringEquals": (_EQUALS, False),
    "StringNotEquals": (_EQUALS, True),
    "StringEqualsIgnoreCase": (_EQUALS_IGNORING_CASE, False),
    "StringNotEqualsIgnoreCase": (_EQUALS_IGNORING_CASE, True),
    "StringLike": (_LIKE, False),
    "StringNotLike": (_LIKE, True),
    **_ordered("Numeric", values.number, "a number"),
    **_ordered("Date", values.moment, "a time such as 2026-01-31T12:00:00Z, or seconds since 1970"),
    "Bool": (_booleans, False),
    "BinaryEquals": (_binaries, False),
    "IpAddress": (_addresses, False),
    "NotIpAddress": (_addresses, True),
    "ArnEquals": (_ARN, False),
    "ArnLike": (_ARN, False),
    "ArnNotEquals": (_ARN, True),
    "ArnNotLike": (_ARN, True),
}

"""JSON values: whether two are equal, and how they are written.

Knows no schema beyond what equal means to JSON Schema: 1 and 1.0 are, 1 and true are not.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from craton.engines.grammar.gbnf.expressions import Expr, Literal, choice, sequence

_MAX_DEPTH = 50


def kind(value: Any) -> str:
    """The JSON type of a value, where a number without a fraction is an `integer` and another a `fraction`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "integer" if math.isfinite(value) and value == int(value) else "fraction"
        case str():
            return "string"
        case Mapping():
            return "object"
    return "array"


def equal(left: Any, right: Any) -> bool:
    if kind(left) != kind(right):
        return False
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(equal(value, right[key]) for key, value in left.items())
    if isinstance(left, Sequence) and not isinstance(left, str):
        return len(left) == len(right) and all(map(equal, left, right))
    return bool(left == right)


def written(value: Any) -> str | None:
    """The value as JSON in the one style that grammars have; None for one that JSON and UTF-8 cannot hold."""
    if not _is_plain(value, 0):
        return None
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))


def _is_plain(value: Any, depth: int) -> bool:
    match value:
        case None | bool() | int():
            return True
        case float():
            return math.isfinite(value)
        case str():
            return not any("\ud800" <= character <= "\udfff" for character in value)
        case Mapping():
            items = [*value, *value.values()]
            return all(isinstance(key, str) for key in value) and depth < _MAX_DEPTH and _all_plain(items, depth)
        case list() | tuple():
            return depth < _MAX_DEPTH and _all_plain(value, depth)
    return False


def _all_plain(values: Sequence[Any], depth: int) -> bool:
    return all(_is_plain(value, depth + 1) for value in values)


def one_of(texts: Sequence[str]) -> Expr:
    """One of these texts; those that begin alike share the beginning, so that few ways are open at a time."""
    return _trie(sorted(set(texts)), 0)


def _trie(texts: Sequence[str], depth: int) -> Expr:
    """The texts are sorted and differ."""
    if len(texts) < 3 or depth > _MAX_DEPTH:
        return choice(*map(Literal, texts))
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(text[:1], []).append(text)
    options = []
    for group in groups.values():
        start = _common(group[0], group[-1])
        rests = [text[len(start) :] for text in group]
        options.append(sequence(Literal(start), _trie(rests, depth + 1)) if len(group) > 1 else Literal(group[0]))
    return choice(*options)


def _common(first: str, last: str) -> str:
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]

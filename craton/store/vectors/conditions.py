"""Attributes as a database keeps them, and filters as the few tests that it then has to do. Knows no database.

An attribute is kept twice. Labels, digests of a key and a value, are what is compared for equality: a database has an
index for "one of these labels". Texts, by the digest of a key, hold the value for all other tests: numbers as digits
that sort as the numbers do, strings and lists each string behind a `START`.

No text of a chunk or a request comes into a database's language as it is: keys and labels are digests, and in values
everything that could end a literal, `NUL` and what UTF-8 does not carry is written as an `_ESCAPE` of fixed length.
Its signs stand nowhere else, so that a part of a value is a part of what is kept, and nothing else is.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from craton.store.vectors.filters import Every, Filter, Operator, Some, Test, number, texts
from craton.store.vectors.records import Value

_ESCAPE, _ZERO, _ONE, START, END = "\x01", "\x02", "\x03", "\x04", "\x05"
_SPECIAL = re.compile("[\x00-\x05'\"`\\\\\ud800-\udfff]")
_DIGITS = {ord("0"): _ZERO, ord("1"): _ONE}
Comparison = Literal[">", ">=", "<", "<="]
Kind = Literal["n", "s", "l"]  # numbers, strings, lists


@dataclass(frozen=True, slots=True)
class Labelled:
    """Has at least one of these labels."""

    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """The text under this key is so to the bound; where there is none, it is empty."""

    key: str
    comparison: Comparison
    bound: str


@dataclass(frozen=True, slots=True)
class Begins:
    """There is a text under this key that begins so."""

    key: str
    start: str


@dataclass(frozen=True, slots=True)
class Holding:
    """There is a text under this key with this within."""

    key: str
    part: str


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: Sequence["Condition"]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: Sequence["Condition"]


Condition = Labelled | Compared | Begins | Holding | Not | AllOf | AnyOf


def digest(text: str) -> str:
    """24 hexadecimal digits for a text of any kind."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def kept(attributes: Mapping[str, Value]) -> tuple[list[str], dict[str, str]]:
    """The labels of attributes, and their texts by the digests of their keys."""
    labels: list[str] = []
    under: dict[str, str] = {}
    for key, value in attributes.items():
        labels += _labels(key, value)
        if (size := number(value)) is not None:
            under[_key("n", key)] = START + _sortable(size)
        elif isinstance(value, str):
            under[_key("s", key)] = START + _escaped(value)
        elif listed := texts(value):
            under[_key("l", key)] = "".join(START + _escaped(each) for each in listed)
    return labels, under


def condition(filter: Filter) -> Condition:
    """What a filter asks of what `kept` made."""
    match filter:
        case Every(parts):
            return AllOf([condition(part) for part in parts])
        case Some(parts):
            return AnyOf([condition(part) for part in parts])
        case Test("equals" | "notEquals" as operator, key, value):
            return _turned(operator, _equal(key, [value]))
        case Test("in" | "notIn" as operator, key, value):
            among = value if isinstance(value, Sequence) and not isinstance(value, str) else []
            return _turned(operator, _equal(key, among))
        case Test("listContains", key, str(value)):
            return Labelled([_label("e", key, value)])
        case Test("startsWith", key, str(value)):
            return Begins(_key("s", key), START + _escaped(value))
        case Test("stringContains", key, str(value)):
            part = _escaped(value) or START
            return AnyOf([Holding(_key("s", key), part), Holding(_key("l", key), part)])
        case Test(operator, key, value) if operator in _COMPARISONS and (size := number(value)) is not None:
            return _compared(_key("n", key), _COMPARISONS[operator], START + _sortable(size))
        case _:
            return AnyOf([])


_COMPARISONS: Mapping[Operator, Comparison] = {
    "greaterThan": ">",
    "greaterThanOrEquals": ">=",
    "lessThan": "<",
    "lessThanOrEquals": "<=",
}


def _compared(key: str, comparison: Comparison, bound: str) -> Condition:
    compared = Compared(key, comparison, bound)
    return compared if comparison in (">", ">=") else AllOf([Compared(key, ">=", START), compared])


def _turned(operator: Operator, condition: Condition) -> Condition:
    return Not(condition) if operator in ("notEquals", "notIn") else condition


def _equal(key: str, among: Sequence[object]) -> Condition:
    """The first label of a value is that of the whole; a value of no kind that is kept equals none."""
    return Labelled([labels[0] for each in among if (labels := _labels(key, each))])


def _labels(key: str, value: object) -> list[str]:
    if isinstance(value, bool | str):
        return [_label("s" if isinstance(value, str) else "b", key, str(value))]
    if (size := number(value)) is not None:
        return [_label("n", key, _sortable(size))]
    if (listed := texts(value)) is not None:
        whole = "".join(f"{len(each)}:{each}" for each in listed)
        return [_label("l", key, whole), *(_label("e", key, each) for each in dict.fromkeys(listed))]
    return []


def _label(kind: str, key: str, value: str) -> str:
    return digest(f"{kind}{len(key)}:{key}{value}")


def _key(kind: Kind, key: str) -> str:
    return digest(kind + key)


def _sortable(size: float) -> str:
    """16 hexadecimal digits that sort as the numbers do."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", size))
    return f"{bits ^ (2**64 - 1 if bits >> 63 else 1 << 63):016x}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPE + f"{ord(found[0]):016b}".translate(_DIGITS), text)

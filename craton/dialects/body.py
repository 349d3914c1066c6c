"""Strict reading of a native body into typed structs, with refusals a caller can mend from. Knows no API's fields."""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, inspect

from craton.errors import ValidationException

T = TypeVar("T")

# A JSON object as it was decoded.
Json = Mapping[str, Any]

Count = Annotated[int, Meta(ge=1)]
Share = Annotated[float, Meta(ge=0, le=1)]
Filled = Annotated[str, Meta(min_length=1)]

# Levels of arrays and objects in a JSON text: what takes a value may go down it by calling itself.
DEEPEST = 100


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An object of a native body. Keys that are not fields are refused, as the real model families refuse them."""


def decode(text: bytes | str) -> Any:
    """The value of a JSON text. Raises ValueError that says why it is none, or none that is taken."""
    data = text.encode() if isinstance(text, str) else text
    try:
        value = msgspec.json.decode(data)
        # A text with few brackets cannot be deep, and most are not worth the walk.
        if data.count(b"[") + data.count(b"{") > DEEPEST and _is_deep(value):
            raise RecursionError
    except RecursionError:
        raise ValueError(f"arrays and objects are nested more than {DEEPEST} levels deep") from None
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    return value


def _is_deep(value: object) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def parse(type: type[T], body: object) -> T:
    """`body` (decoded JSON) as `type`, base64 text as `bytes`.

    Raises ValidationException that names the path and what is valid there.
    """
    try:
        return msgspec.convert(body, type)
    except msgspec.ValidationError as error:
        raise malformed(_sentence(str(error), type, body)) from None


def malformed(reason: str) -> ValidationException:
    """A refusal worded as the real service words it; `reason` says what is wrong and what is valid."""
    return ValidationException(f"Malformed input request: {reason}, please reformat your input and try again.")


def inexpressible(api: str, block: dict[str, Any], where: str) -> ValidationException:
    """The refusal of a content block (a dict of one key) that the other API cannot say."""
    return ValidationException(
        f"A {next(iter(block))!r} block in {where} has no form in {api}, the API this model is served in. "
        "Leave the block out or use another model."
    )


def beside(conversation: Set[str], additional: dict[str, Any]) -> dict[str, Any]:
    """The additional fields of a turn, which stand beside its conversation and never in its place: what a guardrail
    has judged is what the model gets. Raises ValidationException.
    """
    if taken := sorted(conversation & additional.keys()):
        raise ValidationException(
            f"additionalModelRequestFields may not hold {taken[0]!r}: it would replace a part of the conversation. Say "
            "it by the request's own messages, system and toolConfig."
        )
    return additional


def given(**members: object) -> dict[str, Any]:
    """The members that have a value: neither None nor an empty object."""
    return {name: value for name, value in members.items() if value is not None and value != {}}


def _sentence(error: str, type: type, body: object) -> str:
    problem, _, where = error.partition(" - at `")
    path = where.removesuffix("`") or "$"
    spot = "#" + re.sub(r"\.(\w+)|\[(.*?)\]", r"/\1\2", path[1:])
    if match := re.fullmatch(r"Object contains unknown field `(.*)`", problem):
        keys = {field.encode_name for struct in _structs(type, body, path) for field in struct.fields}
        return f"{spot}: extraneous key [{match[1]}] is not permitted; the keys here are {_listed(keys)}"
    if match := re.fullmatch(r"Object missing required field `(.*)`", problem):
        return f"{spot}: required key [{match[1]}] not found"
    if problem.startswith("Invalid value") and "." in path:
        parent = path.rpartition(".")[0]
        tags = {str(struct.tag) for struct in _structs(type, body, parent) if struct.tag is not None}
        return f"{spot}: {problem}; the values here are {_listed(tags)}" if tags else f"{spot}: {problem}"
    return f"{spot}: {problem}"


def _listed(names: set[str]) -> str:
    return ", ".join(repr(name) for name in sorted(names))


def _structs(type: type, body: object, path: str) -> list[inspect.StructType]:
    """The struct types that may stand at `path`, told apart by the tags that `body` shows."""
    types, value = list(_alternatives(inspect.type_info(type))), body
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
        types = [after for before in _fitting(types, value) for after in _step(before, key)]
        value = _child(value, key, index)
    return [t for t in _fitting(types, value) if isinstance(t, inspect.StructType)]


def _alternatives(info: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(info, inspect.UnionType):
        for each in info.types:
            yield from _alternatives(each)
    else:
        yield info


def _fitting(types: list[inspect.Type], value: object) -> list[inspect.Type]:
    fitting: list[inspect.Type] = [
        t
        for t in types
        if isinstance(t, inspect.StructType)
        and isinstance(value, dict)
        and t.tag is not None
        and value.get(t.tag_field) == t.tag
    ]
    return fitting or types


def _step(info: inspect.Type, key: str) -> Iterator[inspect.Type]:
    if isinstance(info, inspect.StructType) and key:
        for field in info.fields:
            if field.encode_name == key:
                yield from _alternatives(field.type)
    elif isinstance(info, inspect.ListType) and not key:
        yield from _alternatives(info.item_type)


def _child(value: Any, key: str, index: str) -> object:
    if key:
        return value.get(key) if isinstance(value, dict) else None
    return value[int(index)] if isinstance(value, list) and int(index) < len(value) else None

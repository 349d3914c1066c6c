"""Additional response fields: what a model tells beyond Converse. The caller gets what it names by JSON Pointer.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, RFC 6901.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from craton.errors import ValidationException

MEMBER = "additionalModelResponseFields"


def check(pointers: Sequence[str]) -> None:
    """Raises ValidationException for what is no JSON Pointer. One that leads nowhere is fine, as with AWS."""
    for pointer in pointers:
        if not pointer.startswith("/"):
            raise ValidationException(
                f"{pointer!r} in additionalModelResponseFieldPaths is no JSON Pointer: one starts with '/'."
            )


def with_fields(stop: Mapping[str, Any], pointers: Sequence[str]) -> dict[str, Any]:
    """A messageStop with those of its additional fields that the pointers lead to, where they stood."""
    kept: dict[str, Any] = {}
    for pointer in pointers:
        path = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
        _copy(stop.get(MEMBER) or {}, kept, path)
    rest = {member: value for member, value in stop.items() if member != MEMBER}
    return rest | ({MEMBER: kept} if kept else {})


def _copy(source: Mapping[str, Any], target: dict[str, Any], path: Sequence[str]) -> None:
    name, *below = path
    if name not in source:
        return
    if not below:
        target[name] = source[name]
    elif isinstance(source[name], Mapping):
        inner: dict[str, Any] = {}
        _copy(source[name], inner, below)
        if inner:
            target[name] = {**target.get(name, {}), **inner}

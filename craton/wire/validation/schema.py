"""A shape compiled into a check: msgspec tests types, lengths, ranges and enums in C, and one walk does the rest.

The rest is what msgspec cannot say: patterns, unions, instants, `NaN`, and members with another name on the wire. What
is refused is explained by `violations`. Knows nothing of HTTP.
"""

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal, Required, TypedDict

import msgspec

from craton.errors import SerializationException, ValidationException
from craton.wire import timestamps
from craton.wire.spec import Member, Shape
from craton.wire.validation.patterns import matcher
from craton.wire.validation.violations import SPECIAL_FLOATS, explain, integer_range

DEEPEST = 100
"""Levels of arrays and objects in a body; what is deeper would exhaust the stack of whoever walks it."""

Finish = Callable[[Any], Any]


class _Refused(Exception):
    pass


class Schema:
    """What a value must be at one place of the model. `path` says where it stands in the request, for messages."""

    def __init__(self, member: Member, path: tuple[str, ...] = ()) -> None:
        self._member = member
        self._path = path
        self._type = _type(member)
        self._decoder = msgspec.json.Decoder(self._type)
        self._finish = _finish(member, {}) or _nothing

    def decode(self, body: bytes) -> Any:
        """The value of a JSON text.

        Raises SerializationException for what is not JSON, ValidationException for what the model refuses.
        """
        try:
            return self._finish(_bounded(self._decoder.decode(body), body))
        except (msgspec.ValidationError, _Refused):
            return self.check(_bounded(_parse(body), body))
        except _MALFORMED as error:
            raise _malformed(error) from None

    def check(self, value: Any) -> Any:
        """The same for a value already parsed, whose nulls are taken as absent. The value itself is left as it is."""
        value = _without_nulls(self._member.shape, value)
        try:
            return self._finish(msgspec.convert(value, self._type))
        except (msgspec.ValidationError, _Refused):
            raise ValidationException(explain(self._member, value, self._path)) from None


_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def _parse(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except _MALFORMED as error:
        raise _malformed(error) from None


def _malformed(error: Exception) -> SerializationException:
    reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return SerializationException(f"The request body is not valid JSON in UTF-8: {reason.rstrip('.')}.")


def _bounded(value: Any, body: bytes) -> Any:
    # A body with few brackets cannot be deep, and most are not worth the walk.
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deep(value):
        raise SerializationException(
            f"The request body nests arrays and objects more than {DEEPEST} levels deep. Flatten it."
        )
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            child
            for item in level
            if type(item) is dict or type(item) is list
            for child in (item.values() if type(item) is dict else item)
        ]
        if not level:
            return False
    return True


def _nothing(value: Any) -> Any:
    return value


_structures: dict[Shape, Any] = {}


def _type(member: Member) -> Any:
    """The msgspec type of the JSON value at this place."""
    shape = member.shape
    match shape.type:
        case "structure":
            return Any if shape.document else _structure(shape)
        case "list":
            assert shape.member
            return Annotated[list[_type(shape.member)], _length(shape)]  # type: ignore[misc]
        case "map":
            assert shape.key
            assert shape.value
            return Annotated[dict[_type(shape.key), _type(shape.value)], _length(shape)]  # type: ignore[misc]
        case "string":
            return Literal[shape.enum] if shape.enum else Annotated[str, _length(shape)]
        case "blob":
            return Annotated[bytes, _length(shape)]
        case "boolean":
            return bool
        case "timestamp":
            return int | float if member.clock == "unixtimestamp" else str
        case "float" | "double":
            return Annotated[float, _range(shape)] if _is_bounded(shape) else float | Literal[SPECIAL_FLOATS]
        case _:
            least, most = integer_range(shape)
            return Annotated[int, msgspec.Meta(ge=least, le=most)]


def _structure(shape: Shape) -> Any:
    """A TypedDict, made empty and filled afterwards: its members may lead back to it."""
    if shape not in _structures:
        made: Any = TypedDict(shape.name, {})  # type: ignore[misc]
        _structures[shape] = made
        mandatory = shape.mandatory
        made.__annotations__ = {
            member.location_name or name: Required[_type(member)] if name in mandatory else _type(member)
            for name, member in shape.members.items()
        }
    return _structures[shape]


def _length(shape: Shape) -> msgspec.Meta:
    return msgspec.Meta(
        min_length=None if shape.min is None else int(shape.min),
        max_length=None if shape.max is None else int(shape.max),
    )


def _range(shape: Shape) -> msgspec.Meta:
    return msgspec.Meta(ge=shape.min, le=shape.max)


def _is_bounded(shape: Shape) -> bool:
    """Whether a float has two bounds, which no `NaN` or infinity is within."""
    return shape.min is not None and shape.max is not None


def _finish(member: Member, above: dict[Shape, Finish]) -> Finish | None:
    """The walk over one place, None where nothing is left to do. `above` holds the structures around it."""
    shape = member.shape
    match shape.type:
        case "structure":
            return None if shape.document else _finish_structure(shape, above)
        case "list":
            assert shape.member
            return _finish_list(_finish(shape.member, above))
        case "map":
            assert shape.key
            assert shape.value
            return _finish_map(_finish(shape.key, above), _finish(shape.value, above))
        case "string" if shape.pattern and not shape.enum:
            return _finish_pattern(shape.pattern)
        case "timestamp":
            return _finish_timestamp(member.clock)
        case "float" | "double" if not _is_bounded(shape):
            return _finish_float(shape)
        case _:
            return None


def _finish_structure(shape: Shape, above: dict[Shape, Finish]) -> Finish | None:
    if shape in above:
        return above[shape]
    made: list[Finish | None] = []
    above = {**above, shape: lambda value: made[0](value) if made[0] else value}
    walks = {member.location_name or name: _finish(member, above) for name, member in shape.members.items()}
    walks = {name: walk for name, walk in walks.items() if walk}
    names = {
        member.location_name: name for name, member in shape.members.items() if member.location_name not in (None, name)
    }
    union = shape.union

    def finish(value: dict[str, Any]) -> dict[str, Any]:
        if union and len(value) != 1:
            raise _Refused
        for name, item in value.items():
            if walk := walks.get(name):
                value[name] = walk(item)
        return {names.get(name, name): item for name, item in value.items()} if names else value

    made.append(finish if union or walks or names else None)
    return made[0]


def _finish_list(walk: Finish | None) -> Finish | None:
    return (lambda value: [walk(item) for item in value]) if walk else None


def _finish_map(key: Finish | None, walk: Finish | None) -> Finish | None:
    if not key and not walk:
        return None
    check, change = key or _nothing, walk or _nothing
    return lambda value: {check(name): change(item) for name, item in value.items()}


def _finish_pattern(pattern: str) -> Finish:
    fits = matcher(pattern)

    def finish(value: str) -> str:
        if not fits(value):
            raise _Refused
        return value

    return finish


def _finish_timestamp(clock: str) -> Finish:
    def finish(value: str | float) -> object:
        try:
            return timestamps.read(clock, value)
        except ValueError:
            raise _Refused from None

    return finish


def _finish_float(shape: Shape) -> Finish:
    least = -math.inf if shape.min is None else shape.min
    most = math.inf if shape.max is None else shape.max
    free = shape.min is None and shape.max is None

    def finish(value: float | str) -> float:
        number = float(value)
        if not (least <= number <= most or (free and math.isnan(number))):
            raise _Refused
        return number

    return finish


def _without_nulls(shape: Shape, value: Any) -> Any:
    """A copy without the members and map entries that are null.

    A document may be null and hold nulls. A list keeps its nulls, for which it is refused.
    """
    if shape.type == "list" and type(value) is list:
        assert shape.member
        return [_without_nulls(shape.member.shape, item) for item in value]
    if type(value) is not dict or shape.document:
        return value
    if shape.type == "map":
        assert shape.value
        return {key: _without_nulls(shape.value.shape, item) for key, item in value.items() if item is not None}
    if shape.type == "structure":
        members = {member.location_name or name: member.shape for name, member in shape.members.items()}
        return {
            name: _without_nulls(members[name], item)
            for name, item in value.items()
            if name in members and (item is not None or members[name].document)
        }
    return value

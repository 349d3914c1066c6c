"""Turns an operation's result, its stream of events, or an error into a response.

A key that the service model does not know raises TypeError with its path: nothing is dropped silently. Members that
are None are left out. Knows nothing of requests or handlers.
"""

import math
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

import msgspec

from craton.errors import ApiError
from craton.wire import events, timestamps
from craton.wire.message import Response, Stream
from craton.wire.spec import Member, Operation, Shape
from craton.wire.values import check_keys, encode, encode_structure, expect

JSON_TYPE = "application/json"
ERROR_NAMESPACE = "http://internal.amazon.com/coral/com.amazon.bedrock/"

UNMODELLED = "internalServerException"
"""The exception that ends a stream whose model does not know the error."""

Headers = list[tuple[str, str]]

_encoder = msgspec.json.Encoder()
# The real service sends the keys of an event in the order of the alphabet.
_event_encoder = msgspec.json.Encoder(order="sorted")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def write(operation: Operation, result: Mapping[str, Any], request_id: str) -> Response:
    """The response of a result. Where the operation answers with events, its body is a stream that `begin` starts."""
    shape = operation.output
    check_keys(shape, result, operation.name)
    present = {name: value for name, value in result.items() if value is not None}
    headers: Headers = [("x-amzn-RequestId", request_id)]
    status = operation.status
    for name, value in present.items():
        member = shape.members[name]
        if member.location == "statusCode":
            status = int(value)
        elif member.location:
            headers += _header(member, name, value)
    content_type, body = _body(operation, present)
    # A status without a body has no content type either, and a member may state another.
    if content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.insert(0, ("Content-Type", content_type))
    return Response(status, headers, body)


def write_error(operation: Operation | None, error: ApiError, request_id: str) -> Response:
    """The response of an error: its status, and what members it may have, as the operation's service models them."""
    shape = operation.service.errors.get(error.code) if operation else None
    body = {"message": error.message, **_error_members(shape, error)}
    content_type = JSON_TYPE
    if operation and operation.target:
        content_type = _json_rpc_type(operation)
        body = {"__type": error.code, **body}
    status = shape.error.http_status_code if shape and shape.error else None
    headers = [
        ("Content-Type", content_type),
        ("x-amzn-RequestId", request_id),
        ("x-amzn-ErrorType", f"{error.code}:{ERROR_NAMESPACE}"),
        *again(error),
    ]
    return Response(status or error.status, headers, _encoder.encode(body))


def again(error: ApiError) -> Headers:
    """The header that tells when to send the request again, where the error does (RFC 9110, 10.2.3)."""
    return [] if error.retry_after is None else [("Retry-After", str(max(math.ceil(error.retry_after), 1)))]


async def begin(response: Response) -> None:
    """Wait for the first event of a response that streams events.

    An ApiError before that event is raised here: it is answered as any other, with a status.
    """
    if isinstance(response.body, EventFrames):
        await response.body.begin()


class EventFrames(AsyncIterator[bytes]):
    """The frames of a stream of events. An ApiError after the first event becomes the last frame.

    Closing it closes the stream of events.
    """

    def __init__(self, operation: Operation, member: Member, source: AsyncIterator[Mapping[str, Any]]) -> None:
        self._source = source
        self._frames = _frames(operation, member.shape, source)
        self._first: bytes | None = None
        self._begun = False

    async def begin(self) -> None:
        """Raises what the stream raises before its first event."""
        if not self._begun:
            self._begun = True
            self._first = await anext(self._frames, None)

    async def __anext__(self) -> bytes:
        await self.begin()
        if self._first is not None:
            frame, self._first = self._first, None
            return frame
        return await anext(self._frames)

    async def aclose(self) -> None:
        await self._frames.aclose()
        if isinstance(self._source, AsyncGenerator):
            await self._source.aclose()


async def _frames(
    operation: Operation, union: Shape, source: AsyncIterator[Mapping[str, Any]]
) -> AsyncGenerator[bytes]:
    padded = operation.name in events.PADDED
    begun = False
    try:
        async for event in source:
            yield _frame(operation, union, event, padded)
            begun = True
    except ApiError as error:
        if not begun:
            raise
        yield exception_frame(operation, error)


def _frame(operation: Operation, union: Shape, event: Mapping[str, Any], padded: bool) -> bytes:
    if len(event) != 1 or not event.keys() <= union.members.keys():
        raise TypeError(
            f"{operation.name}: an event has one key, of {', '.join(union.members)}; "
            f"this has {', '.join(event) or 'none'}"
        )
    name, value = next(iter(event.items()))
    payload = encode(union.members[name])(value, f"{operation.name}.{name}")
    if padded:
        payload["p"] = events.padding()
    return events.event(name, _event_encoder.encode(payload))


def exception_frame(operation: Operation, error: ApiError) -> bytes:
    """The frame that ends the stream of an operation with an error, under the name that its model knows it by."""
    union = operation.output.members[operation.output.event_member or ""].shape
    for name, member in union.members.items():
        if member.shape.exception and member.shape.name == error.code:
            return events.exception(
                name, _event_encoder.encode({"message": error.message, **_error_members(member.shape, error)})
            )
    return events.exception(UNMODELLED, _encoder.encode({"message": error.message}))


def _error_members(shape: Shape | None, error: ApiError) -> dict[str, Any]:
    members = {name: value for name, value in error.members.items() if value is not None}
    if shape is None:
        return members
    encoded: dict[str, Any] = encode_structure(shape)(members, error.code)
    return encoded


def _header(member: Member, name: str, value: Any) -> Headers:
    key = name if member.location_name is None else member.location_name
    if member.location == "headers":
        return [(key + suffix, _header_value(item, f"{name}.{suffix}")) for suffix, item in value.items()]
    return [(key, _header_value(_text(member, value, name), name))]


def _text(member: Member, value: Any, path: str) -> str:
    match member.shape.type:
        case "boolean":
            return "true" if value else "false"
        case "timestamp":
            return str(timestamps.write(member.clock_at("header"), value))
        case "list":
            assert member.shape.member
            return ", ".join(_item(member.shape.member, item, path) for item in expect(list | tuple, value, path))
        case _:
            return str(encode(member)(value, path))


def _item(member: Member, value: Any, path: str) -> str:
    """An item of a header list: text with a comma or a quote is quoted; a date holds a comma anyway."""
    text = _text(member, value, path)
    if member.shape.type != "string" or not re.search(r'[",]', text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _header_value(value: str, path: str) -> str:
    if not _HEADER_VALUE.fullmatch(value):
        raise ValueError(f"{path}: {value!r} cannot stand in a header")
    return value


def _body(operation: Operation, present: Mapping[str, Any]) -> tuple[str | None, bytes | Stream]:
    """The content type and the body."""
    shape = operation.output
    if name := shape.payload or shape.event_member:
        return _payload(operation, name, present.get(name))
    if operation.status == 204:
        return None, b""
    content_type = _json_rpc_type(operation) if operation.target else JSON_TYPE
    members = {name: value for name, value in present.items() if not shape.members[name].location}
    return content_type, _encoder.encode(encode_structure(shape)(members, operation.name))


def _payload(operation: Operation, name: str, value: Any) -> tuple[str | None, bytes | Stream]:
    member = operation.output.members[name]
    path = f"{operation.name}.{name}"
    if member.shape.eventstream:
        expect(AsyncIterator, value, path)
        return events.EVENT_STREAM_TYPE, EventFrames(operation, member, value)
    if value is None:
        return None, b""
    match member.shape.type:
        case "blob":
            return "application/octet-stream", value if isinstance(value, AsyncGenerator) else expect(
                bytes, value, path
            )
        case "string":
            return "text/plain", str(expect(str, value, path)).encode()
        case _:
            return JSON_TYPE, _encoder.encode(encode(member)(value, path))


def _json_rpc_type(operation: Operation) -> str:
    return f"application/x-amz-json-{operation.service.json_version}"

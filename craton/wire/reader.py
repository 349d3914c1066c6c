"""Turns a request into the operation's input: a plain dict with the member names of the service model, validated.

What is wrong with a request is raised as ValidationException, SerializationException or UnsupportedMediaTypeException.
Knows nothing of accounts, signatures or handlers.
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from craton.errors import SerializationException, UnsupportedMediaTypeException, ValidationException
from craton.wire.events import EVENT_STREAM_TYPE, Decoder, Message
from craton.wire.message import Request
from craton.wire.spec import Location, Member, Operation, Shape
from craton.wire.validation.schema import Schema

JSON_TYPES = ("application/json", "application/x-amz-json-1.1", "application/x-amz-json-1.0")

MOST_PARAMETERS = 1000
"""Parameters of one query string."""

_INTEGER = re.compile(r"-?\d{1,20}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,4})?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_MALFORMED_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# The commas of a header that lists strings stand outside quotes; each date of RFC 822 holds one itself.
_QUOTED_ITEM = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*?))\s*(?:,|$)')
_DATE_ITEM = re.compile(r"[^,]+,[^,]+")


def read(
    operation: Operation, labels: Mapping[str, str], request: Request, stream: AsyncIterator[bytes] | None = None
) -> dict[str, Any]:
    """The input of the operation; `labels` are the router's.

    An event-stream member becomes an iterator of one-key dicts that validates as it goes, over `stream` (the frames of
    events, their signatures already taken off) or else over the request's body.
    """
    plan = _plan(operation)
    found = plan.parameters.check(_parameters(plan, labels, request)) if plan.located else {}
    if plan.events:
        _check_content_type(request, (EVENT_STREAM_TYPE,))
        found[plan.events.name] = _read_events(plan.events, stream or _whole(request.body))
    elif plan.body and (request.body or not plan.payload):
        if request.body and not plan.any_type:
            _check_content_type(request, JSON_TYPES)
        value = plan.body.decode(request.body or b"{}")
        if plan.payload:
            found[plan.payload] = value
        else:
            found.update(value)
    return found


@dataclass(frozen=True, slots=True)
class _Events:
    """An input's event-stream member."""

    name: str
    schemas: Mapping[str, Schema]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the members of one operation's input come from."""

    located: Mapping[str, Member]  # all but those of the JSON body, a payload of bytes or text among them
    parameters: Schema
    payload: str | None  # the member that is the whole body
    body: Schema | None  # of the JSON body
    events: _Events | None
    any_type: bool  # the content type is itself a member
    mandatory: list[str]


@cache
def _plan(operation: Operation) -> _Plan:
    shape = operation.input
    located = {
        name: _placed(member, member.location, member.location_name)
        for name, member in shape.members.items()
        if member.location
    }
    events, body, payload = None, None, None
    if stream := shape.event_member:
        members = shape.members[stream].shape.members
        events = _Events(stream, {name: Schema(member, (name,)) for name, member in members.items()})
    elif payload := shape.payload:
        member = shape.members[payload]
        if member.shape.type in ("blob", "string"):
            located[payload] = member
        else:
            body = Schema(member, (payload,))
    elif members := shape.body_members:
        body = Schema(_part(shape, members))
    # Once parsed, a member stands under its own name.
    renamed = {name: _placed(member, member.location, None) for name, member in located.items()}
    headers = {(member.location_name or "").lower() for member in located.values() if member.location == "header"}
    return _Plan(
        located=located,
        parameters=Schema(_part(shape, renamed)),
        payload=payload,
        body=body,
        events=events,
        any_type="content-type" in headers,
        mandatory=shape.mandatory,
    )


def _part(shape: Shape, members: dict[str, Member]) -> Member:
    """A place for a structure with some of the members of another."""
    required = tuple(name for name in shape.required if name in members)
    return Member(target=shape.name, shape=Shape(type="structure", name=shape.name, members=members, required=required))


def _placed(member: Member, location: Location | None, name: str | None) -> Member:
    """The member at a location that holds for the items of a list too, and so does its way to write timestamps."""
    shape = member.shape
    if shape.type == "list":
        assert shape.member
        items = _placed(shape.member, location, None)
        shape = Shape(
            type="list", name=shape.name, member=items, min=shape.min, max=shape.max, sensitive=shape.sensitive
        )
    return Member(
        target=member.target,
        shape=shape,
        location=location,
        location_name=name,
        timestamp_format=member.timestamp_format,
        idempotency_token=member.idempotency_token,
    )


def _parameters(plan: _Plan, labels: Mapping[str, str], request: Request) -> dict[str, Any]:
    query = _query(request.query)
    found = {name: _find(plan, name, labels, query, request) for name in plan.located}
    return {name: value for name, value in found.items() if value is not None}


def _find(plan: _Plan, name: str, labels: Mapping[str, str], query: Mapping[str, list[str]], request: Request) -> Any:
    member = plan.located[name]
    key = name if member.location_name is None else member.location_name
    match member.location:
        case "uri":
            return _scalar(member, labels[key])
        case "querystring" if member.shape.type == "map":
            return _query_map(member.shape, query)
        case "querystring":
            return _values(name, member, query.get(key, []))
        case "headers":
            prefix = key.lower()
            return {name[len(prefix) :]: value for name, value in request.headers if name.startswith(prefix)} or None
        case "header":
            lines = [value for header, value in request.headers if header == key.lower()]
            if member.shape.type == "list":
                return _header_list(member.shape, ",".join(lines))
            return _values(name, member, lines)
        case _:
            return _payload(member.shape, request.body) if request.body or name in plan.mandatory else None


def _payload(shape: Shape, body: bytes) -> bytes | str:
    if shape.type == "blob":
        return body
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise SerializationException("The request body is not text in UTF-8.") from None


def _query(query: str) -> dict[str, list[str]]:
    if not query:
        return {}
    if _MALFORMED_ESCAPE.search(query):
        raise SerializationException(
            "The query string has a '%' that two hexadecimal digits do not follow. Write '%25' for '%'."
        )
    found: dict[str, list[str]] = {}
    try:
        for key, value in parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS):
            found.setdefault(key, []).append(value)
    except UnicodeDecodeError:
        raise SerializationException("The query string is not percent-encoded UTF-8.") from None
    except ValueError:
        raise SerializationException(f"The query string has more than {MOST_PARAMETERS} parameters.") from None
    return found


def _query_map(shape: Shape, query: Mapping[str, list[str]]) -> dict[str, Any] | None:
    assert shape.value
    of_lists = shape.value.shape.type == "list"
    return {key: values if of_lists else values[0] for key, values in query.items()} or None


def _values(name: str, member: Member, values: list[str]) -> Any:
    """What was given for one member in the query or the headers, once for each item of a list."""
    if not values:
        return None
    if member.shape.type == "list":
        assert member.shape.member
        return [_scalar(member.shape.member, value) for value in values]
    if len(values) > 1:
        raise ValidationException(
            f"1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must be given once, "
            f"and was given {len(values)} times"
        )
    return _scalar(member, values[0])


def _header_list(shape: Shape, line: str) -> list[Any] | None:
    assert shape.member
    if not line:
        return None
    if shape.member.shape.type == "string":
        items = [
            re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2]
            for match in _QUOTED_ITEM.finditer(line)
        ]
        # The expression also matches the nothing that follows the last item.
        items = items[:-1] if not line.endswith(",") else items
    elif shape.member.shape.type == "timestamp" and shape.member.clock == "rfc822":
        items = [item.strip() for item in _DATE_ITEM.findall(line)]
    else:
        items = [item.strip() for item in line.split(",")]
    return [_scalar(shape.member, item) for item in items]


def _scalar(member: Member, text: str) -> Any:
    """The text as the JSON value its shape wants, or as it is where it cannot be that: then the schema refuses it."""
    match member.shape.type:
        case "boolean":
            return _BOOLEANS.get(text, text)
        case "float" | "double":
            return float(text) if _NUMBER.fullmatch(text) else text
        case "timestamp" if member.clock == "unixtimestamp":
            return float(text) if _NUMBER.fullmatch(text) else text
        case "byte" | "short" | "integer" | "long":
            return int(text) if _INTEGER.fullmatch(text) else text
        case _:
            return text


def _check_content_type(request: Request, accepted: tuple[str, ...]) -> None:
    """A request without a content type is taken to have the right one."""
    stated = request.header("content-type")
    if stated and stated.partition(";")[0].strip().lower() not in accepted:
        raise UnsupportedMediaTypeException(
            f"The content type {stated[:100]!r} cannot be read here. Send {accepted[0]}."
        )


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _read_events(events: _Events, stream: AsyncIterator[bytes]) -> AsyncIterator[dict[str, Any]]:
    decoder = Decoder()
    async for data in stream:
        for message in decoder.feed(data):
            yield _read_event(events, message)
    decoder.finish()


def _read_event(events: _Events, message: Message) -> dict[str, Any]:
    kind, name = message.headers.get(":message-type"), message.headers.get(":event-type")
    if kind != "event" or not isinstance(name, str) or name not in events.schemas:
        raise ValidationException(
            f"The input stream holds a frame of :message-type {kind!r} and :event-type {name!r}. "
            f"Send events of these types: {', '.join(events.schemas)}."
        )
    return {name: events.schemas[name].decode(message.payload or b"{}")}

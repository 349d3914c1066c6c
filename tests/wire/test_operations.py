"""Every operation of every service, against botocore's own serializers and parsers."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from craton.errors import ApiError, SerializationException, ValidationException
from craton.wire.message import Request
from craton.wire.reader import read
from craton.wire.router import Router
from craton.wire.spec import Member, Operation, Shape
from craton.wire.writer import write

from . import botocore_side
from .faults import faults
from .strategies import structures


def test_request_is_read_as_botocore_wrote_it(operation: Operation, router: Router) -> None:
    if operation.input.event_member:
        pytest.skip("botocore cannot send event streams; test_reader.py has one")
    model = botocore_side.operation_model(operation)

    @given(structures(operation.input))
    def check(parameters: dict[str, Any]) -> None:
        request = botocore_side.serialize_request(model, operation.service.protocol, parameters)
        route = router.match(request)
        assert route.operation is operation
        assert read(operation, route.labels, request) == parameters

    check()


def test_request_with_one_fault_is_refused_by_its_path(body_operation: Operation, router: Router) -> None:
    operation = body_operation
    model = botocore_side.operation_model(operation)

    @given(st.data())
    def check(data: st.DataObject) -> None:
        parameters = data.draw(structures(operation.input))
        request = botocore_side.serialize_request(model, operation.service.protocol, parameters)
        route = router.match(request)
        found = list(_body_faults(operation, request))
        assume(found)
        for fault in data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=8)):
            body = json.dumps(fault.apply(json.loads(request.body))).encode()
            with pytest.raises(ValidationException) as caught:
                read(operation, route.labels, _with_body(request, body))
            assert f"'{'.'.join(fault.path) or '$'}'" in caught.value.message, fault

    check()


def _body_faults(operation: Operation, request: Request) -> Any:
    shape = operation.input
    if shape.payload:
        whole = shape.members[shape.payload]
        return faults(whole, json.loads(request.body), (), (shape.payload,)) if request.body not in (b"", b"{}") else ()
    required = tuple(name for name in shape.required if name in shape.body_members)
    body = Shape(type="structure", members=shape.body_members, required=required)
    return faults(Member(target="", shape=body), json.loads(request.body))


def _with_body(request: Request, body: bytes) -> Request:
    return Request(request.method, request.path, request.query, request.headers, body)


def test_no_bytes_bring_more_than_a_modelled_error(operation: Operation, router: Router) -> None:
    labels = {
        member.location_name or name: "x"
        for name, member in operation.input.members.items()
        if member.location == "uri"
    }

    @given(st.binary(max_size=50) | _JSON, st.text("&=%a+é\x00", max_size=12), _HEADERS)
    def check(body: bytes, query: str, headers: list[tuple[str, str]]) -> None:
        request = Request(operation.method, operation.uri, query, tuple(headers), body)
        try:
            read(operation, labels, request)
        except ApiError as error:
            assert 400 <= error.status < 500

    check()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
).map(lambda value: json.dumps(value).encode())
_HEADERS = st.lists(
    st.tuples(st.sampled_from(["content-type", "accept", "x-amz-client-token"]), st.text(max_size=5)), max_size=2
)


async def test_result_is_parsed_by_botocore_as_it_was_written(operation: Operation) -> None:
    results: list[dict[str, Any]] = []

    @given(structures(operation.output))
    def draw(result: dict[str, Any]) -> None:
        results.append(result)

    draw()
    for result in results:
        assert await _answer(operation, result) == _status_stated(operation, result)


async def _answer(operation: Operation, result: dict[str, Any]) -> dict[str, Any]:
    """The result as a client of botocore receives it."""
    model, protocol = botocore_side.operation_model(operation), operation.service.protocol
    stream = operation.output.event_member
    if not stream or stream not in result:
        return botocore_side.parse_response(model, protocol, write(operation, result, "4f2c"))
    response = write(operation, {**result, stream: _iterate(result[stream])}, "4f2c")
    assert not isinstance(response.body, bytes)
    frames = [frame async for frame in response.body]
    parsed = botocore_side.parse_response(model, protocol, response, frames)
    return {**parsed, stream: list(parsed[stream])}


async def _iterate(events: list[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    for event in events:
        yield event


def _status_stated(operation: Operation, result: dict[str, Any]) -> dict[str, Any]:
    """The result with the HTTP status in the member that holds it, which a response always states."""
    members = operation.output.members.items()
    return {**{name: operation.status for name, member in members if member.location == "statusCode"}, **result}


def test_malformed_json_is_a_modelled_error(body_operation: Operation) -> None:
    operation = body_operation
    labels = {member.location_name or name: "x" for name, member in operation.input.members.items()}
    for body in (b"{", b'{"a": NaN}', b"\xff", b'{"a":' * 100_000, b"nul"):
        with pytest.raises((SerializationException, ValidationException)):
            read(operation, labels, Request(operation.method, "/", body=body))

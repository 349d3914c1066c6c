"""Generated requests to every operation of every service: whatever comes in, a modelled answer goes out.

`HYPOTHESIS_PROFILE=deep` sends 500 valid and 500 mutated requests to each operation that is served.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from craton.app.services import services
from craton.app.slices import operations as rows
from craton.wire.message import Request
from craton.wire.spec import Member, Operation, Shape
from tests import scripted
from tests.doors.calls import Reply, operation_model, sign
from tests.doors.conftest import Send
from tests.serving import REGION
from tests.wire import botocore_side
from tests.wire.faults import faults
from tests.wire.strategies import structures

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
OPERATIONS = [operation for service in services() for operation in service.operations.values()]
SERVED = {(row.service, row.operation) for row in rows() if row.grade != "refused"}

# Errors that any operation may answer with, whatever its own model lists.
COMMON = {
    "AccessDeniedException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "UnknownOperationException",
    "UnsupportedMediaTypeException",
    "ValidationException",
}

ACCOUNT = "123456789012"
PROFILE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:application-inference-profile/"
# What generated text hardly ever hits: values that lead past the first check, by the name of the member.
PLAUSIBLE = {
    "modelId": [scripted.MODEL, "anthropic.claude-3-haiku-20240307-v1:0", "meta.llama3-2-1b-instruct-v1:0"],
    "modelIdentifier": [scripted.MODEL, "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
    "inferenceProfileIdentifier": ["us." + scripted.MODEL, PROFILE + "abcdefghijkl"],
    "resourceARN": [PROFILE + "abcdefghijkl"],
    "resourceArn": [PROFILE + "abcdefghijkl"],
    "copyFrom": [f"arn:aws:bedrock:{REGION}::foundation-model/{scripted.MODEL}"],
    "userName": ["alice", "root"],
    "role": ["user"],
}


def examples(operation: Operation) -> settings:
    served = (operation.service.name, operation.name) in SERVED
    count = (500 if served else 20) if DEEP else (10 if served else 1)
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=not DEEP,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def name(operation: Operation) -> str:
    return f"{operation.service.name}.{operation.name}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_a_valid_request_is_served_or_refused_by_name(operation: Operation, send: Send) -> None:
    @examples(operation)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        request = data.draw(valid(operation))
        reply = send(sign(request, operation.service.signing_name))
        check_modelled(operation, reply)
        assert reply.status == operation.status or reply.status >= 400
        if (operation.service.name, operation.name) not in SERVED:
            assert (reply.status, reply.error) == (501, "NotImplementedException"), reply
            assert f"{operation.service.name} {operation.name}" in reply.json["message"]

    check()


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_a_mutated_request_gets_a_modelled_answer(operation: Operation, send: Send) -> None:
    @examples(operation)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        request = data.draw(valid(operation))
        mutated = data.draw(mutations(operation, request))
        signed = sign(mutated, operation.service.signing_name) if data.draw(st.integers(0, 9)) else mutated
        check_modelled(operation, send(signed))

    check()


def check_modelled(operation: Operation, reply: Reply) -> None:
    """An answer that the operation's model describes, or an error that says what it is."""
    assert reply.headers["x-amzn-requestid"]
    if reply.status < 300:
        return
    assert reply.status < 500 or reply.error == "NotImplementedException", reply
    assert reply.error, reply
    assert reply.headers["content-type"] in ("application/json", "application/x-amz-json-1.1")
    assert re.search(r"\w", reply.json["message"]), reply
    if reply.error != "NotImplementedException":
        assert reply.error in {*COMMON, *operation.service.errors}, reply


@st.composite
def valid(draw: st.DrawFn, operation: Operation) -> Request:
    """A request that the operation's model allows, as botocore writes it."""
    if operation.input.event_member:
        # botocore cannot send event streams; their first bytes must do.
        path = re.sub(r"{\w+}", scripted.MODEL.replace(":", "%3A"), operation.uri)
        headers = {
            "content-type": "application/vnd.amazon.eventstream",
            "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-EVENTS",
        }
        return Request(operation.method, path, "", tuple(headers.items()), draw(st.binary(max_size=40)))
    parameters = draw(structures(operation.input))
    if draw(st.integers(0, 3)):
        parameters = _plausible(draw, parameters)
    model = operation_model(operation)
    return botocore_side.serialize_request(model, operation.service.protocol, parameters)


def _plausible(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: draw(st.sampled_from(PLAUSIBLE[key]))
            if key in PLAUSIBLE and isinstance(item, str)
            else _plausible(draw, item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_plausible(draw, item) for item in value]
    return value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
# Anything an HTTP server lets through: no control characters in headers, no spaces in a path.
HEADER_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=20)
PATH_TEXT = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="?#"), max_size=20)
QUERY_TEXT = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="#"), max_size=30)
HEADERS = ("content-type", "accept", "x-amz-target", "x-amzn-bedrock-accept", "x-amzn-bedrock-trace", "content-length")


@st.composite
def mutations(draw: st.DrawFn, operation: Operation, request: Request) -> Request:
    """The request, wrong in one place or in several."""
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=2)):
        request = draw(mutate(operation, request))
    return request


def one_fault(operation: Operation, request: Request) -> st.SearchStrategy[Request]:
    """One value of the JSON body is not what the model says."""
    found = list(_body_faults(operation, request))
    if not found:
        return other_body(operation, request)
    return st.sampled_from(found).map(lambda body: replace(request, body=body))


def _body_faults(operation: Operation, request: Request) -> Iterator[bytes]:
    try:
        body = json.loads(request.body)
        shape = operation.input
        if shape.payload:
            found = faults(shape.members[shape.payload], body, (), (shape.payload,))
        else:
            required = tuple(name for name in shape.required if name in shape.body_members)
            members = Shape(type="structure", members=shape.body_members, required=required)
            found = faults(Member(target="", shape=members), body)
        yield from (json.dumps(fault.apply(body)).encode() for fault in found)
    except (ValueError, TypeError, KeyError, AttributeError, StopIteration):
        return  # an earlier mutation left no body of the model's shape


def other_body(operation: Operation, request: Request) -> st.SearchStrategy[Request]:
    bodies = st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode())
    return bodies.map(lambda body: replace(request, body=body))


def damaged_body(operation: Operation, request: Request) -> st.SearchStrategy[Request]:
    """A byte changed, or the end cut off."""
    body = request.body or b"{}"
    at = st.integers(0, len(body) - 1)
    changed = st.builds(lambda i, byte: body[:i] + byte + body[i + 1 :], at, st.binary(min_size=1, max_size=2))
    return (changed | at.map(lambda i: body[:i])).map(lambda body: replace(request, body=body))


def other_query(operation: Operation, request: Request) -> st.SearchStrategy[Request]:
    return QUERY_TEXT.map(lambda query: replace(request, query=query))


def other_header(operation: Operation, request: Request) -> st.SearchStrategy[Request]:
    header = st.tuples(st.sampled_from(HEADERS), HEADER_TEXT)
    return header.map(lambda pair: replace(request, headers=(*request.headers, pair)))


def other_path(operation: Operation, request: Request) -> st.SearchStrategy[Request]:
    at = st.integers(1, len(request.path))
    return st.builds(
        lambda i, text, end: replace(request, path=request.path[:i] + text + (request.path[i:] if end else "")),
        at,
        PATH_TEXT,
        st.booleans(),
    )


def other_method(operation: Operation, request: Request) -> st.SearchStrategy[Request]:
    return st.sampled_from(("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")).map(
        lambda method: replace(request, method=method)
    )


MUTATIONS = (
    one_fault,
    one_fault,
    one_fault,
    other_body,
    damaged_body,
    other_query,
    other_header,
    other_path,
    other_method,
)


RAW = settings(
    max_examples=2000 if DEEP else 100,
    deadline=None,
    derandomize=not DEEP,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@RAW
@given(
    st.sampled_from(("GET", "POST", "PUT", "DELETE", "BREW")),
    PATH_TEXT,
    QUERY_TEXT,
    st.lists(
        st.tuples(st.text("abcxyz-0", min_size=1, max_size=8) | st.sampled_from(HEADERS), HEADER_TEXT), max_size=4
    ),
    st.sampled_from(("", "AWS4-HMAC-SHA256 ", "Bearer ", "Basic ")),
    HEADER_TEXT,
    st.binary(max_size=100),
)
def test_raw_requests_get_a_modelled_answer(
    send: Send,
    method: str,
    path: str,
    query: str,
    headers: list[tuple[str, str]],
    scheme: str,
    credentials: str,
    body: bytes,
) -> None:
    request = Request(method, "/" + path, query, (*headers, ("authorization", scheme + credentials)), body)
    reply = send(request)
    assert 400 <= reply.status < 500, reply
    assert reply.error
    assert reply.json["message"]
    assert reply.headers["x-amzn-requestid"]

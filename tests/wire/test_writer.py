"""What results, streams and errors become."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import pytest
from botocore.exceptions import EventStreamError

from craton.errors import (
    ApiError,
    ConflictException,
    ModelErrorException,
    NotImplementedException,
    ThrottlingException,
    ValidationException,
)
from craton.wire.message import Response
from craton.wire.spec import Operation, Service
from craton.wire.writer import begin, write, write_error

from . import botocore_side


class Events(AsyncIterator[dict[str, Any]]):
    """Events, then perhaps an error; remembers that it was closed."""

    def __init__(self, *events: dict[str, Any], error: Exception | None = None) -> None:
        self.left = list(events)
        self.error = error

    async def __anext__(self) -> dict[str, Any]:
        if self.left:
            return self.left.pop(0)
        raise self.error or StopAsyncIteration


START = {"messageStart": {"role": "assistant"}}
DELTA = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Hi"}}}


@pytest.fixture
def converse(services: dict[str, Service]) -> Operation:
    return services["bedrock-runtime"].operations["Converse"]


@pytest.fixture
def converse_stream(services: dict[str, Service]) -> Operation:
    return services["bedrock-runtime"].operations["ConverseStream"]


def body(response: Response) -> Any:
    assert isinstance(response.body, bytes)
    return json.loads(response.body)


async def frames(response: Response) -> list[bytes]:
    assert not isinstance(response.body, bytes)
    return [frame async for frame in response.body]


def test_a_result_has_the_headers_of_the_real_service(converse: Operation) -> None:
    response = write(converse, {"stopReason": "end_turn", "metrics": None}, "4f2c")
    assert response.status == 200
    assert response.headers == [("Content-Type", "application/json"), ("x-amzn-RequestId", "4f2c")]
    assert body(response) == {"stopReason": "end_turn"}


@pytest.mark.parametrize(
    ("result", "path"),
    [
        ({"stop_reason": "end_turn"}, "Converse"),
        ({"output": {"message": {"role": "user", "contents": []}}}, r"Converse\.output\.message"),
        (
            {"output": {"message": {"role": "user", "content": [{"txt": ""}]}}},
            r"Converse\.output\.message\.content\[0\]",
        ),
        ({"stopReason": 3}, r"Converse\.stopReason"),
        ({"usage": {"inputTokens": "3"}}, r"Converse\.usage\.inputTokens"),
        ({"usage": {"inputTokens": True}}, r"Converse\.usage\.inputTokens"),
        ({"output": []}, r"Converse\.output"),
    ],
)
def test_what_the_model_does_not_know_is_an_error_with_its_path(
    converse: Operation, result: dict[str, Any], path: str
) -> None:
    with pytest.raises(TypeError, match=f"^{path}:"):
        write(converse, result, "4f2c")


def test_a_payload_has_the_content_type_it_is_given(services: dict[str, Service]) -> None:
    operation = services["bedrock-runtime"].operations["InvokeModel"]
    response = write(operation, {"body": b"\x00", "contentType": "image/png", "serviceTier": "flex"}, "4f2c")
    assert response.body == b"\x00"
    assert ("Content-Type", "image/png") in response.headers
    assert ("X-Amzn-Bedrock-Service-Tier", "flex") in response.headers
    assert ("Content-Type", "application/octet-stream") in write(operation, {"body": b""}, "4f2c").headers


def test_a_status_is_the_models_or_the_results(services: dict[str, Service]) -> None:
    assert write(services["bedrock"].operations["CreateGuardrail"], {}, "4f2c").status == 202
    agentcore = services["bedrock-agentcore"]
    assert write(agentcore.operations["StopRuntimeSession"], {"statusCode": 207}, "4f2c").status == 207


def test_no_content_is_nothing_at_all(services: dict[str, Service]) -> None:
    response = write(services["bedrock-agentcore-control"].operations["TagResource"], {}, "4f2c")
    assert (response.status, response.body) == (204, b"")
    assert response.headers == [("x-amzn-RequestId", "4f2c")]


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\x00", "日本"])
def test_a_header_cannot_be_smuggled_in(services: dict[str, Service], value: str) -> None:
    operation = services["bedrock-runtime"].operations["InvokeModel"]
    with pytest.raises(ValueError, match="cannot stand in a header"):
        write(operation, {"body": b"", "contentType": value}, "4f2c")


def test_an_error_has_the_status_of_its_own_service(services: dict[str, Service]) -> None:
    bedrock, agent = services["bedrock"].operations["TagResource"], services["bedrock-agent"].operations["CreateAgent"]
    conflict = ConflictException("The name 'a' is taken.")
    assert write_error(bedrock, conflict, "1").status == 400
    assert write_error(agent, conflict, "1").status == 409
    assert write_error(None, NotImplementedException("Nobody serves this."), "1").status == 501


def test_an_error_looks_like_the_real_services(converse: Operation) -> None:
    error = ModelErrorException("The model failed.", originalStatusCode=500, resourceName=None)
    response = write_error(converse, error, "4f2c")
    namespace = "http://internal.amazon.com/coral/com.amazon.bedrock/"
    assert ("x-amzn-ErrorType", f"ModelErrorException:{namespace}") in response.headers
    assert ("x-amzn-RequestId", "4f2c") in response.headers
    assert body(response) == {"message": "The model failed.", "originalStatusCode": 500}
    with pytest.raises(TypeError, match=r"^ModelErrorException:"):
        write_error(converse, ModelErrorException("The model failed.", original=1), "4f2c")


def test_botocore_understands_every_error_of_every_operation(operation: Operation) -> None:
    model, protocol = botocore_side.operation_model(operation), operation.service.protocol
    for code in operation.errors:
        error = type(code, (ApiError,), {})("Mend this.")
        parsed = botocore_side.parse_error(model, protocol, write_error(operation, error, "4f2c"))
        assert parsed["Error"] == {"Code": code, "Message": "Mend this."}
        assert parsed["ResponseMetadata"]["RequestId"] == "4f2c"


async def test_events_are_framed_as_they_come(converse_stream: Operation) -> None:
    response = write(converse_stream, {"stream": Events(START, DELTA)}, "4f2c")
    assert ("Content-Type", "application/vnd.amazon.eventstream") in response.headers
    await begin(response)
    sent = await frames(response)
    assert len(sent) == 2
    assert sent[1].index(b'"contentBlockIndex"') < sent[1].index(b'"delta"') < sent[1].index(b'"p"')
    model = botocore_side.operation_model(converse_stream)
    parsed = botocore_side.parse_response(model, "rest-json", response, sent)
    assert list(parsed["stream"]) == [START, DELTA]


async def test_an_error_before_the_first_event_is_raised(converse_stream: Operation) -> None:
    response = write(converse_stream, {"stream": Events(error=ThrottlingException("Slow down."))}, "4f2c")
    with pytest.raises(ThrottlingException):
        await begin(response)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (ThrottlingException("Slow down."), "throttlingException"),
        (ValidationException("Not so."), "validationException"),
        (ConflictException("Taken."), "internalServerException"),
    ],
)
async def test_an_error_after_it_is_the_last_frame(converse_stream: Operation, error: ApiError, name: str) -> None:
    response = write(converse_stream, {"stream": Events(START, error=error)}, "4f2c")
    await begin(response)
    sent = await frames(response)
    model = botocore_side.operation_model(converse_stream)
    stream = iter(botocore_side.parse_response(model, "rest-json", response, sent)["stream"])
    assert next(stream) == START
    with pytest.raises(EventStreamError) as caught:
        next(stream)
    assert caught.value.response["Error"] == {"Code": name, "Message": error.message}


async def test_a_stream_without_events_ends_at_once(converse_stream: Operation) -> None:
    response = write(converse_stream, {"stream": Events()}, "4f2c")
    await begin(response)
    assert await frames(response) == []


@pytest.mark.parametrize("event", [{}, {**START, **DELTA}, {"started": {}}, {"messageStart": {"rol": "x"}}])
async def test_an_event_the_model_does_not_know_is_an_error(converse_stream: Operation, event: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="ConverseStream"):
        await begin(write(converse_stream, {"stream": Events(event)}, "4f2c"))


@pytest.mark.parametrize("begun", [False, True])
async def test_closing_the_response_closes_the_stream(converse_stream: Operation, begun: bool) -> None:
    closed = []

    async def events() -> AsyncGenerator[dict[str, Any]]:
        try:
            yield START
            yield DELTA
        finally:
            closed.append(True)

    source = events()
    response = write(converse_stream, {"stream": source}, "4f2c")
    if begun:
        await begin(response)
    assert not isinstance(response.body, bytes)
    await response.body.aclose()
    assert closed == [True] * begun
    with pytest.raises(StopAsyncIteration):
        await anext(source)


def test_a_result_without_its_stream_is_an_error(converse_stream: Operation) -> None:
    with pytest.raises(TypeError, match=r"ConverseStream\.stream"):
        write(converse_stream, {}, "4f2c")

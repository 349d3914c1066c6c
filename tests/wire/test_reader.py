"""What requests become, and what is said about those that are wrong."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from craton.errors import ApiError, SerializationException, UnsupportedMediaTypeException, ValidationException
from craton.wire import events
from craton.wire.message import Request
from craton.wire.reader import read
from craton.wire.router import Router
from craton.wire.spec import Service

MODEL = "/model/us.amazon.nova-lite-v1%3A0"
HELLO = {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}


@pytest.fixture
def take(router: Router) -> Any:
    def take(
        method: str, path: str, body: Any = b"", query: str = "", headers: tuple[tuple[str, str], ...] = ()
    ) -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = Request(method, path, query, headers, raw)
        route = router.match(request)
        return read(route.operation, route.labels, request)

    return take


def refusal(take: Any, body: Any) -> str:
    with pytest.raises(ValidationException) as caught:
        take("POST", f"{MODEL}/converse", body)
    return caught.value.message


def test_labels_and_body_become_one_dict(take: Any) -> None:
    assert take("POST", f"{MODEL}/converse", HELLO) == {"modelId": "us.amazon.nova-lite-v1:0", **HELLO}


def test_queries_and_headers_become_values_of_their_types(take: Any) -> None:
    query = "creationTimeAfter=2026-01-31T12%3A00%3A00Z&maxResults=5&nextToken=a%2Bb"
    assert take("GET", "/model-customization-jobs", query=query) == {
        "creationTimeAfter": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "maxResults": 5,
        "nextToken": "a+b",
    }
    headers = (("x-amzn-bedrock-trace", "ENABLED"), ("content-type", "image/png"), ("host", "localhost"))
    assert take("POST", f"{MODEL}/invoke", b"\x00\xff", headers=headers) == {
        "modelId": "us.amazon.nova-lite-v1:0",
        "trace": "ENABLED",
        "contentType": "image/png",
        "body": b"\x00\xff",
    }


def test_a_list_in_the_query_is_given_item_by_item(take: Any) -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:agent/ABCDEFGHIJ"
    assert take("DELETE", f"/tags/{arn}", query="tagKeys=a+b&tagKeys=c") == {
        "resourceArn": arn,
        "tagKeys": ["a b", "c"],
    }


def test_an_empty_body_is_an_empty_object(take: Any) -> None:
    assert take("POST", "/agents/") == {}
    with pytest.raises(ValidationException, match="'agentName' failed to satisfy constraint: Member must not be null"):
        take("PUT", "/agents/")


def test_unknown_members_are_ignored_and_nulls_are_absent(take: Any) -> None:
    body = {**HELLO, "newFeature": {"deep": [1]}, "system": None, "inferenceConfig": {"topP": None, "maxTokens": 5}}
    assert take("POST", f"{MODEL}/converse", body) == {
        "modelId": "us.amazon.nova-lite-v1:0",
        **HELLO,
        "inferenceConfig": {"maxTokens": 5},
    }


def test_documents_are_taken_as_they_are(take: Any) -> None:
    fields = {"top_k": 5, "nested": [{"null": None}, 1.5, "x"]}
    found = take("POST", f"{MODEL}/converse", {**HELLO, "additionalModelRequestFields": fields})
    assert found["additionalModelRequestFields"] == fields


def test_blobs_are_bytes(take: Any) -> None:
    image = {"image": {"format": "png", "source": {"bytes": "iVBORw=="}}}
    body = {"messages": [{"role": "user", "content": [image]}]}
    found = take("POST", f"{MODEL}/converse", body)
    assert found["messages"][0]["content"][0]["image"]["source"]["bytes"] == b"\x89PNG"


def test_a_member_has_our_name_whatever_it_is_called_on_the_wire(services: dict[str, Service]) -> None:
    from craton.wire.spec import Member
    from craton.wire.validation.schema import Schema

    shape = services["bedrock-agentcore-control"].shapes["DomainOverride"]
    assert Schema(Member(target="DomainOverride", shape=shape)).decode(b'{"default": "a.example.com"}') == {
        "defaultDomain": "a.example.com"
    }


def test_messages_are_those_of_the_real_service(take: Any) -> None:
    tool = {"toolSpec": {"name": "Complete Session", "inputSchema": {"json": {}}}}
    assert refusal(take, {**HELLO, "toolConfig": {"tools": [tool]}}) == (
        "1 validation error detected: Value 'Complete Session' at 'toolConfig.tools.1.member.toolSpec.name' failed to "
        "satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+"
    )
    tool["toolSpec"].update(name="", description="")
    message = refusal(take, {**HELLO, "toolConfig": {"tools": [tool]}})
    assert message.startswith("3 validation errors detected: ")
    assert "Member must have length greater than or equal to 1" in message


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"messages": [{"role": "robot", "content": []}]},
            "Value 'robot' at 'messages.1.member.role' failed to satisfy constraint: "
            "Member must satisfy enum value set: [user, assistant, system]",
        ),
        (
            {"messages": [{"content": []}]},
            "Value at 'messages.1.member.role' failed to satisfy constraint: Member must not be null",
        ),
        (
            {**HELLO, "inferenceConfig": {"temperature": 1.5}},
            "Value '1.5' at 'inferenceConfig.temperature' failed to satisfy constraint: "
            "Member must have value less than or equal to 1",
        ),
        (
            {**HELLO, "inferenceConfig": {"maxTokens": "5"}},
            "Value at 'inferenceConfig.maxTokens' failed to satisfy constraint: "
            "Member must be an integer, not a string",
        ),
        (
            {"messages": [{"role": "user", "content": [{"text": "a", "cachePoint": {"type": "default"}}]}]},
            "it has cachePoint, text",
        ),
        ({"messages": [{"role": "user", "content": [{}]}]}, "it has none"),
        (
            {"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": "?"}}}]}]},
            "'messages.1.member.content.1.member.image.source.bytes' failed to satisfy constraint: "
            "Member must be base64 text",
        ),
        ({**HELLO, "requestMetadata": {"a": "b|"}}, "'requestMetadata.a.member'"),
        ({**HELLO, "requestMetadata": {"|": "b"}}, "which '|' does not"),
        ({"messages": [None]}, "Value at 'messages.1.member' failed to satisfy constraint: Member must be an object"),
        ([], "Value at '$' failed to satisfy constraint: Member must be an object, not an array"),
    ],
)
def test_a_message_names_the_path_and_what_would_be_valid(take: Any, body: Any, expected: str) -> None:
    assert expected in refusal(take, body)


def test_sensitive_values_are_not_repeated(take: Any) -> None:
    image = {"image": {"format": "png", "source": {"s3Location": {"uri": "my secret"}}}}
    message = refusal(take, {"messages": [{"role": "user", "content": [image]}]})
    assert "Value at 'messages.1.member.content.1.member.image.source.s3Location.uri'" in message
    assert "my secret" not in message


def test_a_message_stays_short_however_much_is_wrong(take: Any) -> None:
    assert len(refusal(take, {"messages": [{"role": "x" * 10_000, "content": [{}] * 5000}]})) < 20_000


@pytest.mark.parametrize(
    "body",
    [b"{", b"nul", b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe", b'{"x": "\\ud800"}', b"{} {}"],
)
def test_what_is_not_json_is_a_serialization_error(take: Any, body: bytes) -> None:
    with pytest.raises(SerializationException, match="not valid JSON"):
        take("POST", f"{MODEL}/converse", body)


@pytest.mark.parametrize("opening", [b'{"a":', b"[", b'{"additionalModelRequestFields":[{"a":'])
@pytest.mark.parametrize("levels", [150, 100_000])
def test_what_is_nested_too_deeply_is_refused(take: Any, opening: bytes, levels: int) -> None:
    with pytest.raises((SerializationException, ValidationException)):
        take("POST", f"{MODEL}/converse", opening * levels)


def test_a_deep_document_is_refused_and_a_wide_one_is_not(take: Any) -> None:
    deep: Any = {}
    for _ in range(150):
        deep = {"a": deep}
    with pytest.raises(SerializationException, match="levels deep"):
        take("POST", f"{MODEL}/converse", {**HELLO, "additionalModelRequestFields": deep})
    take("POST", f"{MODEL}/converse", {**HELLO, "additionalModelRequestFields": [{}] * 1000})


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "x"])
def test_a_json_body_must_not_say_that_it_is_something_else(take: Any, content_type: str) -> None:
    with pytest.raises(UnsupportedMediaTypeException, match="Send application/json"):
        take("POST", f"{MODEL}/converse", HELLO, headers=(("content-type", content_type),))


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "application/x-amz-json-1.1"]
)
def test_json_goes_by_several_names(take: Any, content_type: str) -> None:
    assert take("POST", f"{MODEL}/converse", HELLO, headers=(("content-type", content_type),))["messages"]


def test_a_request_without_a_body_may_say_any_content_type(take: Any) -> None:
    assert take("GET", "/foundation-models", headers=(("content-type", "text/plain"),)) == {}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("maxResults=five", "'maxResults' failed to satisfy constraint: Member must be an integer"),
        ("maxResults=0", "Value '0' at 'maxResults'"),
        ("maxResults=1&maxResults=2", "given once"),
        ("creationTimeAfter=yesterday", "Member must be a date-time such as"),
        ("sortOrder=Sideways", "Member must satisfy enum value set: [Ascending, Descending]"),
        ("maxResults=", "'maxResults'"),
    ],
)
def test_a_wrong_query_is_refused_by_name(take: Any, query: str, expected: str) -> None:
    with pytest.raises(ValidationException) as caught:
        take("GET", "/model-customization-jobs", query=query)
    assert expected in caught.value.message


@pytest.mark.parametrize("query", ["a=%", "a=%zz", "a=%ff", "&".join("a" * 2000)])
def test_a_malformed_query_is_a_serialization_error(take: Any, query: str) -> None:
    with pytest.raises(SerializationException):
        take("GET", "/model-customization-jobs", query=query)


def test_a_header_given_twice_is_refused(take: Any) -> None:
    headers = (("x-amzn-bedrock-trace", "ENABLED"), ("x-amzn-bedrock-trace", "DISABLED"))
    with pytest.raises(ValidationException, match="given once"):
        take("POST", f"{MODEL}/invoke", b"{}", headers=headers)


def test_integers_beyond_their_size_are_refused(take: Any) -> None:
    assert "'inferenceConfig.maxTokens'" in refusal(take, {**HELLO, "inferenceConfig": {"maxTokens": 2**31}})
    assert "'inferenceConfig.maxTokens'" in refusal(take, {**HELLO, "inferenceConfig": {"maxTokens": 10**30}})


@pytest.mark.parametrize("name", ["maxTokens", "temperature"])
@pytest.mark.parametrize("number", [10**400, -(10**400)])
def test_numbers_of_hundreds_of_digits_are_refused(take: Any, name: str, number: int) -> None:
    message = refusal(take, {**HELLO, "inferenceConfig": {name: number}})
    assert f"at 'inferenceConfig.{name}' failed to satisfy constraint: Member must have value" in message


async def test_input_events_are_read_as_they_come(services: dict[str, Service]) -> None:
    operation = services["bedrock-runtime"].operations["InvokeModelWithBidirectionalStream"]
    frames = events.event("chunk", b'{"bytes": "aGk="}') + events.event("chunk", b'{"bytes": "eW91"}')

    async def stream() -> AsyncIterator[bytes]:
        for at in range(0, len(frames), 7):
            yield frames[at : at + 7]

    request = Request("POST", "/model/m/invoke-with-bidirectional-stream")
    found = read(operation, {"modelId": "amazon.nova-sonic-v1:0"}, request, stream())
    assert [event async for event in found["body"]] == [{"chunk": {"bytes": b"hi"}}, {"chunk": {"bytes": b"you"}}]


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (events.event("chunk", b'{"bytes": 3}'), ValidationException),
        (events.event("chunk", b"{"), SerializationException),
        (events.event("other", b"{}"), ValidationException),
        (events.exception("chunk", b"{}"), ValidationException),
        (events.event("chunk", b"{}")[:-3], SerializationException),
        (b"no frame at all, but long enough to be one", SerializationException),
    ],
)
async def test_a_wrong_input_event_is_a_modelled_error(
    services: dict[str, Service], frame: bytes, error: type[ApiError]
) -> None:
    operation = services["bedrock-runtime"].operations["InvokeModelWithBidirectionalStream"]
    found = read(operation, {"modelId": "amazon.nova-sonic-v1:0"}, Request("POST", "/", body=frame))
    with pytest.raises(error):
        _ = [event async for event in found["body"]]


def test_an_event_stream_must_say_what_it_is(services: dict[str, Service]) -> None:
    operation = services["bedrock-runtime"].operations["InvokeModelWithBidirectionalStream"]
    request = Request("POST", "/", headers=(("content-type", "application/json"),))
    with pytest.raises(UnsupportedMediaTypeException, match="eventstream"):
        read(operation, {"modelId": "amazon.nova-sonic-v1:0"}, request)

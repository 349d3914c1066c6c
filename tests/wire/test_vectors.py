"""The protocol's own vectors for restJson1, where this machine has them."""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from craton.wire.message import Request
from craton.wire.reader import read
from craton.wire.router import Router
from craton.wire.spec import Member, Operation, Service, Shape
from craton.wire.writer import write

CLIENTS_ONLY = {
    "RestJsonHostWithPath": "the client's endpoint has a path of its own",
    "RestJsonHttpPrefixHeadersAreNotPresent": "an empty map cannot be told from none",
    "MediaTypeHeaderInputBase64": "no service has JSON in a header",
    "RestJsonNullAndEmptyHeaders": "an empty list cannot be told from none",
    "RestJsonOmitsEmptyListQueryValues": "an empty list cannot be told from none",
    "SDKAppliedContentEncoding_restJson1": "the vector does not hold the compressed body",
    "SDKAppendedGzipAfterProvidedEncoding_restJson1": "the vector does not hold the compressed body",
    "RestJsonQueryIdempotencyTokenAutoFill": "the client makes up the token",
    "RestJsonQueryParamsStringListMap": "the map holds what has a member of its own, too",
    "RestJsonQueryPrecedence": "the client drops what it is given twice",
    "RestJsonHttpWithEmptyStructurePayload": "an empty structure cannot be told from none",
    "RestJsonHttpWithHeadersButNoPayload": "an empty structure cannot be told from none",
}

READERS_ONLY = {
    "RestJsonDateTimeWithNegativeOffset": "instants are written in UTC",
    "RestJsonDateTimeWithPositiveOffset": "instants are written in UTC",
    "RestJsonDeserializesDenseSetMapAndSkipsNull": "nulls are not written",
    "RestJsonDoesntDeserializeNullStructureValues": "nulls are not written",
    "RestJsonDeserializeIgnoreType": "types are not written",
    "MediaTypeHeaderOutputBase64": "no service has JSON in a header",
    "RestJsonHttpPayloadWithUnsetUnion": "the server states the length",
}


def _cases(path: Path) -> Iterator[tuple[Service, Operation, dict[str, Any]]]:
    for suite in json.loads(path.read_text())["suites"]:
        for case in suite["cases"]:
            document = {**suite, "operations": {case["given"]["name"]: case["given"]}}
            service = Service.parse(document, "vectors")
            yield service, service.operations[case["given"]["name"]], case


def test_requests(shared_data: Path) -> None:
    checked = 0
    for service, operation, case in _cases(shared_data / "vectors" / "rest-json.input.json"):
        if case["id"] in CLIENTS_ONLY:
            continue
        request = _request(operation, case["serialized"])
        route = Router([service]).match(request)
        found = _plain(read(operation, route.labels, request))
        assert found == _expected(operation.input, case.get("params", {})), case["id"]
        checked += 1
    assert checked > 60


def _request(operation: Operation, sent: dict[str, Any]) -> Request:
    path, _, query = sent["uri"].partition("?")
    headers = tuple((name.lower(), value) for name, value in sent.get("headers", {}).items())
    return Request(operation.method, path, query, headers, sent.get("body", "").encode())


def _plain(value: Any) -> Any:
    """As the vectors write values: instants in seconds, bytes as text, special floats by name."""
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case bytes():
            return value.decode()
        case datetime():
            return value.timestamp()
        case float() if math.isnan(value):
            return "NaN"
        case float() if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        case _:
            return value


def _expected(shape: Shape, params: Any) -> Any:
    return {name: value for name, value in params.items() if value is not None}


def test_responses(shared_data: Path) -> None:
    checked = 0
    for _, operation, case in _cases(shared_data / "vectors" / "rest-json.output.json"):
        if case["id"] in READERS_ONLY or "error" in case:
            continue
        result = {name: _value(operation.output.members[name], value) for name, value in case.get("result", {}).items()}
        response = write(operation, result, "1")
        wanted = case["response"]
        assert response.status == wanted.get("status_code", 200), case["id"]
        assert isinstance(response.body, bytes)
        assert _json(response.body) == _json(wanted.get("body", "").encode()), case["id"]
        headers = {name.lower(): value for name, value in response.headers}
        for name, value in wanted.get("headers", {}).items():
            assert headers.get(name.lower()) == value, case["id"]
        checked += 1
    assert checked > 60


def _json(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except ValueError:
        return body


def _value(member: Member, value: Any) -> Any:
    """What a handler would return for what the vectors write."""
    shape = member.shape
    if value is None or shape.document:
        return value
    match shape.type:
        case "structure":
            return {name: _value(shape.members[name], item) for name, item in value.items()}
        case "list":
            assert shape.member
            return [_value(shape.member, item) for item in value]
        case "map":
            assert shape.value
            return {key: _value(shape.value, item) for key, item in value.items()}
        case "blob":
            return value.encode()
        case "timestamp":
            return datetime.fromtimestamp(value, UTC)
        case "float" | "double":
            return float(value)
        case _:
            return value

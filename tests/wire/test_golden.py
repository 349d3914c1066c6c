"""Recorded traffic of the real service: what it took, the reader takes; what it sent, the writer can send."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from craton.errors import ValidationException
from craton.wire.message import Request
from craton.wire.reader import read
from craton.wire.router import Router
from craton.wire.spec import Service
from craton.wire.writer import write, write_error


def records(shared_data: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((shared_data / "golden").glob("*.jsonl")):
        yield from map(json.loads, path.read_text().splitlines())


def test_every_recorded_request_is_read(shared_data: Path, router: Router) -> None:
    checked = 0
    for record in records(shared_data):
        sent = record["request"]
        if sent["body"]["kind"] != "json":
            continue
        body = json.dumps(sent["body"]["body"]).encode()
        headers = tuple((name.lower(), value) for name, value in sent["headers"])
        request = Request(sent["method"], sent["path"], sent["query"], headers, body)
        route = router.match(request)
        assert route.operation.name == record["operation"], record["id"]
        assert "modelId" in read(route.operation, route.labels, request)
        checked += 1
    assert checked > 100


def test_recorded_converse_answers_can_be_written(shared_data: Path, services: dict[str, Service]) -> None:
    converse = services["bedrock-runtime"].operations["Converse"]
    checked = 0
    for record in records(shared_data):
        received = record["response"]
        if record["operation"] != "Converse" or received["status"] != 200:
            continue
        result = received["body"]["body"]
        # The older spelling of two counts, which the service sent beside the modelled one.
        result["usage"] = {name: count for name, count in result["usage"].items() if not name.endswith("TokenCount")}
        response = write(converse, result, "1")
        assert isinstance(response.body, bytes)
        assert json.loads(response.body) == result
        assert {name for name, _ in response.headers} <= {name for name, _ in received["headers"]}
        checked += 1
    assert checked > 10


def test_recorded_errors_are_written_alike(shared_data: Path, services: dict[str, Service]) -> None:
    operations = services["bedrock-runtime"].operations
    refused = [record for record in records(shared_data) if record["response"]["status"] == 400]
    assert refused
    for record in refused:
        received = record["response"]
        error = ValidationException(received["body"]["body"]["message"])
        response = write_error(operations[record["operation"]], error, "1")
        assert isinstance(response.body, bytes)
        assert (response.status, json.loads(response.body)) == (400, received["body"]["body"])
        ours, theirs = dict(response.headers), dict(received["headers"])
        assert ours.keys() <= theirs.keys()
        assert ours["x-amzn-ErrorType"] == theirs["x-amzn-ErrorType"]

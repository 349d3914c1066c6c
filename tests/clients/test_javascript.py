"""The AWS SDK for JavaScript. On plain http its runtime client opens HTTP/2 unasked, and signs `:authority`."""

import json

import pytest

from tests.clients.conftest import Program, logged
from tests.serving import MODEL, Server

pytestmark = [pytest.mark.clients, pytest.mark.model]

QUESTION = "What is the capital of France?"
CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0"


def test_converse_over_http_2(node: Program) -> None:
    printed = node("converse.mjs", MODEL, QUESTION)
    assert printed["handler"] == "h2"
    answer = printed["answer"]
    assert "Paris" in answer["output"]["message"]["content"][0]["text"]
    assert answer["stopReason"] == "end_turn"
    assert answer["$metadata"]["attempts"] == 1


def test_a_stream_of_events(node: Program) -> None:
    events = node("converse_stream.mjs", MODEL, QUESTION)
    assert events[0] == {"messageStart": {"role": "assistant"}}
    assert [next(iter(event)) for event in events[-3:]] == ["contentBlockStop", "messageStop", "metadata"]
    assert "Paris" in "".join(event["contentBlockDelta"]["delta"]["text"] for event in events[1:-3])
    assert len(events) > 5, "the words did not come one by one"
    assert events[-1]["metadata"]["usage"]["outputTokens"] > 0


def test_a_stream_of_a_vendors_own_chunks(node: Program) -> None:
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 30,
        "temperature": 0,
        "messages": [{"role": "user", "content": QUESTION}],
    }
    printed = node("invoke_stream.mjs", CLAUDE, json.dumps(body))
    assert printed["contentType"] == "application/json"
    chunks = printed["chunks"]
    assert [chunks[0]["type"], chunks[-1]["type"]] == ["message_start", "message_stop"]
    words = [chunk["delta"]["text"] for chunk in chunks if chunk["type"] == "content_block_delta"]
    assert "Paris" in "".join(words)
    assert chunks[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] > 0


def test_the_control_plane(node: Program) -> None:
    models = {model["modelId"]: model for model in node("list_models.mjs")}
    assert models[MODEL]["outputModalities"] == ["TEXT"]
    assert models[MODEL]["responseStreamingSupported"] is True


def test_an_error_is_of_its_modelled_class(node: Program) -> None:
    error = node("error.mjs", "nothing.here-v1:0")
    assert error.pop("requestId")
    assert error == {
        "name": "ValidationException",
        "message": "The provided model identifier is invalid.",
        "httpStatusCode": 400,
        "modelled": True,
    }


def test_an_aborted_stream_ends_its_generation(node: Program, server: Server) -> None:
    printed = node("abort.mjs", MODEL, "Write a long story about a river.")
    assert printed["words"] == 3
    assert printed["inputTokens"] > 0, "the connection did not survive"
    line = logged(server, printed["requestId"])
    assert line["status"] == 499
    assert line["ms"] < printed["milliseconds"] + 1000, "the server went on for a second after the client had gone"

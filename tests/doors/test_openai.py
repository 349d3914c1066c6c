"""The OpenAI door as it is on the wire: statuses, headers, bodies and events to the letter."""

import base64
import json
import struct
from typing import Any

import pytest

from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import Reply, sign
from tests.doors.conftest import EMBEDDER, Send

BASES = ("/v1", "/openai/v1")
HI = [{"role": "user", "content": "Hello"}]
WORDS = scripted.ANSWER.split()


def ask(path: str, body: Any = None, *, service: str = "bedrock") -> Request:
    method = "GET" if body is None else "POST"
    data = b"" if body is None else json.dumps(body).encode()
    return sign(Request(method, path, headers=(("content-type", "application/json"),), body=data), service)


def chat(send: Send, **body: Any) -> Reply:
    return send(ask("/v1/chat/completions", {"model": scripted.MODEL, "messages": HI} | body))


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def events(reply: Reply) -> list[Any]:
    """The data of each event, `[DONE]` as text."""
    *lines, rest = reply.body.decode().split("\n\n")
    assert rest == ""
    assert all(line.startswith("data: ") for line in lines)
    texts = [line.removeprefix("data: ") for line in lines]
    return [text if text == "[DONE]" else json.loads(text) for text in texts]


def error(reply: Reply) -> tuple[int, str, str | None, str | None]:
    told = reply.json["error"]
    assert told["message"]
    return reply.status, told["type"], told["param"], told["code"]


def test_a_completion_is_that_of_the_api(send: Send) -> None:
    reply = chat(send, user="u", metadata={"a": "b"}, store=False)
    body = reply.json
    assert body.pop("id").startswith("chatcmpl-")
    assert body.pop("created") > 1_700_000_000
    assert body.pop("system_fingerprint").startswith("fp_")
    assert body == {
        "object": "chat.completion",
        "model": scripted.MODEL,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": scripted.ANSWER, "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": 1,
            "completion_tokens": len(WORDS),
            "total_tokens": 1 + len(WORDS),
            "prompt_tokens_details": {"cached_tokens": 0},
        },
    }
    assert reply.headers["x-request-id"]


def test_a_stream_begins_with_the_role_and_ends_with_done(send: Send) -> None:
    reply = chat(send, stream=True)
    assert reply.headers["content-type"].startswith("text/event-stream")
    *chunks, done = events(reply)
    assert done == "[DONE]"
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": "", "refusal": None}
    assert "".join(delta["content"] for delta in deltas[1:-1]) == scripted.ANSWER
    assert (deltas[-1], chunks[-1]["choices"][0]["finish_reason"]) == ({}, "stop")
    assert not any("usage" in chunk for chunk in chunks)


def test_usage_is_the_last_chunk_where_it_is_asked_for(send: Send) -> None:
    *chunks, last, _ = events(chat(send, stream=True, stream_options={"include_usage": True}))
    assert {chunk["usage"] for chunk in chunks} == {None}
    assert (last["choices"], last["usage"]["completion_tokens"]) == ([], len(WORDS))


def test_chunks_are_padded_where_it_is_asked_for(send: Send) -> None:
    *chunks, _ = events(chat(send, stream=True, stream_options={"include_obfuscation": True}))
    assert all(chunk["obfuscation"] for chunk in chunks)


@pytest.mark.parametrize("stream", [False, True])
def test_several_answers_are_choices_and_share_their_prompt(send: Send, stream: bool) -> None:
    reply = chat(send, n=3, stream=stream, seed=7, stream_options={"include_usage": True} if stream else None)
    if not stream:
        assert [choice["message"]["content"] for choice in reply.json["choices"]] == [scripted.ANSWER] * 3
        usage = reply.json["usage"]
    else:
        *chunks, last, _ = events(reply)
        choices = [chunk["choices"][0] for chunk in chunks]
        for index in range(3):
            texts = [choice["delta"].get("content", "") for choice in choices if choice["index"] == index]
            assert "".join(texts) == scripted.ANSWER
        assert sorted(choice["index"] for choice in choices if choice["finish_reason"]) == [0, 1, 2]
        usage = last["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (1, 3 * len(WORDS))


@pytest.mark.parametrize(
    ("asked", "told"), [("auto", "default"), ("default", "default"), ("flex", "flex"), ("fast", "priority")]
)
def test_the_tier_that_served_is_told_to_those_who_ask(send: Send, asked: str, told: str) -> None:
    assert chat(send, service_tier=asked).json["service_tier"] == told
    assert {chunk["service_tier"] for chunk in events(chat(send, service_tier=asked, stream=True))[:-1]} == {told}
    assert "service_tier" not in chat(send).json


@pytest.mark.parametrize("stream", [False, True])
def test_an_error_before_the_answer_is_a_plain_one(send: Send, stream: bool) -> None:
    reply = chat(send, messages=said("fail before"), stream=stream)
    assert error(reply) == (429, "requests", None, "rate_limit_exceeded")
    assert reply.headers["x-request-id"]


def test_an_error_within_a_stream_is_its_last_event(send: Send) -> None:
    reply = chat(send, messages=said("fail after"), stream=True)
    assert reply.status == 200
    *_, last = events(reply)
    assert last["error"] == {
        "message": "The script broke off.",
        "type": "server_error",
        "param": None,
        "code": "model_error",
    }


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"model": "nobody.knows-it"}, (404, "invalid_request_error", None, "model_not_found")),
        ({"model": None}, (400, "invalid_request_error", "model", "missing_required_parameter")),
        ({"model": EMBEDDER}, (400, "invalid_request_error", "model", "invalid_value")),
        ({"best_of": 2}, (400, "invalid_request_error", "best_of", "unknown_parameter")),
        (
            {"messages": [{"role": "user", "content": "x", "x": 1}]},
            (400, "invalid_request_error", "messages[0].x", "unknown_parameter"),
        ),
        ({"temperature": 3}, (400, "invalid_request_error", "temperature", "invalid_value")),
        ({"store": True}, (400, "invalid_request_error", "store", "invalid_value")),
        ({"prediction": {}}, (400, "invalid_request_error", "prediction", "invalid_value")),
        ({"stream_options": {}}, (400, "invalid_request_error", "stream_options", "invalid_value")),
        ({"n": 200}, (400, "invalid_request_error", "n", "invalid_value")),
    ],
)
def test_what_is_not_done_is_refused_by_name(
    send: Send, body: dict[str, Any], told: tuple[int, str, str | None, str | None]
) -> None:
    assert error(chat(send, **body)) == told


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("service", ["bedrock", "bedrock-mantle"])
def test_both_bases_and_both_services_are_served(send: Send, base: str, service: str) -> None:
    body = {"model": scripted.MODEL, "messages": HI}
    reply = send(ask(f"{base}/chat/completions", body, service=service))
    assert reply.json["choices"][0]["message"]["content"] == scripted.ANSWER


def test_a_request_signed_for_another_service_is_refused(send: Send) -> None:
    assert error(send(ask("/v1/models", service="s3"))) == (401, "invalid_request_error", None, "invalid_api_key")


@pytest.mark.parametrize(
    "headers", [(), (("authorization", "Bearer nonsense"),), (("x-api-key", "nonsense"),), (("authorization", "x"),)]
)
def test_a_caller_who_proves_nothing_is_refused(send: Send, headers: tuple[tuple[str, str], ...]) -> None:
    reply = send(Request("GET", "/v1/models", headers=headers))
    assert error(reply) == (401, "invalid_request_error", None, "invalid_api_key")


@pytest.mark.parametrize(
    ("method", "path", "hint"),
    [
        ("GET", "/v1/files", "GET /v1/files"),
        ("GET", "/openai/v1/chat/completions", "It takes POST."),
        ("POST", "/v1/images/generations", "POST"),
    ],
)
def test_an_unknown_path_is_refused_in_the_words_of_the_api(send: Send, method: str, path: str, hint: str) -> None:
    reply = send(Request(method, path))
    assert error(reply) == (404, "invalid_request_error", None, "unknown_url")
    assert hint in reply.json["error"]["message"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(send: Send, body: bytes) -> None:
    reply = send(sign(Request("POST", "/v1/chat/completions", body=body)))
    assert error(reply) == (400, "invalid_request_error", None, None)
    assert "JSON" in reply.json["error"]["message"]


def test_models_are_listed_and_found_by_any_of_their_names(send: Send) -> None:
    listed = send(ask("/v1/models")).json
    assert listed["object"] == "list"
    assert {model["id"] for model in listed["data"]} >= {scripted.MODEL, EMBEDDER}
    assert listed["data"][0].keys() == {"id", "object", "created", "owned_by"}
    arn = f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"
    for name in (scripted.MODEL, "anthropic.claude-3-haiku-20240307-v1:0", arn, arn.replace("/", "%2F")):
        found = send(ask(f"/v1/models/{name}"))
        assert (found.status, found.json["id"]) == (200, name.replace("%2F", "/"))
    assert error(send(ask("/v1/models/nobody.knows-it")))[3] == "model_not_found"


def test_embeddings_are_of_unit_length_in_either_form(send: Send) -> None:
    def embed(**body: Any) -> Reply:
        return send(ask("/v1/embeddings", {"model": EMBEDDER, "input": ["one two", "three"]} | body))

    plain, packed = embed().json, embed(encoding_format="base64").json
    assert (plain["object"], plain["model"], [entry["index"] for entry in plain["data"]]) == ("list", EMBEDDER, [0, 1])
    assert plain["usage"] == {"prompt_tokens": 3, "total_tokens": 3}
    for listed, encoded in zip(plain["data"], packed["data"], strict=True):
        vector = listed["embedding"]
        assert sum(number * number for number in vector) == pytest.approx(1)
        decoded = struct.unpack(f"<{len(vector)}f", base64.b64decode(encoded["embedding"]))
        assert decoded == pytest.approx(vector)
    assert error(embed(input=[[1, 2]])) == (400, "invalid_request_error", "input", "invalid_value")
    assert error(embed(dimensions=7)) == (400, "invalid_request_error", "dimensions", "invalid_value")
    assert error(embed(model=scripted.MODEL)) == (400, "invalid_request_error", "model", "invalid_value")

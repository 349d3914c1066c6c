"""The Anthropic door as it is on the wire: statuses, headers, bodies and events to the letter."""

import json
from typing import Any, cast

import msgspec
import pytest

from craton.core.context import Context
from craton.doors.anthropic.models import ModelList
from craton.doors.rest import Asked
from craton.models.catalogue import Model
from craton.models.resolve import Models
from craton.runtime.inference import Inference
from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import Reply, sign
from tests.doors.conftest import EMBEDDER, Send

VERSION = ("anthropic-version", "2023-06-01")
NEW_VERSION = ("anthropic-version", "2026-10-21")
WORDS = scripted.ANSWER.split()
BODY = {"model": scripted.MODEL, "max_tokens": 50, "messages": [{"role": "user", "content": "Hello"}]}


def ask(path: str, body: Any = None, *, version: tuple[str, str] = VERSION, service: str = "bedrock") -> Request:
    path, _, query = path.partition("?")
    data = b"" if body is None else json.dumps(body).encode()
    headers = (version, ("content-type", "application/json"))
    return sign(Request("GET" if body is None else "POST", path, query, headers, data), service)


def message(send: Send, version: tuple[str, str] = VERSION, **body: Any) -> Reply:
    return send(ask("/v1/messages", BODY | body, version=version))


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def events(reply: Reply) -> list[Any]:
    """The data of each event, whose name must be its type."""
    *parts, rest = reply.body.decode().split("\n\n")
    assert rest == ""
    found = []
    for part in parts:
        name, data = part.split("\n")
        found.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {found[-1]['type']}"
    return found


def error(reply: Reply) -> tuple[int, str]:
    body = reply.json
    assert (body["type"], body["request_id"]) == ("error", reply.headers["request-id"])
    assert body["error"]["message"]
    return reply.status, body["error"]["type"]


def test_a_message_is_that_of_the_api(send: Send) -> None:
    reply = message(send, service_tier="auto", metadata={"user_id": "u"}, top_k=5)
    body = reply.json
    assert body.pop("id").startswith("msg_")
    assert body == {
        "type": "message",
        "role": "assistant",
        "model": scripted.MODEL,
        "content": [{"type": "text", "text": scripted.ANSWER}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 1,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": len(WORDS),
            "service_tier": "standard",
        },
    }
    assert reply.headers["request-id"]


def test_a_stream_follows_the_grammar_and_pings(send: Send) -> None:
    reply = message(send, stream=True, stop_sequences=["exactly"])
    found = events(reply)
    kinds = [event["type"] for event in found]
    deltas = ["content_block_delta"] * (len(found) - 6)
    assert kinds == [
        "message_start",
        "ping",
        "content_block_start",
        *deltas,
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    start, end = found[0]["message"], found[-2]
    assert (start["content"], start["stop_reason"], start["model"]) == ([], None, scripted.MODEL)
    assert start["usage"].keys() >= {"input_tokens", "cache_read_input_tokens", "output_tokens"}
    assert "".join(event["delta"]["text"] for event in found[3:-3]) == "A scripted answer of "
    assert end["delta"] == {"stop_reason": "stop_sequence", "stop_sequence": "exactly"}
    assert (end["usage"]["input_tokens"], end["usage"]["output_tokens"]) == (1, 5)


def test_a_silent_stream_is_kept_alive_by_pings(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("craton.doors.anthropic.messages.SILENCE", 0.002)
    found = events(message(send, messages=said("talk for a second"), stream=True))
    assert sum(event["type"] == "ping" for event in found) > 3


def test_tokens_are_counted_without_an_answer(send: Send) -> None:
    body = {"model": scripted.MODEL, "messages": said("one two three"), "system": "four five"}
    assert send(ask("/v1/messages/count_tokens", body)).json == {"input_tokens": 5}
    assert error(send(ask("/v1/messages/count_tokens", body | {"max_tokens": 5}))) == (400, "invalid_request_error")


@pytest.mark.parametrize("base", ["/v1", "/anthropic/v1"])
@pytest.mark.parametrize("service", ["bedrock", "bedrock-mantle"])
def test_both_bases_and_both_services_are_served(send: Send, base: str, service: str) -> None:
    reply = send(ask(f"{base}/messages", BODY, service=service))
    assert reply.json["content"][0]["text"] == scripted.ANSWER


@pytest.mark.parametrize("stream", [False, True])
def test_an_error_before_the_answer_is_a_plain_one(send: Send, stream: bool) -> None:
    assert error(message(send, messages=said("fail before"), stream=stream)) == (429, "rate_limit_error")


def test_an_error_within_a_stream_is_its_last_event(send: Send) -> None:
    reply = message(send, messages=said("fail after"), stream=True)
    assert reply.status == 200
    *_, last = events(reply)
    assert last["error"] == {"type": "api_error", "message": "The script broke off."}
    assert last["request_id"] == reply.headers["request-id"]


@pytest.mark.parametrize(
    ("body", "told", "words"),
    [
        ({"model": "nobody.knows-it"}, (404, "not_found_error"), "nobody.knows-it"),
        ({"model": None}, (400, "invalid_request_error"), "model: required"),
        ({"model": EMBEDDER}, (400, "invalid_request_error"), "makes embeddings"),
        ({"container": "c"}, (400, "invalid_request_error"), "container: extraneous key"),
        ({"max_tokens": 0}, (400, "invalid_request_error"), "max_tokens: "),
        ({"tools": [{"type": "web_search_20250305", "name": "w"}]}, (400, "invalid_request_error"), "tools.0"),
        ({"messages": [{"role": "user", "content": [{"type": "x"}]}]}, (400, "invalid_request_error"), "messages.0"),
        ({"anthropic_version": "bedrock-2023-05-31"}, (400, "invalid_request_error"), "anthropic_version: "),
    ],
)
def test_what_is_not_done_is_refused_by_name(
    send: Send, body: dict[str, Any], told: tuple[int, str], words: str
) -> None:
    reply = message(send, **body)
    assert error(reply) == told
    assert words in reply.json["error"]["message"]


def test_each_version_has_its_parameters(send: Send) -> None:
    assert message(send, temperature=0.5).status == 200
    assert error(message(send, NEW_VERSION, temperature=0.5)) == (400, "invalid_request_error")
    assert error(message(send, ("anthropic-version", "2020-02-02"))) == (400, "invalid_request_error")


@pytest.mark.parametrize("headers", [(), (("x-api-key", "nonsense"),), (("authorization", "Bearer nonsense"),)])
def test_a_caller_who_proves_nothing_is_refused(send: Send, headers: tuple[tuple[str, str], ...]) -> None:
    reply = send(Request("GET", "/v1/models", headers=(VERSION, *headers)))
    assert error(reply) == (401, "authentication_error")


@pytest.mark.parametrize("path", ["/v1/messages/batches", "/anthropic/v1/files", "/v1/complete"])
def test_an_unknown_path_is_refused_in_the_words_of_the_api(send: Send, path: str) -> None:
    assert error(send(ask(path))) == (404, "not_found_error")


def test_models_are_told_in_the_form_of_the_api_that_the_header_names(send: Send) -> None:
    listed = send(ask("/v1/models")).json
    assert listed["data"][0]["type"] == "model"
    assert {model["id"] for model in listed["data"]} == {scripted.MODEL}, "models of embeddings take no messages"
    assert listed["data"][0]["max_input_tokens"] == 8192
    assert send(sign(Request("GET", "/v1/models"))).json["object"] == "list"
    assert send(sign(Request("GET", "/anthropic/v1/models"))).json["data"] == listed["data"]
    found = send(ask("/v1/models/anthropic.claude-3-haiku-20240307-v1:0"))
    assert (found.status, found.json["id"]) == (200, "anthropic.claude-3-haiku-20240307-v1:0")
    assert error(send(ask("/v1/models/nobody.knows-it"))) == (404, "not_found_error")


class Five:
    """Five models, of which the API lists the four that answer in text."""

    async def usable(self, ctx: Context) -> list[Model]:
        kinds = {"a": "TEXT", "b": "TEXT", "c": "EMBEDDING", "d": "TEXT", "e": "TEXT"}
        base = {"short": "", "name": "", "provider": "", "family": "", "licence": "", "input": ["TEXT"], "engines": []}
        base |= {"context_length": 1, "max_output_tokens": 1, "files": []}
        return [msgspec.convert({"id": name, "output": [kind], **base}, Model) for name, kind in kinds.items()]


@pytest.mark.parametrize(
    ("query", "ids", "more"),
    [
        ({}, "abde", False),
        ({"limit": ["2"]}, "ab", True),
        ({"limit": ["2"], "after_id": ["b"]}, "de", False),
        ({"limit": ["2"], "before_id": ["e"]}, "bd", True),
        ({"limit": ["2"], "before_id": ["b"]}, "a", False),
        ({"after_id": ["e"]}, "", False),
    ],
)
async def test_models_come_in_pages(query: dict[str, list[str]], ids: str, more: bool) -> None:
    listed = ModelList(cast(Inference, None), cast(Models, Five()))
    response = await listed.list(Context("1", "us-east-1", "p", "r"), Asked(query=query))
    assert isinstance(response.body, bytes)
    body = json.loads(response.body)
    assert ([model["id"] for model in body["data"]], body["has_more"]) == (list(ids), more)
    assert (body["first_id"], body["last_id"]) == ((ids[0], ids[-1]) if ids else (None, None))


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=many", "after_id=a&before_id=b"])
def test_a_page_that_makes_no_sense_is_refused(send: Send, query: str) -> None:
    assert error(send(ask(f"/v1/models?{query}"))) == (400, "invalid_request_error")

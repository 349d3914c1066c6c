"""Guardrails at the OpenAI and Anthropic doors: what SDKs never send, and what asks for nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import Reply, sign
from tests.doors.conftest import EMBEDDER, Send

HELLO = [{"role": "user", "content": "Hello"}]
CHAT = ("/v1/chat/completions", {"model": scripted.MODEL, "messages": HELLO})
MESSAGES = ("/v1/messages", {"model": scripted.MODEL, "messages": HELLO, "max_tokens": 50})
RESPONSES = ("/v1/responses", {"model": scripted.MODEL, "input": "Hello"})
EMBEDDINGS = ("/v1/embeddings", {"model": EMBEDDER, "input": "Hello"})
GENERATING = [CHAT, MESSAGES, RESPONSES]

Ask = Callable[..., Reply]


@pytest.fixture
def ask(send: Send) -> Ask:
    def ask(call: tuple[str, dict[str, Any]], more: dict[str, Any] | None = None, **named: str) -> Reply:
        path, body = call
        headers = [("content-type", "application/json")]
        headers += [("anthropic-version", "2023-06-01")] if path == MESSAGES[0] else []
        headers += [(f"x-amzn-bedrock-{name}", value) for name, value in named.items()]
        return send(sign(Request("POST", path, "", tuple(headers), json.dumps(body | (more or {})).encode())))

    return ask


@pytest.fixture(scope="module")
def guardrail(send: Send) -> str:
    """Blocks what the scripted model says, but not what it is asked."""
    words = {"wordsConfig": [{"text": "seven"}]}
    said = {"blockedInputMessaging": "Not here.", "blockedOutputsMessaging": "Not from me."}
    body = json.dumps({"name": "doors", **said, "wordPolicyConfig": words}).encode()
    made = send(sign(Request("POST", "/guardrails", "", (("content-type", "application/json"),), body)))
    return str(made.json["guardrailId"])


@pytest.mark.parametrize("call", GENERATING, ids=["chat", "messages", "responses"])
def test_a_guardrail_is_asked_for_by_headers(ask: Ask, guardrail: str, call: Any) -> None:
    answer = ask(call, guardrailidentifier=guardrail, guardrailversion="DRAFT")
    assert answer.status == 200
    assert "Not from me." in answer.body.decode() and "seven" not in answer.body.decode()
    assert answer.json["amazon-bedrock-guardrailAction"] == "INTERVENED"
    assert "amazon-bedrock-trace" not in answer.json


@pytest.mark.parametrize("call", GENERATING, ids=["chat", "messages", "responses"])
def test_who_asks_for_none_is_told_of_none(ask: Ask, call: Any) -> None:
    answer = ask(call)
    assert scripted.ANSWER in answer.body.decode() and "guardrail" not in answer.body.decode()


@pytest.mark.parametrize("call", GENERATING, ids=["chat", "messages", "responses"])
@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"guardrailidentifier": "nosuchguardrail", "guardrailversion": "1"}, "does not exist"),
        ({"guardrailidentifier": "nosuchguardrail"}, "none of its versions"),
        ({"guardrailidentifier": "No Such", "guardrailversion": "1"}, "identifier is invalid"),
    ],
)
def test_one_that_is_not_there_is_an_error_of_the_api(ask: Ask, call: Any, named: dict[str, str], words: str) -> None:
    answer = ask(call, **named)
    assert answer.status == 400
    assert words in answer.json["error"]["message"]


@pytest.mark.parametrize("call", GENERATING, ids=["chat", "messages", "responses"])
def test_the_member_of_the_body_needs_the_header(ask: Ask, call: Any) -> None:
    answer = ask(call, {"amazon-bedrock-guardrailConfig": {"tagSuffix": "x"}})
    assert answer.status == 400
    assert "names no guardrail" in answer.json["error"]["message"]


def test_embeddings_have_nothing_to_judge(ask: Ask, guardrail: str) -> None:
    answer = ask(EMBEDDINGS, guardrailidentifier=guardrail, guardrailversion="DRAFT")
    assert answer.status == 400
    assert "guardrails do not judge" in answer.json["error"]["message"]


def test_each_of_several_answers_is_judged(ask: Ask, guardrail: str) -> None:
    answer = ask(CHAT, {"n": 2}, guardrailidentifier=guardrail, guardrailversion="DRAFT")
    reasons = [choice["finish_reason"] for choice in answer.json["choices"]]
    assert reasons == ["content_filter", "content_filter"]


def test_each_stream_of_several_tells_of_it_at_its_end(ask: Ask, guardrail: str) -> None:
    answer = ask(CHAT, {"n": 2, "stream": True}, guardrailidentifier=guardrail, guardrailversion="DRAFT")
    chunks = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: {")]
    last = [chunk for chunk in chunks if chunk["choices"] and chunk["choices"][0]["finish_reason"]]
    assert [chunk["amazon-bedrock-guardrailAction"] for chunk in last] == ["INTERVENED", "INTERVENED"]
    assert {chunk["choices"][0]["index"] for chunk in last} == {0, 1}

"""Guardrails as the OpenAI and Anthropic SDKs ask for them, by headers and a member of the body."""

from collections.abc import Iterator

import pytest

from tests import scripted
from tests.clients.conftest import Program, addresses, made_key
from tests.guardrails.making import made
from tests.serving import Server

pytestmark = pytest.mark.clients

RULES = [
    {"match": "address", "text": "Write to eve@example.com today."},
    {"match": "fruit", "text": "It is a durian."},
    {"match": "seven?", "text": "Seven."},
    {"text": "A quiet answer."},
]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("judged") / "home"
    scripted.install(home, script={"rules": RULES})
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def guardrail(judged: Server) -> str:
    return made(
        judged.client("bedrock"),
        wordPolicyConfig={"wordsConfig": [{"text": "durian"}]},
        sensitiveInformationPolicyConfig={"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]},
    )


def test_openai(python: Program, judged: Server, guardrail: str) -> None:
    printed = python("openai_guardrails.py", scripted.MODEL, guardrail, **addresses(judged, made_key(judged)))
    assert printed["blocked"] == ["Not here.", "content_filter", "INTERVENED"]
    assert printed["stopped"] == ["Not from me.", "content_filter", "INTERVENED"]
    assert printed["masked"] == ["Write to {EMAIL} today.", "stop", "INTERVENED"]
    assert printed["quiet"] == ["A quiet answer.", "stop", "NONE"]
    assert printed["tagged"] == ["Seven.", "stop", "NONE"]
    assert (printed["streamed"], printed["finish"]) == ("Write to {EMAIL} today.", "stop")
    assert guardrail in printed["last"]["amazon-bedrock-trace"]["guardrail"]["input"]
    assert printed["response"] == ["Not from me.", "incomplete", "content_filter"]
    assert printed["response_stream"] == "Write to {EMAIL} today."
    assert printed["background"] == ["completed", "Write to {EMAIL} today."]


def test_anthropic(python: Program, judged: Server, guardrail: str) -> None:
    printed = python("anthropic_guardrails.py", scripted.MODEL, guardrail, **addresses(judged, made_key(judged)))
    assert printed["blocked"] == ["Not here.", "refusal", "INTERVENED"]
    assert printed["masked"] == ["Write to {EMAIL} today.", "end_turn", "INTERVENED"]
    assert guardrail in printed["trace"]["guardrail"]["input"]
    assert printed["streamed"] == ["Not from me.", "refusal"]

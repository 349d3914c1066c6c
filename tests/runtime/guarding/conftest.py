"""A server whose model says what guardrails are for, and guardrails of one account that judge it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import scripted
from tests.guardrails.making import made
from tests.serving import Server

EMBEDDER = "craton.scripted-embed-v1:0"
# What the model says to what it is asked; the longer ones are past what a stream holds back before it is judged.
LONG = "The weather is fine and the sea is calm today. " * 30
RULES: list[dict[str, Any]] = [
    {"match": "{EMAIL}", "text": "I was given a mask."},
    {"match": "bob@example.com", "text": "I was given an address."},
    {"match": "an address", "text": "Write to eve@example.com or to mallory@example.org today."},
    {"match": "letter by letter", "chunks": list("Write to eve@example.com today. ")},
    {"match": "the fruit", "text": "It is a durian."},
    {"match": "a long story", "text": f"{LONG}It ends with a durian. {LONG}"},
    {"match": "never ends", "chunks": [LONG, "durian "], "repeat": 1_000_000, "interval": 0.001},
    {
        "match": "call the tool",
        "text": "I look.",
        "tools": [{"name": "mail", "input": {"to": ["eve@example.com"], "copies": 2}}],
    },
    {"match": "call it with the fruit", "text": "I look.", "tools": [{"name": "mail", "input": {"to": "a durian"}}]},
    {"match": "think", "reasoning": "A durian? I had better not tell eve@example.com.", "text": "No."},
    {"text": "A quiet answer."},
]

EMAIL = {"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]}
GUARDRAIL: dict[str, Any] = {
    "wordPolicyConfig": {"wordsConfig": [{"text": "durian"}]},
    "sensitiveInformationPolicyConfig": EMAIL,
}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("guarded") / "home"
    scripted.install(home, script={"rules": RULES})
    scripted.install(home, EMBEDDER, output="EMBEDDING")
    with Server(home, "--stand-in", f"*.*={scripted.MODEL}") as running:
        yield running


@pytest.fixture(scope="module")
def runtime(guarded: Server) -> Any:
    return guarded.client("bedrock-runtime")


@pytest.fixture(scope="module")
def guardrail(guarded: Server) -> str:
    """Blocks the word durian, and masks e-mail addresses."""
    return made(guarded.client("bedrock"), **GUARDRAIL)


@pytest.fixture(scope="module")
def make(guarded: Server) -> Callable[..., str]:
    """Makes a guardrail with these policies."""
    return lambda **policies: made(guarded.client("bedrock"), **policies)

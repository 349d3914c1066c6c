"""The anthropic SDK's client for Bedrock, which speaks Messages through InvokeModel and its stream."""

from typing import Any

import pytest

from tests.clients.conftest import Program
from tests.serving import Server

pytestmark = [pytest.mark.clients, pytest.mark.model]

QUESTION = "What is the capital of France?"
CLAUDE_3 = "anthropic.claude-3-haiku-20240307-v1:0"
CLAUDE_4_7 = "us.anthropic.claude-opus-4-7"
VERSION = "bedrock-2023-05-31"


def check(printed: Any, model: str) -> None:
    message, final = printed["message"], printed["final"]
    for answer in (message, final):
        assert (answer["type"], answer["role"], answer["model"]) == ("message", "assistant", model)
        assert answer["stop_reason"] in {"end_turn", "max_tokens"}
        assert answer["usage"]["input_tokens"] > 0 < answer["usage"]["output_tokens"]
        assert answer["content"][0]["text"]
    assert "".join(printed["words"]) == final["content"][0]["text"]
    assert message["id"] != final["id"]


def test_a_message_and_a_stream(python: Program, server: Server) -> None:
    printed = python("anthropic_messages.py", CLAUDE_3, QUESTION, VERSION, ANTHROPIC_BEDROCK_BASE_URL=server.endpoint)
    check(printed, CLAUDE_3)
    assert "Paris" in printed["message"]["content"][0]["text"]
    assert printed["final"]["content"] == printed["message"]["content"]
    assert printed["final"]["usage"] == printed["message"]["usage"]
    assert len(printed["words"]) > 3, "the words did not come one by one"


def test_the_api_version_that_the_client_sends_by_itself(python: Program, server: Server) -> None:
    printed = python("anthropic_messages.py", CLAUDE_4_7, QUESTION, ANTHROPIC_BEDROCK_BASE_URL=server.endpoint)
    check(printed, CLAUDE_4_7.removeprefix("us."))


def test_an_api_key_in_place_of_access_keys(python: Program, server: Server, api_key: str) -> None:
    keys = {"AWS_BEARER_TOKEN_BEDROCK": api_key, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    keys["ANTHROPIC_BEDROCK_BASE_URL"] = server.endpoint
    check(python("anthropic_messages.py", CLAUDE_3, QUESTION, VERSION, **keys), CLAUDE_3)


def test_errors_are_of_the_sdks_classes(python: Program, server: Server) -> None:
    caught = python("anthropic_error.py", "nothing.here-v1:0", ANTHROPIC_BEDROCK_BASE_URL=server.endpoint)
    expected = {"name": "BadRequestError", "status": 400, "message": "The provided model identifier is invalid."}
    assert caught == [expected, expected]

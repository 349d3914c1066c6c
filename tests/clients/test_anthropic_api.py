"""The anthropic SDK against the Messages API: its own client, and the one for Bedrock's endpoint of that API."""

import pytest

from tests import scripted
from tests.clients.conftest import Program, addresses, logged
from tests.serving import MODEL, Server

pytestmark = [pytest.mark.clients, pytest.mark.model]

QUESTION = "What is the capital of France?"
CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0"


def test_a_message_a_stream_and_models(python: Program, server: Server, api_key: str) -> None:
    printed = python("anthropic_api.py", CLAUDE, QUESTION, **addresses(server, api_key))
    message, final = printed["message"], printed["final"]
    for answer in (message, final):
        assert (answer["type"], answer["role"], answer["model"]) == ("message", "assistant", CLAUDE)
        assert answer["stop_reason"] in {"end_turn", "max_tokens"}
        assert answer["usage"]["output_tokens"] > 0
        usage = answer["usage"]
        # What was read from the cache or written to it is not counted as input.
        read = usage["cache_read_input_tokens"] + usage["cache_creation_input_tokens"]
        assert usage["input_tokens"] + read == printed["counted"]
    assert "".join(printed["words"]) == final["content"][0]["text"]
    assert len(printed["words"]) > 3, "the words did not come one by one"
    assert (MODEL in printed["listed"], printed["found"]) == (True, CLAUDE)
    assert printed["page"] == printed["listed"][:1]
    assert all(printed["mantle"])
    line = logged(server, printed["request_id"])
    assert (line["operation"], line["status"]) == ("anthropic.messages", 200)


def test_tools_thinking_and_answers_of_a_type(python: Program, played: dict[str, str]) -> None:
    printed = python("anthropic_api_tools.py", scripted.MODEL, **played)
    assert (printed["first"], printed["stop_reason"]) == (["text", "tool_use"], "tool_use")
    assert (printed["input"], printed["second"]) == ({"city": "Ulm"}, scripted.ANSWER)
    assert printed["parallel"] == [{"city": "Ulm"}, {"city": "Köln"}]
    assert (printed["kinds"][0], printed["kinds"][-1]) == ("message_start", "message_stop")
    assert [block["type"] for block in printed["pondered"]] == ["thinking", "text"]
    assert printed["pondered"][0]["thinking"] == "Let me see."
    assert printed["parsed"] == printed["beta"] == {"city": "Ulm", "degrees": 7}


def test_errors_are_of_the_sdks_classes(python: Program, player: Server, played: dict[str, str]) -> None:
    caught = python("anthropic_api_errors.py", scripted.MODEL, **played)
    told = {case: (error["name"], error["status"], error["type"]) for case, error in caught.items()}
    assert told == {
        "model": ("NotFoundError", 404, "not_found_error"),
        "key": ("AuthenticationError", 401, "authentication_error"),
        "busy": ("RateLimitError", 429, "rate_limit_error"),
        "parameter": ("BadRequestError", 400, "invalid_request_error"),
        "version": ("BadRequestError", 400, "invalid_request_error"),
        "path": ("NotFoundError", 404, "not_found_error"),
        "stream": ("APIStatusError", 200, "api_error"),
    }
    assert caught["stream"]["message"] == "The script broke off."
    assert logged(player, caught["busy"]["request_id"])["status"] == 429

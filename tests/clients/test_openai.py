"""The openai SDK: its own client, those for Bedrock, and LangChain's on top of it."""

from typing import Any

import pytest

from tests import scripted
from tests.clients.conftest import Program, addresses, logged
from tests.serving import MODEL, Server

pytestmark = [pytest.mark.clients, pytest.mark.model]

QUESTION = "What is the capital of France?"
GPT_OSS = "openai.gpt-oss-20b-1:0"
TITAN = "amazon.titan-embed-text-v2:0"


def test_a_completion_a_stream_and_several_answers(python: Program, server: Server, api_key: str) -> None:
    printed = python("openai_chat.py", GPT_OSS, QUESTION, **addresses(server, api_key))
    completion = printed["completion"]
    text = completion["choices"][0]["message"]["content"]
    assert "Paris" in text
    assert completion["model"] == GPT_OSS
    assert completion["choices"][0]["finish_reason"] in {"stop", "length"}
    assert "".join(word or "" for word in printed["words"]) == text
    assert len(printed["words"]) > 3, "the words did not come one by one"
    assert printed["usage"]["total_tokens"] == completion["usage"]["total_tokens"]
    assert printed["several"] == [text, text]
    assert (MODEL in printed["listed"], printed["found"]) == (True, GPT_OSS)
    line = logged(server, printed["request_id"])
    assert (line["operation"], line["status"]) == ("openai.chat.completions", 200)


def test_tools_and_answers_of_a_type(python: Program, played: dict[str, str]) -> None:
    printed = python("openai_tools.py", scripted.MODEL, **played)
    assert printed["call"]["function"] == {"name": "weather", "arguments": '{"city": "Ulm"}'}
    assert (printed["finish"], printed["second"]) == ("tool_calls", scripted.ANSWER)
    assert printed["kinds"].count("tool_calls.function.arguments.done") == 2
    assert printed["parallel"] == ["Ulm", "Köln"]
    assert printed["parsed"] == {"city": "Ulm", "degrees": 7}


def test_errors_are_of_the_sdks_classes(python: Program, player: Server, played: dict[str, str]) -> None:
    before = sum(line["status"] == 429 for line in player.requests_logged())
    caught = python("openai_errors.py", scripted.MODEL, **played)
    told = {case: (error["name"], error["status"], error["code"], error["param"]) for case, error in caught.items()}
    assert told == {
        "model": ("NotFoundError", 404, "model_not_found", None),
        "key": ("AuthenticationError", 401, "invalid_api_key", None),
        "busy": ("RateLimitError", 429, "rate_limit_exceeded", None),
        "parameter": ("BadRequestError", 400, "unknown_parameter", "best_of"),
        "path": ("NotFoundError", 404, "unknown_url", None),
        "stream": ("APIError", None, "model_error", None),
        "retried": ("RateLimitError", 429, "rate_limit_exceeded", None),
    }
    assert caught["stream"]["message"] == "The script broke off."
    assert logged(player, caught["retried"]["request_id"])["status"] == 429
    assert sum(line["status"] == 429 for line in player.requests_logged()) == before + 3, "one try, and one more"


def test_the_clients_for_bedrock_sign_for_either_endpoint(python: Program, played: dict[str, str]) -> None:
    printed = python("openai_bedrock.py", scripted.MODEL, "Hello", **played)
    assert printed["signed"] == [scripted.ANSWER] * 2
    assert (printed["legacy"], printed["key"]) == (scripted.ANSWER, scripted.ANSWER)
    assert printed["at_once"] == [scripted.ANSWER] * 4
    assert "".join(word or "" for word in printed["words"]) == scripted.ANSWER


def test_embeddings_tell_a_passage_from_another(python: Program, server: Server, api_key: str) -> None:
    texts = ["Which city is the capital of France?", "Paris is the capital of France.", "I like to eat bananas."]
    printed = python("openai_embeddings.py", TITAN, *texts, **addresses(server, api_key))
    question, near, far = printed["plain"]
    for plain, packed in zip(printed["plain"], printed["packed"], strict=True):
        assert packed == pytest.approx(plain, abs=1e-6)
    assert dot(question, near) > dot(question, far) + 0.1
    assert dot(question, question) == pytest.approx(1)
    assert printed["tokens"] > len(texts)


def test_langchain(python: Program, played: dict[str, str]) -> None:
    printed: Any = python("langchain_openai_chat.py", scripted.MODEL, **played)
    assert (printed["answer"], printed["streamed"]) == (scripted.ANSWER, scripted.ANSWER)
    assert printed["usage"]["output_tokens"] == len(scripted.ANSWER.split())
    assert [call["args"] for call in printed["calls"]] == [{"city": "Ulm"}]
    assert printed["report"] == {"city": "Ulm", "degrees": 7}


def dot(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))

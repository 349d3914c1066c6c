from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.engines.remote.anthropic import Messages
from craton.errors import ModelErrorException, ServiceUnavailableException, ThrottlingException, ValidationException
from tests.engines.remote.conftest import KEY, Make
from tests.engines.remote.faulty import CUT, Faulty, message, reply, said, stream
from tests.engines.turns import answer, collect, turn


async def test_an_answer_is_streamed(engine: Make) -> None:
    async with Faulty([stream(*message("Hel", "lo."))]) as provider:
        model = await engine("anthropic", provider.url, max_output_tokens=1000)
        text, reason, usage = await answer(model, turn("Hi"))
    assert (text, reason) == ("Hello.", "end_turn")
    assert usage == {
        "inputTokens": 7,
        "outputTokens": 2,
        "totalTokens": 11,
        "cacheReadInputTokens": 2,
        "cacheWriteInputTokens": 0,
    }
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v1/messages")
    assert (request.headers["x-api-key"], request.headers["anthropic-version"]) == (KEY, "2023-06-01")
    assert request.json == {
        "model": "m",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
        "max_tokens": 1000,
        "stream": True,
    }


async def test_the_callers_limit_goes_before_the_models(engine: Make) -> None:
    async with Faulty([stream(*message("Hi"))]) as provider:
        model = await engine("anthropic", provider.url, max_output_tokens=1000)
        await answer(model, turn("Hi", inferenceConfig={"maxTokens": 5}))
    assert provider.requests[0].json["max_tokens"] == 5


async def test_betas_go_into_their_header(engine: Make) -> None:
    async with Faulty([stream(*message("Hi"))]) as provider:
        model = await engine("anthropic", provider.url)
        await answer(model, turn("Hi", additionalModelRequestFields={"anthropic_beta": ["a-1", "b-2"], "top_k": 3}))
    assert provider.requests[0].headers["anthropic-beta"] == "a-1,b-2"
    assert provider.requests[0].json["top_k"] == 3
    assert "anthropic_beta" not in provider.requests[0].json


async def test_tokens_are_counted_by_what_counts_as_input(engine: Make) -> None:
    async with Faulty([reply(200, {"input_tokens": 12})]) as provider:
        model = await engine("anthropic", provider.url)
        asked = turn("Hi", system=[{"text": "Be brief."}], inferenceConfig={"maxTokens": 5, "temperature": 0.1})
        assert await model.count_tokens(asked) == 12
    (request,) = provider.requests
    assert request.path == "/v1/messages/count_tokens"
    assert set(request.json) == {"model", "messages", "system"}


async def test_all_pages_of_models_are_listed(engine: Make) -> None:
    pages = [
        {"data": [{"id": "a", "display_name": "A"}], "has_more": True, "last_id": "a/1", "first_id": "a"},
        {"data": [{"id": "b", "type": "model"}], "has_more": False, "last_id": "b"},
    ]
    async with Faulty([reply(200, page) for page in pages]) as provider:
        found = await (await engine("anthropic", provider.url)).models()
    assert [(model.id, model.name) for model in found] == [("a", "A"), ("b", None)]
    assert provider.requests[1].path == "/v1/models?limit=1000&after_id=a%2F1"


async def test_embeddings_are_not_to_be_had(engine: Make) -> None:
    with pytest.raises(ValidationException, match="makes no embeddings"):
        await (await engine("anthropic", "http://127.0.0.1:1")).embed(["a"])


async def test_texts_cannot_be_classified(engine: Make) -> None:
    with pytest.raises(ValidationException, match="classifies nothing"):
        await (await engine("anthropic", "http://127.0.0.1:1")).classify(["a"])


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("overloaded_error", ServiceUnavailableException),
        ("rate_limit_error", ThrottlingException),
    ],
)
async def test_an_error_event_before_the_answer_is_worth_another_attempt(
    engine: Make, kind: str, error: type[Exception]
) -> None:
    event = said({"type": "error", "error": {"type": kind, "message": "not now"}})
    async with Faulty([stream(event), stream(*message("Hi"))]) as provider:
        assert (await answer(await engine("anthropic", provider.url, retries=1), turn("Hi")))[0] == "Hi"
    async with Faulty([stream(event)]) as provider:
        with pytest.raises(error, match="not now"):
            await answer(await engine("anthropic", provider.url), turn("Hi"))


async def test_an_error_event_in_the_answer_ends_it(engine: Make) -> None:
    event = said({"type": "error", "error": {"type": "api_error", "message": "it broke"}})
    async with Faulty([stream(*message("Hel", "lo")[:5], event)]) as provider:
        with pytest.raises(ModelErrorException, match="it broke"):
            await answer(await engine("anthropic", provider.url), turn("Hi"))


@pytest.mark.parametrize("events", range(4, 8))
async def test_an_answer_that_ends_too_early_is_an_error(engine: Make, events: int) -> None:
    cut = stream(*message("Hel", "lo")[:events])
    for steps in cut, [*cut[:-1], CUT]:
        async with Faulty([steps]) as provider:
            with pytest.raises(ModelErrorException):
                await collect((await engine("anthropic", provider.url)).converse(turn("Hi")))


BYTES = b"".join(message("Grüße ", "🙂 ", "line\nbreak"))


@given(st.lists(st.integers(0, len(BYTES)), max_size=12))
def test_however_the_bytes_are_cut_the_events_are_the_same(cuts: list[int]) -> None:
    whole, reader = Messages(), Messages()
    expected = [*whole.read(BYTES), *whole.end()]
    places = [0, *sorted(cuts), len(BYTES)]
    events = [event for start, end in pairwise(places) for event in reader.read(BYTES[start:end])]
    assert [*events, *reader.end()] == expected
    assert expected[-1] == {"metadata": {"usage": expected[-1]["metadata"]["usage"]}}

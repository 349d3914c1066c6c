"""A second Craton plays a provider of each kind over its own doors, faults and slow tokens included."""

import time
from typing import Any

import pytest

from craton.engines.remote.calls.failures import Interrupted
from craton.errors import AccessDeniedException, ApiError, ResourceNotFoundException, ThrottlingException
from tests import scripted
from tests.engines.remote.conftest import Make
from tests.engines.turns import answer, assert_grammar, collect, turn
from tests.serving import Server

# What follows the server's address, and its name for an embedding model's texts where it takes them.
KINDS = {"openai": "/v1", "anthropic": ""}


@pytest.fixture(params=KINDS)
def remote(request: pytest.FixtureRequest, engine: Make, second: Server, second_key: str, monkeypatch: Any) -> Any:
    monkeypatch.setenv("SECOND_KEY", second_key)

    async def make(**options: Any) -> Any:
        url = second.endpoint + KINDS[request.param]
        return await engine(request.param, url, **{"model": scripted.MODEL, "secret": {"env": "SECOND_KEY"}, **options})

    return make


async def test_it_answers(remote: Any) -> None:
    text, reason, usage = await answer(await remote(), turn("Hi there"))
    assert (text, reason) == (scripted.ANSWER, "end_turn")
    assert (usage["inputTokens"], usage["outputTokens"]) == (2, 7)


async def test_a_limit_is_kept(remote: Any) -> None:
    text, reason, _ = await answer(await remote(), turn("Hi there", inferenceConfig={"maxTokens": 3}))
    assert (text.split(), reason) == (scripted.ANSWER.split()[:3], "max_tokens")


async def test_slow_tokens_come_at_their_pace(remote: Any) -> None:
    started = time.monotonic()
    events = await collect((await remote(idle_timeout=0.5)).converse(turn("talk for a second")))
    assert time.monotonic() - started >= 1
    assert_grammar(events)


async def test_its_refusals_are_told(remote: Any) -> None:
    with pytest.raises(ThrottlingException, match="The script is busy"):
        await answer(await remote(), turn("fail before"))


async def test_an_answer_that_breaks_off_there_breaks_off_here(remote: Any) -> None:
    with pytest.raises(Interrupted) as broken:
        await collect((await remote()).converse(turn("fail after")))
    assert broken.value.usage["outputTokens"] == 3


async def test_a_silent_answer_is_given_up(remote: Any) -> None:
    with pytest.raises(ApiError, match=r"no token within 0.2 s"):
        await answer(await remote(first_token_timeout=0.2), turn("never answer"))


async def test_a_wrong_key_is_the_servers_fault_not_the_callers(remote: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model = await remote()
    monkeypatch.setenv("SECOND_KEY", "wrong")
    with pytest.raises(AccessDeniedException, match="refused this server's credentials"):
        await answer(model, turn("Hi"))


async def test_an_unknown_model_is_named(remote: Any) -> None:
    with pytest.raises(ResourceNotFoundException, match=r"nobody\.has-this"):
        await answer(await remote(model="nobody.has-this"), turn("Hi"))


async def test_its_models_are_listed(remote: Any) -> None:
    assert scripted.MODEL in [model.id for model in await (await remote()).models()]


async def test_embeddings_come_from_there(engine: Make, second: Server, second_key: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("SECOND_KEY", second_key)
    options = {"model": "amazon.titan-embed-text-v2:0", "secret": {"env": "SECOND_KEY"}, "batch": 2}
    model = await engine("openai", f"{second.endpoint}/v1", **options)
    embeddings = await model.embed(["one two", "three", "four five six"])
    assert (len(embeddings.vectors), len(embeddings.vectors[0]), embeddings.input_tokens) == (3, 256, 6)


async def test_tokens_are_counted_there(engine: Make, second: Server, second_key: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("SECOND_KEY", second_key)
    model = await engine("anthropic", second.endpoint, model=scripted.MODEL, secret={"env": "SECOND_KEY"})
    assert await model.count_tokens(turn("How are you")) == 3

"""How the supervisor lends engines of third-party providers."""

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest

from craton.engines.base import ModelSpec
from craton.engines.remote.calls.failures import Interrupted
from craton.engines.supervisor import Engines
from craton.errors import ServiceUnavailableException
from tests.engines.remote.faulty import HANG, Faulty, chunk, completion, head, stream, texts
from tests.engines.turns import answer, collect, turn

GOOD = stream(*completion(*texts("Hel", "lo.")))


def spec(url: str, model: str = "m", **options: object) -> ModelSpec:
    given = {"provider": "acme", "model": model, "base_url": url, "first_token_timeout": 5.0, "retries": 0}
    return ModelSpec(f"acme.{model}", "openai", {}, 8192, {**given, **options})


async def test_a_remote_model_takes_no_process(engines: Engines) -> None:
    async with Faulty([GOOD]) as provider:
        async with engines.use(spec(provider.url), "flex") as engine:
            assert (await answer(engine, turn("Hi")))[0] == "Hello."
        async with engines.use(spec(provider.url)) as again:
            assert again is engine
    assert engines.loaded() == []
    assert engines.providers()["acme.m"].attempts == 1


async def test_the_models_of_a_provider_share_connections(engines: Engines) -> None:
    async with Faulty([GOOD]) as provider:
        for model in "m", "n", "o":
            await answer(await engines.remote(spec(provider.url, model)), turn("Hi"))
    assert (len(provider.requests), provider.connections) == (3, 1)


async def test_callers_at_the_same_time_share_one_engine(engines: Engines) -> None:
    lent = await asyncio.gather(*(engines.remote(spec("http://127.0.0.1:1")) for _ in range(10)))
    assert len(set(map(id, lent))) == 1


async def test_changed_settings_hold_at_once_and_break_no_stream(engines: Engines) -> None:
    slow = [step for part in GOOD for step in (part, 0.02)]
    async with Faulty([slow, GOOD]) as provider:
        earlier = spec(provider.url)
        events = (await engines.remote(earlier)).converse(turn("Hi"))
        first = await anext(events)
        changed = replace(earlier, options={**earlier.options, "model": "other"})
        assert (await answer(await engines.remote(changed), turn("Hi")))[0] == "Hello."
        rest = await collect(events)
    assert len([first, *rest]) == 6
    assert [request.json["model"] for request in provider.requests] == ["m", "other"]


async def test_closing_ends_what_is_under_way(engines: Engines) -> None:
    begun = [head(200, "text/event-stream"), *map(chunk, completion(*texts("Hel", "lo"))[:2]), HANG]
    async with Faulty([begun]) as provider:
        engine = await engines.remote(spec(provider.url))
        events = engine.converse(turn("Hi"))
        await anext(events)
        await engines.close()
        with pytest.raises(Interrupted):
            await collect(events)
        await provider.left()
        with pytest.raises(ServiceUnavailableException, match="shutting down"):
            await engines.remote(spec(provider.url))
        with pytest.raises(ServiceUnavailableException, match="shutting down"):
            await answer(engine, turn("Hi"))


def test_the_server_starts_without_the_http_client() -> None:
    program = "import sys, craton.engines.supervisor; sys.exit('aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

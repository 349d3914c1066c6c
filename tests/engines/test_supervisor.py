import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from craton.engines.base import ModelSpec
from craton.engines.state import LocalState
from craton.engines.supervisor import Engines
from craton.errors import (
    ConflictException,
    ModelErrorException,
    ModelNotReadyException,
    ServiceUnavailableException,
    ThrottlingException,
    ValidationException,
)
from tests.engines.turns import answer, collect, scripted, turn

MB = 1 << 20
ENDLESS = {"match": "endless", "chunks": ["and "], "repeat": 1_000_000, "interval": 0.001}


async def test_a_model_answers_from_a_process_of_its_own(engines: Engines) -> None:
    async with engines.use(scripted({"text": "Hello there."})) as engine:
        assert (await answer(engine, turn("Hi")))[0] == "Hello there."
        assert await engine.count_tokens(turn("How are you")) == 3
        assert len((await engine.embed(["a", "b"])).vectors) == 2
        (loaded,) = engines.loaded()
    assert loaded.pid != os.getpid()
    assert (loaded.id, loaded.engine, loaded.active) == ("test.scripted-v1:0", "scripted", 1)
    assert loaded.rss > MB and loaded.load_seconds > 0
    assert engines.loaded()[0].active == 0


async def test_a_load_shows_how_far_it_is(engines: Engines) -> None:
    async def use() -> None:
        async with engines.use(scripted({"text": "Hi"}, memory_bytes=64 * MB)):
            pass

    using = asyncio.create_task(use())
    async with asyncio.timeout(30):
        while not engines.loading():  # noqa: ASYNC110 - it is what a watcher does
            await asyncio.sleep(0.001)
    (loading,) = engines.loading()
    assert (loading.id, loading.expected) == ("test.scripted-v1:0", 64 * MB)
    assert 0 <= loading.resident < 1000 * MB
    await using
    assert engines.loading() == []


async def test_callers_at_the_same_time_share_one_load(engines: Engines) -> None:
    async def process() -> int:
        async with engines.use(scripted({"text": "Hi"})) as engine:
            await answer(engine, turn("x"))
            return engines.loaded()[0].pid

    assert len(set(await asyncio.gather(*(process() for _ in range(10))))) == 1


async def test_many_streams_share_one_process(engines: Engines) -> None:
    rules = [{"match": f"number {n}.", "chunks": [f"{n} "], "repeat": 50, "interval": 0.001} for n in range(16)]
    async with engines.use(scripted(*rules)) as engine:
        answers = await asyncio.gather(*(answer(engine, turn(f"number {n}.")) for n in range(16)))
    assert [text for text, _, _ in answers] == [f"{n} " * 50 for n in range(16)]


async def test_closing_a_stream_stops_its_generation(engines: Engines) -> None:
    async with engines.use(scripted(ENDLESS, {"text": "Free."}, slots=1)) as engine:
        events = engine.converse(turn("endless"))
        for _ in range(5):
            await anext(events)
        await events.aclose()
        started = time.monotonic()
        assert (await answer(engine, turn("x")))[0] == "Free."
        assert time.monotonic() - started < 0.1


async def test_a_cancelled_caller_stops_its_generation(engines: Engines) -> None:
    async with engines.use(scripted(ENDLESS, {"text": "Free."}, slots=1)) as engine:
        reading = asyncio.create_task(collect(engine.converse(turn("endless"))))
        await engine.count_tokens(turn("x"))
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert (await asyncio.wait_for(answer(engine, turn("x")), 1))[0] == "Free."


async def test_a_crash_is_an_error_of_its_requests_and_the_next_one_starts_the_model_again(engines: Engines) -> None:
    spec = scripted(
        ENDLESS, {"match": "crash", "text": "one two", "fault": {"kind": "crash", "after": 2}}, {"text": "Up."}
    )
    async with engines.use(spec) as engine:
        first = engines.loaded()[0].pid
        other = engine.converse(turn("endless"))
        await anext(other)
        events = engine.converse(turn("crash"))
        assert "messageStart" in await anext(events)
        assert "contentBlockDelta" in await anext(events)
        with pytest.raises(ModelErrorException, match="signal 9"):
            await anext(events)
        with pytest.raises(ModelErrorException):
            await collect(other)
        with pytest.raises(ModelErrorException):
            await engine.count_tokens(turn("x"))
    async with engines.use(spec) as engine:
        assert (await answer(engine, turn("x")))[0] == "Up."
        assert engines.loaded()[0].pid != first


async def test_a_crash_before_the_first_event_is_raised_by_the_first_read(engines: Engines) -> None:
    async with engines.use(scripted({"fault": {"kind": "crash"}})) as engine:
        with pytest.raises(ModelErrorException, match="try again"):
            await anext(engine.converse(turn("x")))


async def test_a_model_that_keeps_crashing_is_started_less_and_less_often(engines: Engines) -> None:
    spec = scripted({"match": "crash", "fault": {"kind": "crash"}}, {"text": "Up."})

    async def restart() -> float:
        async with engines.use(spec) as engine:
            with pytest.raises(ModelErrorException):
                await anext(engine.converse(turn("crash")))
        started = time.monotonic()
        async with engines.use(spec):
            return time.monotonic() - started

    await restart()
    second, third, fourth = await restart(), await restart(), await restart()
    assert fourth > second + 0.3 and fourth > third


async def test_errors_of_the_engine_arrive_as_they_are(engines: Engines) -> None:
    spec = scripted({"text": "one two", "fault": {"kind": "ThrottlingException", "after": 2, "message": "Later."}})
    async with engines.use(spec) as engine:
        with pytest.raises(ThrottlingException, match=r"Later\."):
            await collect(engine.converse(turn("x")))


async def test_a_model_that_cannot_load_says_so_and_its_log_is_kept(
    engines: Engines, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF, but no model")
    spec = ModelSpec("test.broken-v1:0", "llamacpp", {"model": broken}, 100)
    with caplog.at_level(logging.ERROR), pytest.raises(ModelNotReadyException, match="pull the model again"):
        async with engines.use(spec):
            pass
    assert "its process wrote last" in caplog.text and "broken.gguf" in caplog.text
    started = time.monotonic()
    with pytest.raises(ModelNotReadyException):
        async with engines.use(spec):
            pass
    assert time.monotonic() - started < 0.1, "a second try right after the first fails at once"
    assert engines.loaded() == []


@pytest.mark.parametrize(
    ("change", "named"),
    [({"engine": "abacus"}, "abacus"), ({"files": {"model": Path("/nowhere/model.gguf")}}, "pull the model")],
)
async def test_a_spec_that_cannot_work_is_refused(engines: Engines, change: dict[str, Any], named: str) -> None:
    with pytest.raises(ModelNotReadyException, match=named):
        async with engines.use(replace(scripted(), **change)):
            pass


async def test_the_model_idle_longest_makes_room() -> None:
    engines = Engines(memory_budget=1000 * MB)
    specs = [scripted(id=f"test.model-{n}", memory_bytes=400 * MB) for n in range(3)]
    try:
        for spec in (specs[0], specs[1], specs[0], specs[2]):
            async with engines.use(spec):
                pass
        assert {loaded.id for loaded in engines.loaded()} == {"test.model-0", "test.model-2"}
    finally:
        await engines.close()


async def test_a_model_in_use_is_waited_for_and_never_unloaded() -> None:
    engines = Engines(memory_budget=500 * MB, patience=0.2)
    one, two = (scripted({"text": "Hi"}, id=f"test.model-{n}", memory_bytes=400 * MB) for n in range(2))
    try:
        async with engines.use(one) as engine:
            with pytest.raises(ServiceUnavailableException, match=r"needs about 400 MB, but 100 MB of the 500 MB"):
                async with engines.use(two):
                    pass
            assert (await answer(engine, turn("x")))[0] == "Hi"
            waiting = asyncio.create_task(_use(engines, two))
            await asyncio.sleep(0)
        await waiting
        assert [loaded.id for loaded in engines.loaded()] == ["test.model-1"]
    finally:
        await engines.close()


async def _use(engines: Engines, spec: ModelSpec) -> None:
    async with engines.use(spec):
        pass


async def test_a_model_larger_than_the_budget_is_refused_at_once() -> None:
    engines = Engines(memory_budget=100 * MB)
    with pytest.raises(ServiceUnavailableException, match="raise the budget"):
        async with engines.use(scripted(memory_bytes=200 * MB)):
            pass


async def test_new_settings_take_over_when_the_model_is_idle(engines: Engines) -> None:
    old, new = scripted({"text": "Old."}), scripted({"text": "New."})
    async with engines.use(old):
        with pytest.raises(ModelNotReadyException, match="earlier settings"):
            await _use(engines, new)
    async with engines.use(new) as engine:
        assert (await answer(engine, turn("x")))[0] == "New."
    assert len(engines.loaded()) == 1


async def test_closing_ends_the_processes_and_their_streams() -> None:
    engines = Engines()
    spec = scripted(ENDLESS)
    async with engines.use(spec) as engine:
        pid = engines.loaded()[0].pid
        events = engine.converse(turn("endless"))
        await anext(events)
        await engines.close()
        with pytest.raises(ModelErrorException):
            await collect(events)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ServiceUnavailableException, match="shutting down"):
        await _use(engines, spec)


async def test_closing_while_a_model_loads_leaves_no_process() -> None:
    engines = Engines()
    loading = asyncio.create_task(_use(engines, scripted()))
    await asyncio.sleep(0.05)
    await engines.close()
    with pytest.raises(ServiceUnavailableException):
        await loading
    assert engines.loaded() == []


async def test_requests_beyond_the_limit_are_throttled(engines: Engines) -> None:
    spec = scripted({"text": "Hi"}, max_requests=1)
    async with engines.use(spec, "default"):
        with pytest.raises(ThrottlingException, match="Try again shortly"):
            async with engines.use(spec, "default"):
                pass
    async with engines.use(spec, "default") as engine:
        await answer(engine, turn("x"))


async def test_a_value_no_model_can_be_given_is_refused(engines: Engines) -> None:
    async with engines.use(scripted()) as engine:
        with pytest.raises(ValidationException):
            await collect(engine.converse(turn("x", additionalModelRequestFields={"seed": 2**70})))
        assert await engine.count_tokens(turn("still here")) == 2


async def test_signals_for_the_whole_group_do_not_end_a_worker(engines: Engines) -> None:
    async with engines.use(scripted({"text": "Hi"})) as engine:
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(engines.loaded()[0].pid, number)
        assert (await answer(engine, turn("x")))[0] == "Hi"


async def until(engines: Engines, status: Callable[[LocalState], bool]) -> LocalState:
    async with asyncio.timeout(30):
        while True:
            for state in engines.states():
                if status(state):
                    return state
            await asyncio.sleep(0.005)


async def test_a_model_is_loaded_ahead_and_unloaded(engines: Engines) -> None:
    spec = scripted({"text": "Hi"})
    await engines.load(spec)
    assert engines.states()[0].loading
    state = await until(engines, lambda state: state.loaded)
    assert (state.loading, state.active, state.trouble) == (False, 0, "")
    await engines.load(spec)
    assert engines.states()[0].loads == 1
    await engines.unload(spec.id)
    assert engines.loaded() == []
    await engines.unload(spec.id)
    await engines.unload("never.heard-of")


async def test_a_model_in_use_is_not_unloaded(engines: Engines) -> None:
    spec = scripted({"text": "Hi"})
    async with engines.use(spec) as engine:
        with pytest.raises(ConflictException, match="1 requests use the model"):
            await engines.unload(spec.id)
        assert (await answer(engine, turn("x")))[0] == "Hi"
    await engines.unload(spec.id)
    assert engines.loaded() == []


async def test_a_load_that_nobody_waits_for_can_be_ended(engines: Engines) -> None:
    spec = scripted({"text": "Hi"})
    await engines.load(spec)
    await engines.unload(spec.id)
    (state,) = engines.states()
    assert (state.loading, state.loaded, state.loads) == (False, False, 0)
    assert engines.loading() == []
    async with engines.use(spec) as engine:
        assert (await answer(engine, turn("x")))[0] == "Hi"


async def test_who_comes_while_a_load_ends_is_served(engines: Engines) -> None:
    spec = scripted({"text": "Hi"})
    await engines.load(spec)
    ending = asyncio.create_task(engines.unload(spec.id))
    await asyncio.sleep(0)
    async with engines.use(spec) as engine:
        assert (await answer(engine, turn("x")))[0] == "Hi"
    await ending


async def test_why_a_model_is_not_loaded_is_told(engines: Engines, tmp_path: Path) -> None:
    spec = replace(scripted({"text": "Hi"}), files={"model": tmp_path / "missing"})
    await engines.load(spec)
    state = await until(engines, lambda state: not state.loading)
    assert "pull the model first" in state.trouble
    crashing = scripted({"fault": {"kind": "crash"}}, id="test.crashing-v1:0")
    async with engines.use(crashing) as engine:
        with pytest.raises(ModelErrorException):
            await answer(engine, turn("x"))
    state = await until(engines, lambda state: state.id == crashing.id and not state.loaded)
    assert "ended by itself" in state.trouble
    await engines.load(crashing)
    state = await until(engines, lambda state: state.id == crashing.id and state.loaded)
    assert state.trouble == ""

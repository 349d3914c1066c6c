import asyncio

import pytest

from craton.engines.base import Mark
from craton.engines.frames import encode
from craton.engines.process import Process
from craton.engines.worker import WINDOW
from craton.errors import ModelErrorException, ValidationException
from tests.engines.turns import collect, scripted, turn


async def test_a_slow_reader_does_not_grow_the_servers_memory() -> None:
    process = await Process.start(scripted({"chunks": ["word "], "repeat": 20_000}))
    try:
        events = process.converse(turn("x"))
        await anext(events)
        (answer,) = process._answers.values()
        for _ in range(1000):
            await process.count_tokens(turn("x"))
            assert answer._items.qsize() <= WINDOW
        assert len(await collect(events)) == 20_000 + 3
    finally:
        await process.close()


@pytest.mark.parametrize("data", [b"\xff" * 16, b"\x02\x00\x00\x00\x91\x01"], ids=["huge", "wrong type"])
async def test_a_worker_that_sends_nonsense_is_ended(data: bytes) -> None:
    process = await Process.start(scripted({"fault": {"kind": "hang"}}))
    waiting = asyncio.create_task(collect(process.converse(turn("x"))))
    await process.count_tokens(turn("x"))
    process.data_received(data)
    with pytest.raises(ModelErrorException):
        await waiting
    await process.exited
    await process.close()


@pytest.mark.parametrize("marks", [[], [[["NAME", "sure", 0, 4]]], [[], []], "NAME"])
async def test_a_worker_that_tells_no_marks_is_ended(marks: object) -> None:
    process = await Process.start(scripted({"fault": {"kind": "hang"}}))
    waiting = asyncio.create_task(process.classify(["Anna"]))
    await asyncio.sleep(0)  # it asks
    asked = 2  # loading was the first request
    process.data_received(encode([(asked, "result", marks)]))
    with pytest.raises(ModelErrorException, match="no answer to what it was asked"):
        await waiting
    await process.exited
    await process.close()


async def test_who_stops_waiting_for_the_end_leaves_it_to_others() -> None:
    process = await Process.start(scripted({"fault": {"kind": "hang"}}))
    closing = asyncio.create_task(process.close())
    await asyncio.sleep(0)  # it waits for the worker to be gone
    closing.cancel()
    async with asyncio.timeout(20):
        await process.exited
        await process.close()


async def test_marks_come_whole_and_values_that_cannot_travel_are_refused() -> None:
    process = await Process.start(scripted({"marks": {"NAME": "Zoë"}}))
    try:
        assert await process.classify(["Frau Zoë", b"Zo\xc3\xab", "niemand"]) == [
            [Mark("NAME", 0.9, 5, 8)],
            [Mark("NAME", 0.9, 0, 3)],
            [],
        ]
        with pytest.raises(ValidationException, match="holds a value that no model can be given"):
            await process.classify(["half a character: \ud800"])
    finally:
        await process.close()

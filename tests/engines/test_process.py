import asyncio

import pytest

from craton.engines.process import Process
from craton.engines.worker import WINDOW
from craton.errors import ModelErrorException
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

"""Several streams at once: what one gives does not wait for another, and none outlives the reader."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from craton.doors.side_by_side import all_of, side_by_side


class Source:
    """A stream that gives what it is fed, and knows whether it was closed."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        self.closed = False

    async def stream(self) -> AsyncGenerator[str]:
        try:
            while (item := await self.queue.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            self.closed = True


async def test_each_entry_comes_when_it_is_there_and_names_its_stream() -> None:
    first, second = Source(), Source()
    entries = side_by_side([first.stream(), second.stream()])
    second.queue.put_nowait("b")
    assert await anext(entries) == (1, "b")
    first.queue.put_nowait("a")
    assert await anext(entries) == (0, "a")
    for source in (first, second):
        source.queue.put_nowait(None)
    assert [entry async for entry in entries] == []


async def test_silence_is_told_and_ends_with_the_next_entry() -> None:
    source = Source()
    entries = side_by_side([source.stream()], silence=0.01)
    assert await anext(entries) is None
    assert await anext(entries) is None
    source.queue.put_nowait("a")
    assert await anext(entries) == (0, "a")
    await entries.aclose()


async def test_one_failure_ends_them_all() -> None:
    first, second = Source(), Source()
    first.queue.put_nowait("a")
    second.queue.put_nowait(LookupError("no more"))
    with pytest.raises(LookupError, match="no more"):
        async for _ in side_by_side([first.stream(), second.stream()]):
            pass
    assert (first.closed, second.closed) == (True, True)


async def test_a_reader_that_leaves_closes_them_all() -> None:
    first, second = Source(), Source()
    first.queue.put_nowait("a")
    entries = side_by_side([first.stream(), second.stream()])
    await anext(entries)
    await entries.aclose()
    assert (first.closed, second.closed) == (True, True)


async def test_results_come_in_order_and_the_first_failure_cancels_the_rest() -> None:
    async def late(value: int) -> int:
        await asyncio.sleep(0)
        return value

    assert await all_of([late(1), late(2)]) == [1, 2]

    ended = asyncio.Event()

    async def endless() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return 0

    async def failing() -> int:
        raise LookupError("no answer")

    with pytest.raises(LookupError, match="no answer"):
        await all_of([endless(), failing()])
    assert ended.is_set()

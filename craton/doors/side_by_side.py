"""Several streams read at once, and one whose silences are told. Knows nothing of what they carry."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from typing import TypeVar

T = TypeVar("T")


async def side_by_side(
    streams: Sequence[AsyncGenerator[T]], silence: float | None = None
) -> AsyncGenerator[tuple[int, T] | None]:
    """What the streams give as it comes, each with the stream's number; None after each `silence` of so many seconds.

    The first failure ends them all. Nothing holds a stream back: a slow reader leaves no more behind than an answer.
    """
    queue: asyncio.Queue[tuple[int, T] | int] = asyncio.Queue()

    async def pump(number: int, stream: AsyncGenerator[T]) -> None:
        try:
            async with aclosing(stream):
                async for item in stream:
                    queue.put_nowait((number, item))
        finally:
            queue.put_nowait(number)

    pumps = [asyncio.create_task(pump(number, stream)) for number, stream in enumerate(streams)]
    running = len(pumps)
    try:
        while running:
            try:
                async with asyncio.timeout(silence):
                    entry = await queue.get()
            except TimeoutError:
                yield None
                continue
            if isinstance(entry, int):
                await pumps[entry]
                running -= 1
            else:
                yield entry
    finally:
        await _end(pumps)


async def all_of(parts: Sequence[Awaitable[T]]) -> list[T]:
    """All results in order. The first failure is raised, and ends the others."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        await _end(tasks)


async def _end(tasks: Sequence[asyncio.Future[T]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

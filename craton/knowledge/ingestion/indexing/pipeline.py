"""Documents on their way into the index: loaded a few ahead, and given vectors in groups. Knows no job and no record.

What is held in memory at a time are a few documents that are being loaded, and one group.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from craton.knowledge.ingestion.indexing.ingesting import Chunked, Given, Ingesting, Prepared, Unusable
from craton.knowledge.ingestion.indexing.work import Work
from craton.store.records import Record
from craton.store.vectors.records import Chunk

AHEAD = 4
# A group is full where it has so many pieces, or documents.
PIECES = 256
DOCUMENTS = 64


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document that was read. `changes` are those of its record."""

    given: Given
    changes: Record


@dataclass(frozen=True, slots=True)
class Item:
    """A document to be ingested; `load` raises Unusable."""

    id: str
    load: Callable[[], Awaitable[Loaded]]


@dataclass(frozen=True, slots=True)
class Done:
    """A document with its chunks, or why it has none."""

    id: str
    changes: Record
    chunks: Sequence[Chunk] = ()
    unusable: Unusable | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    id: str
    changes: Record
    prepared: Prepared | None
    unusable: Unusable | None = None


class Pipeline:
    def __init__(self, ingesting: Ingesting) -> None:
        self._ingesting = ingesting

    async def groups(self, work: Work, items: Iterable[Item]) -> AsyncGenerator[list[Done], None]:
        """The documents in their order, in groups. Raises Stopped, ApiError, and what loading raises."""
        waiting = iter(items)
        tasks = deque[asyncio.Task[_Ready]]()
        group: list[_Ready] = []
        try:
            while True:
                while len(tasks) < AHEAD and (item := next(waiting, None)):
                    tasks.append(asyncio.create_task(self._ready(work, item)))
                if not tasks:
                    break
                group.append(await tasks.popleft())
                if _full(group):
                    yield await self._done(work, group)
                    group = []
            if group:
                yield await self._done(work, group)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ready(self, work: Work, item: Item) -> _Ready:
        work.patience.check()
        changes: Record = {}
        try:
            loaded = await item.load()
            changes = loaded.changes
            prepared = await self._ingesting.prepared(work, loaded.given)
        except Unusable as error:
            return _Ready(item.id, changes, None, error)
        return _Ready(item.id, changes, prepared)

    async def _done(self, work: Work, group: Sequence[_Ready]) -> list[Done]:
        prepared = [each.prepared for each in group if each.prepared]
        chunks = await self._ingesting.chunks(work, prepared)
        return [_one(each, each.unusable or chunks[each.id]) for each in group]


def _one(ready: _Ready, made: Chunked | Unusable) -> Done:
    if isinstance(made, Unusable):
        return Done(ready.id, ready.changes, unusable=made)
    return Done(ready.id, ready.changes | {"vectors": made.vectors}, made.chunks)


def _full(group: Sequence[_Ready]) -> bool:
    return len(group) >= DOCUMENTS or sum(len(each.prepared.parts) for each in group if each.prepared) >= PIECES

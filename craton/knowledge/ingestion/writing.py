"""Turns at writing to the index of a knowledge base. Knows no document and no job.

Whoever writes to an index, to records of documents or to what is kept of their contents does so in a turn; so what is
read at its beginning still holds at its end. Of several servers over one store each takes turns by itself.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from craton.knowledge.records import Base
from craton.store.vectors.index import Index
from craton.store.vectors.stores import Store

Result = TypeVar("Result")


class Stores(Protocol):
    """The databases that hold indexes."""

    async def index(self, store: Store, name: str, dimensions: int) -> Index: ...

    async def drop(self, store: Store, name: str) -> None: ...


class Writing:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    @asynccontextmanager
    async def alone(self, base: Base) -> AsyncGenerator[None, None]:
        """A turn at the records and contents of a knowledge base's documents."""
        async with self._turns.setdefault(base.index, asyncio.Lock()):
            yield

    @asynccontextmanager
    async def turn(self, base: Base) -> AsyncGenerator[Index, None]:
        """A turn at its index, too."""
        async with self.alone(base):
            yield await self.index(base)

    async def index(self, base: Base) -> Index:
        """The same to read from."""
        return await self._stores.index(base.store, base.index, base.embedding.dimensions)

    async def drop(self, base: Base) -> None:
        """Delete the index, in a turn."""
        async with self.alone(base):
            await self._stores.drop(base.store, base.index)


async def unbroken(step: Awaitable[Result]) -> Result:
    """Do a step to its end, also where the task that waits for it is cancelled."""
    task = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise

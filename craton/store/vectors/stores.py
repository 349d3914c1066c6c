"""The databases that keep chunks, each made ready when it is first asked for. Knows of an adapter only its name."""

import asyncio
import os
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol, cast

from craton.config import KnowledgeSettings, SecretPlace
from craton.store.vectors.index import Index, Indexes, IndexFailure

Store = Literal["embedded", "postgres"]


class Adapter(Protocol):
    """What the module of a database offers."""

    async def load(self, place: str) -> Indexes:
        """All indexes there; raises IndexFailure where the place is none."""
        ...


# Importing LanceDB takes more than a second, so it is done in a thread, and only where an index is asked for.
_ADAPTERS: dict[Store, str] = {"embedded": "craton.store.vectors.lance", "postgres": "craton.store.vectors.postgres"}


class Stores:
    """Of one home, for all who write and search."""

    def __init__(self, home: Path, settings: KnowledgeSettings) -> None:
        self._home = home
        self._settings = settings
        self._ready: dict[Store, Indexes] = {}
        self._turn = asyncio.Lock()

    async def index(self, store: Store, name: str, dimensions: int) -> Index:
        """The index, made where there is none. Raises IndexFailure where the database is not to be had."""
        return await (await self._indexes(store)).open(name, dimensions)

    async def drop(self, store: Store, name: str) -> None:
        await (await self._indexes(store)).drop(name)

    async def close(self) -> None:
        for indexes in self._ready.values():
            await indexes.close()
        self._ready.clear()

    async def _indexes(self, store: Store) -> Indexes:
        async with self._turn:
            if store not in self._ready:
                place = await asyncio.to_thread(self._place, store)
                self._ready[store] = await (await asyncio.to_thread(_adapter, store)).load(place)
            return self._ready[store]

    def _place(self, store: Store) -> str:
        if store == "embedded":
            return str(self._home / "knowledge" / "index")
        match self._settings.postgres:
            case None:
                raise IndexFailure(
                    "No PostgreSQL is configured: name one as `postgres` under `[knowledge]` in craton.toml."
                )
            case SecretPlace() as secret:
                return _read(secret)
            case address:
                return address


def _adapter(store: Store) -> Adapter:
    os.environ.setdefault("LANCEDB_LOG", "error")  # it warns of what it mends itself
    try:
        return cast(Adapter, import_module(_ADAPTERS[store]))
    except ImportError as error:
        raise IndexFailure(
            f"What the {store} index needs is not installed here: {error}. For PostgreSQL install craton[postgres]."
        ) from error


def _read(place: SecretPlace) -> str:
    if not (address := place.read()):
        raise IndexFailure(f"The address of PostgreSQL is to stand in {place}, and nothing is there.")
    return address

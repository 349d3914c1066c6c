"""Connections to one PostgreSQL, lent one at a time and kept for the next. Knows no table."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from craton.store.vectors.index import IndexFailure

Connection = psycopg.AsyncConnection[tuple[object, ...]]
Result = TypeVar("Result")

MOST: Final = 8  # connections at a time; others wait
_OPTIONS: Final = {"connect_timeout": "10", "application_name": "craton"}

# A search through an index of vectors goes on until enough chunks pass its filter, however far away they are.
_SESSION: Final = (
    "SELECT set_config('hnsw.ef_search', '200', false), set_config('hnsw.iterative_scan', 'relaxed_order', false),"
    " set_config('hnsw.max_scan_tuples', '2147483647', false), set_config('hnsw.scan_mem_multiplier', '8', false)"
)


class Pool:
    def __init__(self, address: str) -> None:
        """Raises IndexFailure where the address is none; the message does not tell it, for it may hold a password."""
        try:
            given = conninfo_to_dict(address)
            unsaid = {key: value for key, value in _OPTIONS.items() if key not in given}
            self._address = make_conninfo(address, **unsaid)
        except psycopg.Error:
            raise IndexFailure(
                "The address of PostgreSQL cannot be read: write it as 'postgresql://user@host:5432/database'."
            ) from None
        self._idle: list[Connection] = []
        self._turns = asyncio.Semaphore(MOST)
        self._closed = False

    async def run(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Do what is right to be done twice: after the loss of a connection it is done once more, on a new one."""
        try:
            async with self._lent() as connection:
                return await work(connection)
        except Lost:
            await self._discard()  # what broke one has likely broken all
        async with self._lent() as connection:
            return await work(connection)

    async def close(self) -> None:
        """Those that are lent are closed when they come back."""
        self._closed = True
        await self._discard()

    async def _discard(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Connection]:
        async with self._turns:
            connection = self._idle.pop() if self._idle else await self._connected()
            try:
                yield connection
            except psycopg.OperationalError as error:
                if connection.closed:
                    raise Lost(str(error)) from error
                raise
            finally:
                idle = not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE
                if idle and not self._closed:
                    self._idle.append(connection)
                else:
                    await connection.close()

    async def _connected(self) -> Connection:
        connection = await psycopg.AsyncConnection.connect(self._address, autocommit=True, prepare_threshold=None)
        await connection.execute(_SESSION)
        return connection


class Lost(psycopg.OperationalError):
    """The connection broke while it was used."""

"""The one writer: a thread that runs waiting transactions in turn and commits several with one sync. Knows no table.

A commit costs a disk sync. While one is under way others queue up; they share the next one (group commit), each in its
own savepoint, so that one that fails leaves the rest alone.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from craton.errors import ServiceUnavailableException
from craton.store.transaction import Transaction

Result = TypeVar("Result")

_MOST_AT_ONCE = 256


class Witness(Protocol):
    """Who must write something down of each change, in the same transaction."""

    def attend(self, t: Transaction) -> None:
        """Called in the writer's thread once the work is done."""
        ...

    def confirm(self) -> None:
        """What was done is on disk."""
        ...


# The witness of what is being done in this context; a task that is begun in it inherits it.
witness: ContextVar[Witness | None] = ContextVar("witness", default=None)


@dataclass(slots=True, eq=False)
class _Write:
    work: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


class Writer:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Transaction], Result]) -> Result:
        """Run `work` in a transaction. Returns its result once that is on disk, or raises what it raised."""
        assert self._thread.is_alive(), "the store is closed"
        loop = asyncio.get_running_loop()
        present = witness.get()
        write = _Write(partial(_attended, work, present) if present else work, loop, loop.create_future())
        self._queue.put(write)
        result: Result = await write.future
        if present:
            present.confirm()
        return result

    @property
    def waiting(self) -> int:
        """How many writes wait for their turn."""
        return self._queue.qsize()

    def close(self) -> None:
        """Wait for the writes that are queued, then end."""
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        more = True
        while more:
            batch, more = self._next()
            try:
                with self._engine.begin() as connection:
                    for write in batch:
                        _attempt(connection, write)
            except Exception as error:  # noqa: BLE001 - not swallowed: those who wait get it, and the next batch starts anew
                # Where the disk failed under one of them, the database ended the transaction of all.
                told = [write.error for write in batch if isinstance(write.error, ServiceUnavailableException)]
                for write in batch:
                    write.error = told[0] if told else error
            _answer(batch)

    def _next(self) -> tuple[list[_Write], bool]:
        """Wait for a write and take those behind it; False where the queue was closed."""
        batch: list[_Write] = []
        write = self._queue.get()
        while write is not None:
            batch.append(write)
            if len(batch) == _MOST_AT_ONCE or self._queue.empty():
                return batch, True
            write = self._queue.get()
        return batch, False


def _attended(work: Callable[[Transaction], Result], present: Witness, t: Transaction) -> Result:
    result = work(t)
    present.attend(t)
    return result


def _attempt(connection: Connection, write: _Write) -> None:
    savepoint = connection.begin_nested()
    try:
        write.result = write.work(Transaction(connection))
    except Exception as error:  # noqa: BLE001 - not swallowed: the one who waits for this write gets it
        write.error = error
        savepoint.rollback()
    else:
        savepoint.commit()


def _answer(batch: list[_Write]) -> None:
    for loop in {write.loop for write in batch}:
        mine = [write for write in batch if write.loop is loop]
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, mine)


def _settle(writes: list[_Write]) -> None:
    for write in writes:
        if write.future.done():  # its caller was cancelled
            continue
        if write.error is not None:
            write.future.set_exception(write.error)
        else:
            write.future.set_result(write.result)

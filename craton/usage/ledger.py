"""The ledger: one row for each invocation of a model, in a database of its own. Knows no price and no limit.

Rows are written by a thread, many in one transaction, so that neither a request nor the control plane waits for them. A
row that is there already is left as it is: an invocation is told once, however often it is handed in.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from craton.store import sqlite
from craton.store.migrations import advance
from craton.usage import tables
from craton.usage.records import Counts, Used

logger = logging.getLogger(__name__)

FILE = "usage.db"
# Seconds that rows wait for others to share a transaction with, and after which a failed one is tried again.
_GATHER = 0.1
_AGAIN = 1.0

_i = tables.invocations.c
_INSERT = insert(tables.invocations).on_conflict_do_nothing()
_COUNTS = [column.name for column in tables.COUNTS]
_MAPS = ("tags", "metadata")
# The columns that a field of `Used` has the name and the value of.
_AS_THEY_ARE = [column.name for column in _i if column.name not in {*_COUNTS, *_MAPS, "at"}]

Where = Sequence[ColumnElement[bool]]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Total:
    """What the invocations of a group used together. `group` holds the values of the columns asked for."""

    group: tuple[Any, ...]
    invocations: int
    counts: Counts
    cost: int
    currency: str
    energy: float


class Ledger:
    """The invocations of one home. Several processes may open the same home at the same time.

    What is read includes all that this process handed in before. Columns for `where` are those of `tables.invocations`.
    """

    def __init__(self, reading: Engine, writing: Engine) -> None:
        self._reading = reading
        self._turn = threading.Lock()  # of reads: they share a connection
        self._writer = _Writer(writing)

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open `<home>/usage.db`, made or brought up to date where needed. Readable by its owner only."""
        reading, writing = sqlite.engines(home, FILE)
        with writing.begin() as connection:
            advance(connection, tables.metadata, tables.MIGRATIONS)
        return cls(reading, writing)

    def add(self, used: Used, written: Callable[[], None] | None = None) -> None:
        """Hand in an invocation, at once. `written` is called by the writer's thread when it is on disk."""
        self._writer.put(used, written)

    async def write(self, rows: Sequence[Used]) -> None:
        """Write invocations now. Raises SQLAlchemyError where that cannot be done."""
        await asyncio.to_thread(self._writer.write, rows)

    async def rows(self, *where: ColumnElement[bool], descending: bool = False, limit: int | None = None) -> list[Used]:
        """Invocations in the order they began."""
        order = (_i.at.desc(), _i.id.desc()) if descending else (_i.at, _i.id)
        query = select(tables.invocations).where(*where).order_by(*order).limit(limit)
        return await self.read(lambda connection: [_used(row) for row in connection.execute(query)])

    async def totals(self, *where: ColumnElement[bool], by: Sequence[str] = ()) -> list[Total]:
        """What was used in all, for each group of equal values of the columns `by`, and for each currency."""
        group = [_i[name] for name in by]
        sums = map(func.sum, (_i.energy, _i.cost, *tables.COUNTS))
        query = select(*group, _i.currency, func.count(), *sums).where(*where)
        query = query.group_by(*group, _i.currency)

        def work(connection: Connection) -> list[Total]:
            return [_total(row, len(group)) for row in connection.execute(query)]

        return await self.read(work)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run any reading query in a thread."""

        def run() -> Result:
            self._writer.flush()
            with self._turn, self._reading.connect() as connection:
                return work(connection)

        return await asyncio.to_thread(run)

    @property
    def waiting(self) -> int:
        """Invocations that are not on disk yet."""
        return self._writer.waiting

    async def flush(self) -> None:
        """Wait until all that was handed in is on disk, or could not be written."""
        await asyncio.to_thread(self._writer.flush)

    async def empty(self) -> None:
        """Forget all."""
        await self.flush()
        await asyncio.to_thread(self._writer.empty)

    async def close(self) -> None:
        """Write what is left and let go of the files."""
        await asyncio.to_thread(self._writer.close)
        self._reading.dispose()


class _Writer:
    """The thread. What it cannot write it keeps and tries again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[tuple[Used, Callable[[], None] | None]] = deque()
        self._batch: list[tuple[Used, Callable[[], None] | None]] = []
        self._some = threading.Event()  # something waits
        self._hurry = threading.Event()  # somebody waits for it
        self._tried = threading.Condition()
        self._turns = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def put(self, used: Used, written: Callable[[], None] | None) -> None:
        self._waiting.append((used, written))
        if not self._some.is_set():
            self._some.set()

    @property
    def waiting(self) -> int:
        return len(self._waiting) + len(self._batch)

    def flush(self) -> None:
        with self._tried:
            if not self._waiting and not self._batch:
                return
            until = self._turns + 2  # the turn that runs now may have begun before the last row came
            self._hurry.set()
            self._some.set()
            self._tried.wait_for(lambda: self._turns >= until or not (self._waiting or self._batch))

    def write(self, rows: Sequence[Used]) -> None:
        if rows:
            with self._engine.begin() as connection:
                connection.execute(_INSERT, [_row(used) for used in rows])

    def empty(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(tables.invocations))

    def close(self) -> None:
        self._closing = True
        self._hurry.set()
        self._some.set()
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        while not self._closing:
            self._some.wait()
            self._hurry.wait(_AGAIN if self._batch else _GATHER)
            self._hurry.clear()
            self._some.clear()
            self._turn()
        self._turn()

    def _turn(self) -> None:
        with suppress(IndexError):
            while True:
                self._batch.append(self._waiting.popleft())
        try:
            self.write([used for used, _ in self._batch])
        except SQLAlchemyError as error:
            logger.error("%d invocations could not be written to the ledger yet: %s", len(self._batch), error)
            self._some.set()
        else:
            for _, written in self._batch:
                if written:
                    written()
            self._batch = []
        with self._tried:
            self._turns += 1
            self._tried.notify_all()


def _row(used: Used) -> dict[str, object]:
    return {
        **{name: getattr(used, name) for name in _AS_THEY_ARE},
        **{name: getattr(used.counts, name) for name in _COUNTS},
        **{name: msgspec.json.encode(getattr(used, name)).decode() for name in _MAPS},
        "at": round(used.at * tables.SECOND),
    }


def _used(row: Row[*tuple[Any, ...]]) -> Used:
    values = dict(row._mapping)
    counts = Counts(*(values.pop(name) for name in _COUNTS))
    maps = {name: msgspec.json.decode(values[name], type=dict[str, str]) for name in _MAPS}
    return Used(**values | maps | {"at": values["at"] / tables.SECOND}, counts=counts)


def _total(row: Row[*tuple[Any, ...]], width: int) -> Total:
    currency, invocations, energy, cost, *counts = row[width:]
    return Total(tuple(row[:width]), invocations, Counts(*counts), cost, currency, energy)

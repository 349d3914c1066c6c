"""Requests on disk, for some days: `<home>/requests.db`. Knows no account's rights.

What is written here delays nobody: a thread writes what has gathered every half second, and what a crash finds gathered
is lost. The ledger and the audit trail are what must be complete.
"""

import logging
import queue
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, String, Table, bindparam, delete, insert, select
from sqlalchemy.exc import OperationalError

from craton.store import sqlite
from craton.store.migrations import Migration, advance
from craton.telemetry import requests
from craton.telemetry.requests import Packed

logger = logging.getLogger(__name__)

MOST = 100_000
_GATHERED = 10_000  # that wait to be written; more are counted as dropped
_PAUSE = 0.5  # seconds
_DAY = 24 * 3600 * 10**9
_BETWEEN = 60.0  # seconds from one look for what is too old to the next

_metadata = MetaData()
_requests = Table(
    "requests",
    _metadata,
    Column("request_id", String, primary_key=True),
    Column("position", BigInteger, nullable=False, index=True),
    Column("account", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
_migrations = Table("migrations", _metadata, Column("name", String, primary_key=True))
MIGRATIONS: Sequence[Migration] = ()

_c = _requests.c
_ADD = insert(_requests).prefix_with("OR REPLACE")  # by what is known of it later
_GET = select(_c.data).where(_c.request_id == bindparam("id"), _c.account == bindparam("owner"))
_NEWEST = select(_c.data).order_by(_c.position.desc()).limit(bindparam("most"))
_OVER = select(_c.position).order_by(_c.position.desc()).limit(1).offset(MOST)
_FORGET = delete(_requests).where(_c.position <= bindparam("last"))


class Kept:
    """Requests of the last `days`, `MOST` of them at most."""

    def __init__(self, home: Path, days: int) -> None:
        self._days = days
        self._reading, self._writing = sqlite.engines(home, "requests.db")
        with self._writing.begin() as connection:
            advance(connection, _metadata, MIGRATIONS)
        self._reader = self._reading.connect()
        self._gathered: queue.SimpleQueue[Packed | None] = queue.SimpleQueue()
        self.dropped = 0
        self._look_at = 0.0
        self._thread = threading.Thread(target=self._run, name="requests-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        return self._gathered.qsize()

    def add(self, request: Packed) -> None:
        if self._gathered.qsize() < _GATHERED:
            self._gathered.put(request)
        else:
            self.dropped += 1

    def get(self, account: str, request_id: str) -> Packed | None:
        row = self._reader.execute(_GET, {"id": request_id, "owner": account}).first()
        return None if row is None else requests.read(row.data)

    def newest(self, most: int) -> list[Packed]:
        """In the order in which they ended."""
        rows = self._reader.execute(_NEWEST, {"most": most}).all()
        return [requests.read(row.data) for row in reversed(rows)]

    def close(self) -> None:
        """Write what has gathered, and let go of the file."""
        self._gathered.put(None)
        self._thread.join()
        self._reader.close()
        self._reading.dispose()
        self._writing.dispose()

    def _run(self) -> None:
        more = True
        while more:
            batch, more = self._next()
            if not batch:
                return
            try:
                self._write(batch)
            except OperationalError as error:  # a full disk, for one: what they tell can be done without
                self.dropped += len(batch)
                logger.error("%d requests cannot be kept in requests.db: %s", len(batch), error.orig)

    def _next(self) -> tuple[list[Packed], bool]:
        """Wait for a request, and a moment for those behind it; False where there will be no more."""
        first = self._gathered.get()
        if first is None:
            return [], False
        batch = [first]
        until = time.monotonic() + _PAUSE
        while len(batch) < _GATHERED:
            try:
                request = self._gathered.get(timeout=max(until - time.monotonic(), 0))
            except queue.Empty:
                return batch, True
            if request is None:
                return batch, False
            batch.append(request)
        return batch, True

    def _write(self, batch: list[Packed]) -> None:
        rows = [
            {
                "position": each.position,
                "request_id": each.request_id,
                "account": each.account,
                "data": requests.write(each),
            }
            for each in batch
        ]
        with self._writing.begin() as connection:
            connection.execute(_ADD, rows)
            if time.monotonic() < self._look_at:
                return
            self._look_at = time.monotonic() + _BETWEEN
            over = connection.execute(_OVER).scalar() or 0
            connection.execute(_FORGET, {"last": max(over, time.time_ns() - self._days * _DAY)})

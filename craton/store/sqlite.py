"""The embedded database: one SQLite file in the home, made durable and shareable. Knows no table.

The only place that speaks SQLite's own dialect: a file beside this one may give the same two engines for another
database.
"""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

_PRAGMAS = (
    "PRAGMA busy_timeout=30000",  # ms: another process on the same home may be writing
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a commit is on disk when it returns
    "PRAGMA fullfsync=ON",  # macOS: past the drive's own cache, too
    "PRAGMA temp_store=MEMORY",
)


def engines(home: Path) -> tuple[Engine, Engine]:
    """One engine for reads, whose single connection sees every commit at once, and one for writes, which take turns."""
    path = home / "craton.db"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)  # SQLite gives its -wal and -shm files the same mode
    url = f"sqlite:///{path}"
    loose = {"check_same_thread": False}
    reading = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=StaticPool, connect_args=loose)
    writing = create_engine(url, connect_args=loose)
    event.listen(reading, "connect", _prepare)
    event.listen(writing, "connect", _prepare)
    event.listen(writing, "begin", _begin)
    return reading, writing


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # Python's driver would begin lazily, and too late
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

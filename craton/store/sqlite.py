"""An embedded database: a SQLite file in the home, made durable and shareable. Knows no table.

The only place that speaks SQLite's own dialect: a file beside this one may give the same two engines for another
database.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import StaticPool

from craton.errors import ServiceUnavailableException

_PRAGMAS = (
    "PRAGMA busy_timeout=30000",  # ms: another process on the same home may be writing
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a commit is on disk when it returns
    "PRAGMA fullfsync=ON",  # macOS: past the drive's own cache, too
    "PRAGMA temp_store=MEMORY",
)


def engines(home: Path, name: str = "craton.db") -> tuple[Engine, Engine]:
    """One engine for reads, whose single connection sees every commit at once, and one for writes, which take turns."""
    path = home / name
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)  # SQLite gives its -wal and -shm files the same mode
    url = f"sqlite:///{path}"
    loose = {"check_same_thread": False}
    reading = create_engine(
        url, isolation_level="AUTOCOMMIT", poolclass=StaticPool, connect_args=loose, hide_parameters=True
    )
    writing = create_engine(url, connect_args=loose, hide_parameters=True)
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


# What the disk, or another process, does to a statement that is right: https://www.sqlite.org/rescode.html
_NOT_NOW = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
}


def refuse_when_unusable(engine: Engine) -> None:
    """Have the engine raise ServiceUnavailableException where the disk is full or read-only: that is no mistake of the
    caller's, who may try again.
    """
    event.listen(engine, "handle_error", _refuse)


def _refuse(context: ExceptionContext) -> None:
    error = context.original_exception
    if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_NOW:
        raise ServiceUnavailableException(
            f"The server cannot use its disk now ({error}); nothing was changed. Send the request again later."
        ) from error

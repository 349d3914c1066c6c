"""A SQLite file as a database to ask. Knows no question and no rule about what may be read but the schema it is given.

The file is opened for reading alone, SQLite itself asks an authorizer before it reads any column, and a query that
takes too long is interrupted. Each query has a connection of its own, in a thread.
"""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from craton.knowledge.structured.checking.allowed import SQLITE_FUNCTIONS
from craton.knowledge.structured.checking.query import Query
from craton.knowledge.structured.databases.database import (
    FEW,
    LOOKED_AT,
    LOOKING_SECONDS,
    SHORT,
    Answer,
    DatabaseFailure,
    RefusedQuery,
    Rows,
    too_large,
    too_slow,
)
from craton.knowledge.structured.schema import Column, Reference, Schema, Table

MAIN = "main"
# Steps of SQLite's machine between two looks at the clock: some tenths of a millisecond.
_STEPS = 20_000
_MEMORY_KIB = 32_768
_WAIT = 5.0  # seconds for a writer to let go of the file
_ROW_BYTES = 64 << 20  # of a text that SQLite makes, and of a row that it reads
_TEXTS = ("CHAR", "TEXT", "CLOB")

_TABLES = """
SELECT name, type FROM pragma_table_list
WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
"""
_COLUMNS = "SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid"
_REFERENCES = 'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq'

_REFUSALS = (
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_RANGE,
)

Done = TypeVar("Done")


async def load(address: str) -> "Sqlite":
    path = Path(address)
    if not await asyncio.to_thread(path.is_file):
        raise DatabaseFailure(f"There is no SQLite file {address!r}. Have the operator name one that is there.")
    return Sqlite(path)


class Sqlite:
    def __init__(self, path: Path) -> None:
        self._path = path

    async def schema(self) -> Schema:
        return await self._asked(_schema, LOOKING_SECONDS)

    async def samples(self, table: Table, column: Column) -> Sequence[str]:
        if not any(word in column.type.upper() for word in _TEXTS):
            return ()

        def look(connection: sqlite3.Connection) -> Sequence[str]:
            found = connection.execute(
                f"SELECT DISTINCT value FROM (SELECT {_quoted(column.name)} AS value FROM {_quoted(table.name)} "
                f"LIMIT {LOOKED_AT}) WHERE value IS NOT NULL LIMIT {FEW + 1}"
            ).fetchall()
            values = [value for (value,) in found]
            few = len(values) <= FEW and all(isinstance(each, str) and len(each) <= SHORT for each in values)
            return sorted(values) if few else ()

        return await self._asked(look, LOOKING_SECONDS)

    async def explain(self, query: Query, schema: Schema) -> None:
        def plan(connection: sqlite3.Connection) -> None:
            connection.set_authorizer(Reading(schema))
            connection.execute(f"EXPLAIN {query.run}").fetchone()

        await self._asked(plan, LOOKING_SECONDS)

    async def rows(self, query: Query, schema: Schema, seconds: float) -> Rows:
        def read(connection: sqlite3.Connection) -> Rows:
            connection.set_authorizer(Reading(schema))
            answer = Answer(query.columns)
            for row in connection.execute(query.run):
                answer.add(row)
            return answer.rows()

        return await self._asked(read, seconds)

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _asked(self, work: Callable[[sqlite3.Connection], Done], seconds: float) -> Done:
        ended = threading.Event()  # set where nobody waits any more
        try:
            return await asyncio.to_thread(self._work, work, seconds, ended)
        finally:
            ended.set()

    def _work(self, work: Callable[[sqlite3.Connection], Done], seconds: float, ended: threading.Event) -> Done:
        deadline = time.monotonic() + seconds

        def late() -> bool:
            return time.monotonic() > deadline or ended.is_set()

        try:
            with self._opened() as connection:
                connection.set_progress_handler(late, _STEPS)
                return work(connection)
        except (sqlite3.Error, sqlite3.Warning) as error:
            if late():
                raise too_slow(seconds) from error
            raise _failure(error) from error

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        place = f"file:{quote(str(self._path.absolute()))}?mode=ro"
        connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=_WAIT, cached_statements=0)
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _ROW_BYTES)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute(f"PRAGMA cache_size = -{_MEMORY_KIB}")
            yield connection
        finally:
            connection.close()


class Reading:
    """What SQLite asks before it compiles any part of a query: whether that may be."""

    def __init__(self, schema: Schema) -> None:
        self._columns = {
            (table.name.lower(), column.name.lower()) for table in schema.tables for column in table.columns
        }
        self._tables = {table.name.lower() for table in schema.tables}
        self._views = {table.name.lower() for table in schema.tables if table.view}

    def __call__(self, action: int, first: str | None, second: str | None, place: str | None, by: str | None) -> int:
        """Whoever may read a view may read what that is made of; then `by` is its name."""
        match action:
            case sqlite3.SQLITE_SELECT:
                allowed = True
            case sqlite3.SQLITE_READ:
                table, column = (first or "").lower(), (second or "").lower()
                own = (table, column) in self._columns if column else table in self._tables
                allowed = own or (by or "").lower() in self._views or not table
            case sqlite3.SQLITE_FUNCTION:
                allowed = (second or "").lower() in SQLITE_FUNCTIONS
            case _:
                allowed = False
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _failure(error: Exception) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_TOOBIG:
        return too_large()
    if code in _REFUSALS or not code:  # what Python refuses, such as a second statement, has no code
        return RefusedQuery(str(error))
    return DatabaseFailure(f"SQLite did not answer: {error}. Have the operator look at the file.")


def _schema(connection: sqlite3.Connection) -> Schema:
    tables = connection.execute(_TABLES).fetchall()
    return Schema("sqlite", [_table(connection, name, view=kind == "view") for name, kind in tables])


def _table(connection: sqlite3.Connection, name: str, *, view: bool) -> Table:
    columns = connection.execute(_COLUMNS, (name,)).fetchall()
    keys = sorted((place, column) for column, _, place in columns if place)
    return Table(
        MAIN,
        name,
        [Column(column, kind) for column, kind, _ in columns],
        view=view,
        key=[column for _, column in keys],
        references=_references(connection, name),
    )


def _references(connection: sqlite3.Connection, name: str) -> list[Reference]:
    """Those that name the columns they lead to."""
    found: dict[int, list[tuple[str, str, str | None]]] = {}
    for number, table, column, to in connection.execute(_REFERENCES, (name,)):
        found.setdefault(number, []).append((table, column, to))
    references: list[Reference] = []
    for each in found.values():
        table = each[0][0]
        to = [named for _, _, named in each if named] or _key(connection, table)
        references.append(Reference([column for _, column, _ in each], MAIN, table, to))
    return references


def _key(connection: sqlite3.Connection, table: str) -> list[str]:
    columns = connection.execute(_COLUMNS, (table,)).fetchall()
    return [column for _, column in sorted((place, column) for column, _, place in columns if place)]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

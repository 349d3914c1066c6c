"""A PostgreSQL as a database to ask. Knows no question and no rule about what may be read.

Each query has a connection and a transaction of its own, READ ONLY, with limits of time, and no path on which a name
without its schema would be found.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from craton.knowledge.structured.checking.query import Query
from craton.knowledge.structured.databases.database import (
    FEW,
    LOOKED_AT,
    LOOKING_SECONDS,
    SHORT,
    VALUE_BYTES,
    Answer,
    DatabaseFailure,
    RefusedQuery,
    Rows,
    too_large,
    too_slow,
)
from craton.knowledge.structured.schema import Column, Reference, Schema, Table

Connection = psycopg.AsyncConnection[tuple[object, ...]]

MOST: Final = 8  # connections at a time; others wait
_OPTIONS: Final = {"connect_timeout": "10", "application_name": "craton"}
_PIECE: Final = 20  # rows that come at a time
_LOCK_SECONDS: Final = 2
_TEXTS: Final = ("text", "character", "varchar", "citext")
_SYSTEM: Final = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'"

# Should a transaction ever end early, the next one would not write either.
_FOREVER: Final = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
_SESSION: Final = (
    "SELECT set_config('statement_timeout', %(statement)s, true), set_config('lock_timeout', %(lock)s, true),"
    " set_config('idle_in_transaction_session_timeout', %(idle)s, true), set_config('search_path', 'pg_catalog', true),"
    " set_config('standard_conforming_strings', 'on', true)"
)
_COLUMNS: Final = f"""
SELECT n.nspname, c.relname, c.relkind IN ('v', 'm'), obj_description(c.oid, 'pg_class'),
    a.attname, format_type(a.atttypid, a.atttypmod), col_description(c.oid, a.attnum)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND {_SYSTEM} AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY n.nspname, c.relname, a.attnum
"""
_KEYS: Final = f"""
SELECT n.nspname, c.relname, k.contype = 'p', there_n.nspname, there.relname,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS each(number, place)
        JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = each.number ORDER BY place),
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS each(number, place)
        JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = each.number ORDER BY place)
FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_class AS there ON there.oid = k.confrelid
    LEFT JOIN pg_namespace AS there_n ON there_n.oid = there.relnamespace
WHERE k.contype IN ('p', 'f') AND k.conparentid = 0 AND {_SYSTEM} ORDER BY k.oid
"""
_SAMPLES: Final = """
SELECT DISTINCT value FROM (SELECT {column}::text AS value FROM {table} LIMIT {looked_at}) AS looked
WHERE value IS NOT NULL LIMIT {few}
"""


async def load(address: str) -> "Postgres":
    try:
        given = conninfo_to_dict(address)
        unsaid = {key: value for key, value in _OPTIONS.items() if key not in given}
        return Postgres(make_conninfo(address, **unsaid))
    except psycopg.Error:
        raise DatabaseFailure(
            "The address of the PostgreSQL cannot be read. Have the operator write it as "
            "'postgresql://user@host:5432/database'."
        ) from None


class Postgres:
    def __init__(self, address: str) -> None:
        self._address = address
        self._turns = asyncio.Semaphore(MOST)

    async def schema(self) -> Schema:
        async with self._reading(LOOKING_SECONDS) as connection:
            columns = await (await connection.execute(_COLUMNS)).fetchall()
            keys = await (await connection.execute(_KEYS)).fetchall()
        return Schema("postgres", _tables(columns, keys))

    async def samples(self, table: Table, column: Column) -> Sequence[str]:
        if not column.type.startswith(_TEXTS):
            return ()
        asked = sql.SQL(_SAMPLES).format(
            column=sql.Identifier(column.name),
            table=sql.Identifier(table.schema, table.name),
            looked_at=sql.Literal(LOOKED_AT),
            few=sql.Literal(FEW + 1),
        )
        async with self._reading(LOOKING_SECONDS) as connection:
            values = [str(value) for (value,) in await (await connection.execute(asked)).fetchall()]
        return sorted(values) if len(values) <= FEW and all(len(each) <= SHORT for each in values) else ()

    async def explain(self, query: Query, schema: Schema) -> None:
        async with self._reading(LOOKING_SECONDS) as connection:
            # In binary, for then PostgreSQL itself takes one statement and no more.
            await connection.execute(b"EXPLAIN " + query.run.encode(), binary=True)

    async def rows(self, query: Query, schema: Schema, seconds: float) -> Rows:
        answer = Answer(query.columns)
        async with self._reading(seconds) as connection, connection.cursor(name="answer") as cursor:
            await cursor.execute(_bounded(query))
            while rows := await cursor.fetchmany(_PIECE):
                for row in rows:
                    if row[0]:
                        raise too_large()
                    answer.add(row[1:])
        return answer.rows()

    async def close(self) -> None:
        """Nothing is kept open."""

    @asynccontextmanager
    async def _reading(self, seconds: float) -> AsyncIterator[Connection]:
        limits = {"statement": _milliseconds(seconds), "lock": _milliseconds(_LOCK_SECONDS)}
        async with self._turns:
            with _told(seconds):
                async with await psycopg.AsyncConnection.connect(self._address, prepare_threshold=None) as connection:
                    await connection.set_read_only(True)
                    await connection.execute(_FOREVER)
                    await connection.commit()
                    await connection.execute(_SESSION, {**limits, "idle": limits["statement"]})
                    try:
                        async with asyncio.timeout(seconds + _LOCK_SECONDS):  # of all its rows, and the way here
                            yield connection
                    finally:
                        await connection.rollback()


def _bounded(query: Query) -> bytes:
    """The query with a first column that says whether a value of the row is too large to be sent; then it is NULL.

    Columns are numbered, for an answer may have several of a name.
    """
    names = [f'"c{number}"' for number in range(len(query.columns))]
    sizes = ", ".join(f"pg_catalog.pg_column_size({name})" for name in names)
    values = ", ".join(
        f"CASE WHEN pg_catalog.pg_column_size({name}) <= {VALUE_BYTES} THEN {name} END" for name in names
    )
    bounded = f"SELECT GREATEST({sizes}) > {VALUE_BYTES}, {values} FROM ({query.run}) AS answer({', '.join(names)})"
    return bounded.encode()


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


@contextmanager
def _told(seconds: float) -> Iterator[None]:
    try:
        yield
    except (psycopg.errors.QueryCanceled, TimeoutError) as error:
        raise too_slow(seconds) from error
    except psycopg.errors.OperationalError as error:
        raise DatabaseFailure(f"PostgreSQL did not answer: {_line(error)}. Have the operator look at it.") from error
    except psycopg.Error as error:
        raise RefusedQuery(_line(error)) from error


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300].rstrip(".")


def _tables(columns: Sequence[tuple[object, ...]], keys: Sequence[tuple[object, ...]]) -> list[Table]:
    found: dict[tuple[str, str], tuple[bool, str, list[Column]]] = {}
    for schema, name, view, comment, column, kind, told in columns:
        place = (str(schema), str(name))
        _, _, listed = found.setdefault(place, (bool(view), str(comment or ""), []))
        listed.append(Column(str(column), str(kind), str(told or "")))
    primary: dict[tuple[str, str], list[str]] = {}
    references: dict[tuple[str, str], list[Reference]] = {}
    for schema, name, is_key, to_schema, to_name, own, to in keys:
        place = (str(schema), str(name))
        assert isinstance(own, list) and isinstance(to, list)
        if is_key:
            primary[place] = own
        else:
            references.setdefault(place, []).append(Reference(own, str(to_schema), str(to_name), to))
    return [
        Table(*place, listed, view, comment, primary.get(place, ()), references.get(place, ()))
        for place, (view, comment, listed) in found.items()
    ]

"""Indexes in PostgreSQL with pgvector. Imported only when one is opened.

In a schema of our own each index has a table of chunks and one of postings, and `indexes` counts what BM25 needs to
know. Ids of chunks and documents are kept as digests. Whoever writes holds the row of the index in `indexes`, so that
the writers of one index take turns. Knows no knowledge base.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg
from psycopg import sql

from craton.store.vectors import bodies, tables
from craton.store.vectors.conditions import (
    AllOf,
    AnyOf,
    Begins,
    Compared,
    Condition,
    Holding,
    Labelled,
    Not,
    condition,
    digest,
)
from craton.store.vectors.filters import Filter
from craton.store.vectors.index import Index, IndexFailure
from craton.store.vectors.pool import Connection, Pool
from craton.store.vectors.postings import BEST, terms
from craton.store.vectors.records import Chunk, Hit
from craton.store.vectors.tables import SCHEMA, Tables

_EXACT: Final = 5_000  # chunks that a filter lets through: so few are compared one by one, without the index
_CLOSER: Final = 10  # times as many as are asked for are taken from the index, which rounds, and compared exactly
_INDEXED_FROM: Final = 4_096  # vectors: fewer are compared one by one in a few milliseconds
_WIDEST: Final = 4_000  # dimensions that pgvector can index in half precision; wider vectors are compared one by one

_MEMORY: Final = "512MB"  # in which an index of vectors is built
_PIECE: Final = 2**17  # bytes that are sent at a time

Values = dict[str, object]
Found = tuple[object, ...]

_FIRST = "UPDATE {about} SET next = next + %(count)s WHERE name = %(name)s RETURNING next - %(count)s"
_TURN = "SELECT 1 FROM {about} WHERE name = %(name)s FOR UPDATE"
_GONE = """
WITH gone AS (
    DELETE FROM {chunks} WHERE document = ANY(%(documents)s) OR id = ANY(%(ids)s) RETURNING number, length, terms
), forgotten AS (
    DELETE FROM {postings} USING (SELECT number, unnest(terms) AS word FROM gone) AS old
    WHERE term = word AND chunk = number
)
UPDATE {about} SET
    chunks = chunks + %(chunks)s - (SELECT count(*) FROM gone WHERE length > 0),
    words = words + %(words)s - (SELECT coalesce(sum(length), 0) FROM gone)
WHERE name = %(name)s
"""
_COPY_CHUNKS = "COPY {chunks} (number, id, document, body, vector, labels, texts, length, terms) FROM STDIN"
_COPY_POSTINGS = "COPY {postings} (term, chunk, count, length) FROM STDIN"
_SOME = "SELECT count(*) FROM (SELECT FROM {chunks} WHERE {where} LIMIT %(enough)s) AS passing"
_EXACTLY = """
SELECT body, 1 - (vector <=> %(vector)s::vector) FROM {chunks} WHERE vector IS NOT NULL AND {where}
ORDER BY vector <=> %(vector)s::vector LIMIT %(limit)s
"""
_NEAR = """
WITH near AS MATERIALIZED (
    SELECT body, vector FROM {chunks} WHERE vector IS NOT NULL AND {where}
    ORDER BY vector::halfvec({dimensions}) <=> %(vector)s::halfvec({dimensions}) LIMIT %(more)s
)
SELECT body, 1 - (vector <=> %(vector)s::vector) FROM near ORDER BY vector <=> %(vector)s::vector LIMIT %(limit)s
"""
_TIDYING = "SELECT pg_try_advisory_lock(hashtextextended(%(name)s, 0))"
_TIDIED = "SELECT pg_advisory_unlock(hashtextextended(%(name)s, 0))"
_INDEXED = """
SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = %(schema)s AND relname = %(near)s
"""
_INDEX = """
CREATE INDEX CONCURRENTLY {near} ON {chunks} USING hnsw ((vector::halfvec({dimensions})) halfvec_cosine_ops)
"""


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        raise IndexFailure(f"PostgreSQL did not answer: {_line(error)}.") from error
    except psycopg.Error as error:
        raise IndexFailure(f"PostgreSQL refused: {_line(error)}.") from error


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:500].rstrip(".")


async def load(address: str) -> "PostgresIndexes":
    return PostgresIndexes(Pool(address))


class PostgresIndexes:
    """All indexes of one database."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._opened: dict[tuple[str, int], PostgresIndex] = {}
        self._turn = asyncio.Lock()  # an index is opened, or dropped

    async def open(self, name: str, dimensions: int) -> Index:
        index = self._opened.get((name, dimensions))
        if index is None:
            async with self._turn:
                index = PostgresIndex(self._pool, Tables(name), dimensions)
                await index.make()
                self._opened[name, dimensions] = index
        return index

    async def drop(self, name: str) -> None:
        async with self._turn:
            self._opened = {key: index for key, index in self._opened.items() if key[0] != name}
            with _told():
                await self._pool.run(lambda connection: tables.drop(connection, Tables(name)))

    async def close(self) -> None:
        self._opened.clear()
        await self._pool.close()


@dataclass(frozen=True, slots=True)
class PostgresIndex:
    """The chunks of one table."""

    pool: Pool
    tables: Tables
    dimensions: int

    async def make(self) -> None:
        """Make the tables where they are not. Raises IndexFailure where their vectors are of another width."""
        with _told():
            width = await self.pool.run(lambda connection: tables.make(connection, self.tables, self.dimensions))
        if width != self.dimensions:
            raise IndexFailure(
                f"The index {self.tables.name!r} in PostgreSQL has vectors of {width} dimensions, and not "
                f"{self.dimensions}."
            )

    async def replace(self, documents: Collection[str], chunks: Sequence[Chunk]) -> None:
        assert {chunk.document for chunk in chunks} <= {*documents}, "chunks of these documents, and no others"
        rows = await asyncio.to_thread(tables.rows, chunks, self.dimensions)
        ((first,),) = await self._all(_FIRST, {"count": len(rows)})
        assert isinstance(first, int)
        lines = await asyncio.to_thread(tables.chunk_lines, rows, first)
        posted = await asyncio.to_thread(tables.posting_lines, rows, first)
        gone: Values = {
            "documents": [digest(document) for document in documents],
            "ids": [row.id for row in rows],
            "chunks": sum(row.length > 0 for row in rows),
            "words": sum(row.length for row in rows),
        }

        async def write(connection: Connection) -> None:
            async with connection.transaction():
                await self._run(connection, _TURN, {})
                await self._run(connection, _GONE, gone)
                await self._copy(connection, _COPY_CHUNKS, lines)
                await self._copy(connection, _COPY_POSTINGS, posted)

        with _told():
            await self.pool.run(write)

    async def nearest(self, vector: Sequence[float], limit: int, where: Filter | None = None) -> list[Hit]:
        if not any(vector):
            return []
        asked: Values = {"vector": tables.literal(vector), "limit": limit, "more": limit * _CLOSER, "enough": _EXACT}
        test, values = _where(where)
        asked |= values
        near = self.dimensions <= _WIDEST
        if near and where is not None:
            near = await self._all(_SOME, asked, where=test) == [(_EXACT,)]
        found = await self._all(_NEAR, asked, where=test) if near else []
        if len(found) < limit:
            found = await self._all(_EXACTLY, asked, where=test)
        return _hits(found)

    async def matching(self, words: Sequence[str], limit: int, where: Filter | None = None) -> list[Hit]:
        test, values = _where(where)
        asked = {"terms": list(terms(" ".join(words).split())), "limit": limit, **values}
        return _hits(await self._all(BEST, asked, where=test)) if asked["terms"] else []

    async def get(self, ids: Collection[str]) -> Mapping[str, Chunk]:
        asked: Values = {"ids": [digest(each) for each in ids]}
        found = await self._all("SELECT body FROM {chunks} WHERE id = ANY(%(ids)s)", asked)
        return {chunk.id: chunk for chunk in map(_chunk, found)}

    async def of(self, document: str) -> list[Chunk]:
        found = await self._all(
            "SELECT body FROM {chunks} WHERE document = %(document)s", {"document": digest(document)}
        )
        return await asyncio.to_thread(lambda: sorted(map(_chunk, found), key=lambda chunk: chunk.id))

    async def count(self) -> int:
        ((count,),) = await self._all("SELECT count(*) FROM {chunks}", {})
        assert isinstance(count, int)
        return count

    async def tidy(self) -> None:
        with _told():
            await self.pool.run(self._tidied)

    async def _tidied(self, connection: Connection) -> None:
        """Index the vectors where that has not been done, or was broken off, and clean up; nobody does so twice."""
        if await self._run(connection, _TIDYING, {}) != [(True,)]:
            return
        try:
            await self._index(connection)
            for statement in ("VACUUM ANALYZE {chunks}", "VACUUM ANALYZE {postings}"):
                await self._run(connection, statement, {})
        finally:
            if not connection.closed:
                await self._run(connection, _TIDIED, {})

    async def _index(self, connection: Connection) -> None:
        known = await self._run(connection, _INDEXED, {"schema": SCHEMA, "near": self.tables.near})
        if known == [(True,)] or self.dimensions > _WIDEST:
            return
        if known:
            old = sql.Identifier(SCHEMA, self.tables.near)
            await self._run(connection, "DROP INDEX CONCURRENTLY {old}", {}, old=old)
        some = await self._run(connection, _SOME, {"enough": _INDEXED_FROM}, where=sql.SQL("vector IS NOT NULL"))
        if some == [(_INDEXED_FROM,)]:
            await self._run(connection, f"SET maintenance_work_mem = '{_MEMORY}'", {})
            await self._run(connection, _INDEX, {}, near=sql.Identifier(self.tables.near))
            await self._run(connection, "RESET maintenance_work_mem", {})

    async def _all(self, statement: LiteralString, values: Values, **parts: sql.Composable) -> list[Found]:
        with _told():
            return await self.pool.run(lambda connection: self._run(connection, statement, values, **parts))

    async def _run(
        self, connection: Connection, statement: LiteralString, values: Values, **parts: sql.Composable
    ) -> list[Found]:
        given = {**values, "name": self.tables.name}
        cursor = await connection.execute(self._query(statement, **parts), given, binary=True)
        return await cursor.fetchall() if cursor.description else []

    async def _copy(self, connection: Connection, statement: LiteralString, lines: bytes) -> None:
        async with connection.cursor() as cursor, cursor.copy(self._query(statement)) as copy:
            for start in range(0, len(lines), _PIECE):
                await copy.write(lines[start : start + _PIECE])

    def _query(self, statement: LiteralString, **parts: sql.Composable) -> sql.Composed:
        return sql.SQL(statement).format(**self.tables.names, dimensions=sql.Literal(self.dimensions), **parts)


def _chunk(found: Found) -> Chunk:
    body = found[0]
    assert isinstance(body, bytes)
    return bodies.read(body)


def _hits(found: Sequence[Found]) -> list[Hit]:
    return [Hit(_chunk(each), float(str(each[1]))) for each in found]


def _where(filter: Filter | None) -> tuple[sql.Composable, Values]:
    """A filter in SQL, and the values that go beside it."""
    values: Values = {}
    return (_test(condition(filter), values) if filter else sql.SQL("true")), values


def _test(condition: Condition, values: Values) -> sql.Composable:
    def value(given: object) -> sql.Composable:
        name = f"where{len(values)}"
        values[name] = given
        return sql.Placeholder(name)

    def text(key: str) -> sql.Composable:
        return sql.SQL("coalesce(texts ->> {}, '')").format(value(key))

    match condition:
        case AllOf(parts):
            return _joined(" AND ", [_test(part, values) for part in parts], "true")
        case AnyOf(parts):
            return _joined(" OR ", [_test(part, values) for part in parts], "false")
        case Not(part):
            return sql.SQL("(NOT {})").format(_test(part, values))
        case Labelled(labels):
            return sql.SQL("(labels && {}::text[])").format(value(list(labels)))
        case Compared(key, comparison, bound):
            return sql.SQL('({} COLLATE "C" {} {})').format(text(key), sql.SQL(comparison), value(bound))
        case Begins(key, start):
            return sql.SQL("starts_with({}, {})").format(text(key), value(start))
        case Holding(key, part):
            return sql.SQL("(strpos({}, {}) > 0)").format(text(key), value(part))


def _joined(word: LiteralString, parts: Sequence[sql.Composable], none: LiteralString) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(word).join(parts)) if parts else sql.SQL(none)

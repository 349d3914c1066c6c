"""The tables of an index in PostgreSQL: how they are made, and chunks as they are put there. Knows no search."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import errors, sql

from craton.store.vectors import bodies
from craton.store.vectors.conditions import digest, kept
from craton.store.vectors.index import IndexFailure
from craton.store.vectors.pool import Connection
from craton.store.vectors.postings import terms
from craton.store.vectors.records import Chunk

SCHEMA: Final = "craton_knowledge"
ABOUT: Final = sql.Identifier(SCHEMA, "indexes")
_OLDEST: Final = (0, 8)  # of pgvector: it goes on searching its index until enough passes a filter

_MAKE = """
CREATE TABLE {about} (
    name text PRIMARY KEY, dimensions integer NOT NULL,
    chunks bigint NOT NULL DEFAULT 0, words bigint NOT NULL DEFAULT 0, next bigint NOT NULL DEFAULT 1
)
"""
_MAKE_INDEX = """
CREATE TABLE {chunks} (
    id text PRIMARY KEY, document text NOT NULL, number bigint NOT NULL UNIQUE, body bytea NOT NULL,
    vector vector({dimensions}), labels text[] NOT NULL, texts jsonb NOT NULL,
    length integer NOT NULL, terms bigint[] NOT NULL
);
CREATE INDEX ON {chunks} (document);
CREATE INDEX ON {chunks} USING gin (labels);
CREATE TABLE {postings} (
    term bigint, chunk bigint, count integer NOT NULL, length integer NOT NULL,
    PRIMARY KEY (term, chunk) INCLUDE (count, length)
);
INSERT INTO {about} (name, dimensions) VALUES ({name}, {dimensions});
"""


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of an index's tables; what is formatted with `names` says no other."""

    name: str

    def __post_init__(self) -> None:
        assert len(self.name) <= 50, "PostgreSQL cuts off names of more than 63 characters"

    @property
    def names(self) -> dict[str, sql.Composable]:
        chunks, postings = sql.Identifier(SCHEMA, self.name), sql.Identifier(SCHEMA, f"{self.name}.postings")
        return {"about": ABOUT, "chunks": chunks, "postings": postings}

    @property
    def near(self) -> str:
        """The name of the index of vectors."""
        return f"{self.name}.near"


async def there(connection: Connection) -> bool:
    row = await (await connection.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.indexes"])).fetchone()
    return row is not None and row[0] is not None


async def make(connection: Connection, of: Tables, dimensions: int) -> int:
    """Make what is not there; the dimensions of the index's vectors."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [SCHEMA])
    if not await there(connection):
        await _extension(connection)
        await connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        await connection.execute(sql.SQL(_MAKE).format(**of.names))
    known = sql.SQL("SELECT dimensions FROM {about} WHERE name = %s").format(**of.names)
    row = await (await connection.execute(known, [of.name])).fetchone()
    if row is None:
        parts = {"name": sql.Literal(of.name), "dimensions": sql.Literal(dimensions)}
        await connection.execute(sql.SQL(_MAKE_INDEX).format(**of.names, **parts))
        return dimensions
    assert isinstance(row[0], int)
    return row[0]


async def drop(connection: Connection, of: Tables) -> None:
    async with connection.transaction():
        if await there(connection):
            await connection.execute(sql.SQL("DELETE FROM {about} WHERE name = %s").format(**of.names), [of.name])
            await connection.execute(sql.SQL("DROP TABLE IF EXISTS {chunks}, {postings}").format(**of.names))


async def _extension(connection: Connection) -> None:
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except (errors.UndefinedFile, errors.FeatureNotSupported, errors.InsufficientPrivilege) as error:
        raise IndexFailure(
            "PostgreSQL has no pgvector: install it there, and let its owner run CREATE EXTENSION vector."
        ) from error
    row = await (
        await connection.execute(
            "SELECT extversion, current_setting('server_encoding') FROM pg_extension WHERE extname = 'vector'"
        )
    ).fetchone()
    assert row
    version, encoding = str(row[0]), str(row[1])
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST:
        raise IndexFailure(f"PostgreSQL has pgvector {version}: update it to 0.8 or newer.")
    if encoding != "UTF8":
        raise IndexFailure(f"The database is encoded in {encoding}: name one that is encoded in UTF8.")


@dataclass(frozen=True, slots=True)
class Row:
    """A chunk as it is put into the tables, but for its number."""

    id: str
    fields: str
    length: int
    terms: Mapping[int, int]


def rows(chunks: Sequence[Chunk], dimensions: int) -> list[Row]:
    """Of chunks with one id the last."""
    return [_row(chunk, dimensions) for chunk in {chunk.id: chunk for chunk in chunks}.values()]


def _row(chunk: Chunk, dimensions: int) -> Row:
    labels, texts = kept(chunk.attributes)
    words = chunk.words.split()
    there = terms(words)
    fields = (
        digest(chunk.id),
        digest(chunk.document),
        rf"\\x{bodies.written(chunk).hex()}",
        _vector(chunk, dimensions),
        f"{{{','.join(labels)}}}",
        json.dumps(texts, ensure_ascii=False).replace("\\", "\\\\"),
        str(len(words)),
        f"{{{','.join(map(str, there))}}}",
    )
    return Row(fields[0], "\t".join(fields), len(words), there)


def _vector(chunk: Chunk, dimensions: int) -> str:
    """What has no direction is found by none, so that it is kept as if there were no vector."""
    if chunk.vector is None or not any(chunk.vector):
        return r"\N"
    if len(chunk.vector) != dimensions:
        raise IndexFailure(f"A vector of {len(chunk.vector)} dimensions cannot be kept: the index has {dimensions}.")
    return literal(chunk.vector)


def literal(vector: Sequence[float]) -> str:
    """A vector as pgvector reads it."""
    return f"[{','.join(repr(float(each)) for each in vector)}]"


def chunk_lines(rows: Sequence[Row], first: int) -> bytes:
    """For COPY, in its text format, numbered from the first on."""
    return "".join(f"{number}\t{row.fields}\n" for number, row in enumerate(rows, first)).encode()


def posting_lines(rows: Sequence[Row], first: int) -> bytes:
    return "".join(
        f"{term}\t{number}\t{count}\t{row.length}\n"
        for number, row in enumerate(rows, first)
        for term, count in row.terms.items()
    ).encode()

"""Indexes in a folder: LanceDB, in this process. Imported only when one is opened, for that takes over a second.

One table an index. Ids of chunks and documents are kept as digests, so that nothing of theirs comes into a query; a
chunk itself is a JSON array in `body`. Several processes may read and write one folder: writers of an index take turns
by a lock on a file, and readers look for a newer version each time. Knows no knowledge base.
"""

import asyncio
import fcntl
import os
import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar, cast

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import FTS, BTree, IvfFlat, IvfSq, LabelList
from lancedb.query import AsyncQuery, AsyncStandardQuery

from craton.store.vectors import bodies
from craton.store.vectors.conditions import (
    END,
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
    kept,
)
from craton.store.vectors.filters import Filter
from craton.store.vectors.index import Index, IndexFailure
from craton.store.vectors.records import Chunk, Hit

FOLDERS: Final = 16  # columns over which texts of attributes are spread, so that a test reads few of others

# Words are cut by whitespace and compared as they are: whoever writes them has folded and stemmed them.
_WORDS = FTS(
    base_tokenizer="whitespace",
    lower_case=False,
    stem=False,
    remove_stop_words=False,
    ascii_folding=False,
    max_token_length=None,
)
_SCALAR: Mapping[str, BTree | FTS | LabelList] = {
    "id": BTree(),
    "document": BTree(),
    "labels": LabelList(),
    "words": _WORDS,
}
_INDEXED_FROM = 4_096  # vectors: fewer are compared one by one in a few milliseconds
_TOGETHER = 1_024  # vectors of a partition; LanceDB splits and joins partitions towards it as the table grows
_FOUND = 20  # at least so many are found by vectors of rounded numbers, and then compared exactly
_OLD = timedelta(minutes=5)  # versions of a table that searches under way may still read
_TRIES = 5  # of tidying, which gives way to those who write meanwhile
_SOURCE = re.compile(r",? ?\S+\.rs:\d+(:\d+)?")  # where in its source LanceDB found the matter


@contextmanager
def _told(doing: str) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError, OSError, pa.ArrowException) as error:
        told = _SOURCE.sub("", str(error).strip().splitlines()[0])[:500].rstrip(".")
        raise IndexFailure(f"The embedded index could not {doing}: {told}.") from error


class LanceIndexes:
    """All indexes of one folder."""

    def __init__(self, folder: Path, connection: lancedb.AsyncConnection) -> None:
        self._folder = folder
        self._connection = connection
        self._opened: dict[tuple[str, int], LanceIndex] = {}

    async def open(self, name: str, dimensions: int) -> Index:
        index = self._opened.get((name, dimensions))
        if index is None:
            lock = self._folder / f"{name}.lock"
            with _told("be opened"):
                async with _turn(lock):
                    table = await self._table(name, dimensions)
                    index = self._opened[name, dimensions] = LanceIndex(table, lock, dimensions)
        return index

    async def _table(self, name: str, dimensions: int) -> lancedb.AsyncTable:
        try:
            table = await self._connection.open_table(name)
        except ValueError:  # it is not there
            table = await self._connection.create_table(name, schema=_schema(dimensions))
        width = (await table.schema()).field("vector").type.list_size
        if width != dimensions:
            raise ValueError(f"its vectors have {width} dimensions, and not {dimensions}.")
        there = {column for each in await table.list_indices() for column in each.columns}
        for column, kind in _SCALAR.items():
            if column not in there:
                await table.create_index(column, config=kind)
        return table

    async def drop(self, name: str) -> None:
        self._forget(name)
        with _told("be deleted"):
            async with _turn(self._folder / f"{name}.lock"):
                await self._connection.drop_table(name, ignore_missing=True)
                self._forget(name)  # what was opened while this waited
                for lock in (".tidying", ".lock"):  # who waits for one sees that it is gone
                    (self._folder / f"{name}{lock}").unlink(missing_ok=True)

    def _forget(self, name: str) -> None:
        self._opened = {key: index for key, index in self._opened.items() if key[0] != name}

    async def close(self) -> None:
        """Nothing is held open but files, which go with the last reference."""
        self._opened.clear()


async def load(place: str) -> LanceIndexes:
    folder = Path(place)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    connection = await lancedb.connect_async(folder, read_consistency_interval=timedelta(0))
    return LanceIndexes(folder, connection)


@dataclass(frozen=True, slots=True)
class LanceIndex:
    """The chunks of one table."""

    table: lancedb.AsyncTable
    lock: Path
    dimensions: int

    async def replace(self, documents: Collection[str], chunks: Sequence[Chunk]) -> None:
        assert {chunk.document for chunk in chunks} <= {*documents}, "chunks of these documents, and no others"
        if not documents:
            return
        rows = await asyncio.to_thread(_rows, chunks, self.dimensions)
        those = f"document IN ({_listed(map(digest, documents))})"
        with _told("take chunks"):
            async with _turn(self.lock):
                if not chunks:
                    await self.table.delete(those)
                    return
                merge = self.table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
                await merge.when_not_matched_by_source_delete(those).execute(rows, on_bad_vectors="null")

    async def nearest(self, vector: Sequence[float], limit: int, where: Filter | None = None) -> list[Hit]:
        asked = np.asarray(vector, np.float32)
        if not asked.any():
            return []
        query = self._query().nearest_to(asked).distance_type("cosine").select(["body", "vector", "_distance"])
        query = query.maximum_nprobes(0)  # of partitions; fewer would miss most of what a narrow filter lets through
        with _told("be searched by vector"):
            found = await _found(_filtered(query, where).limit(max(limit, _FOUND)))
        near = found["vector"].combine_chunks().flatten().to_numpy().reshape(-1, self.dimensions)
        cosines = near @ asked / (np.linalg.norm(near, axis=1) * np.linalg.norm(asked))
        best = np.argsort(-cosines, kind="stable")[:limit]
        chunks = _chunks(found["body"].take(best))
        return [Hit(chunk, cosine) for chunk, cosine in zip(chunks, cosines[best].tolist(), strict=True)]

    async def matching(self, words: Sequence[str], limit: int, where: Filter | None = None) -> list[Hit]:
        text = " ".join(dict.fromkeys(" ".join(words).split()))
        if not text:
            return []
        query = self._query().nearest_to_text(text, columns="words").select(["body", "_score"])
        with _told("be searched by words"):
            found = await _found(_filtered(query, where).limit(limit))
        scores = found["_score"].to_pylist()
        return [Hit(chunk, score) for chunk, score in zip(_chunks(found["body"]), scores, strict=True)]

    async def get(self, ids: Collection[str]) -> Mapping[str, Chunk]:
        return {chunk.id: chunk for chunk in await self._read(f"id IN ({_listed(map(digest, ids))})")} if ids else {}

    async def of(self, document: str) -> list[Chunk]:
        return sorted(await self._read(f"document = '{digest(document)}'"), key=lambda chunk: chunk.id)

    async def _read(self, where: str) -> list[Chunk]:
        with _told("be read"):
            found = await _found(self._query().where(where).select(["body"]))
        return await asyncio.to_thread(_chunks, found["body"])

    def _query(self) -> AsyncQuery:
        """One that is told no table, for it would read the schema at each search, to look for columns of blobs."""
        return AsyncQuery(self.table._inner.query())

    async def count(self) -> int:
        with _told("be counted"):
            return int(await self.table.count_rows())

    async def tidy(self) -> None:
        with _told("be tidied"):
            async with _turn(self.lock.with_suffix(".tidying")):
                for attempt in range(_TRIES):
                    try:
                        await self._tidied()
                        break
                    except RuntimeError as error:
                        if attempt == _TRIES - 1 or "conflict" not in str(error).lower():
                            raise

    async def _tidied(self) -> None:
        await self.table.optimize(cleanup_older_than=_OLD)
        indexed = await self.table.index_stats("vector_idx")
        if indexed is None and await self.table.count_rows("vector IS NOT NULL") >= _INDEXED_FROM:
            partitions = IvfSq(distance_type="cosine", target_partition_size=_TOGETHER)
            await self.table.create_index("vector", config=cast(IvfFlat, partitions))  # its types forget IvfSq


Query = TypeVar("Query", bound=AsyncStandardQuery)


def _filtered(query: Query, where: Filter | None) -> Query:
    return query if where is None else query.where(_sql(condition(where)))


async def _found(query: AsyncStandardQuery) -> pa.Table:
    """What a query finds, asked again, of the newest version, where tidying has removed the one it had begun with."""
    try:
        return await query.to_arrow()
    except RuntimeError as error:
        if "not found" not in str(error).lower():
            raise
        return await query.to_arrow()


def _schema(dimensions: int) -> pa.Schema:
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("document", pa.string(), nullable=False),
            pa.field("body", pa.binary(), nullable=False),
            pa.field("words", pa.string(), nullable=False),
            pa.field("vector", pa.list_(pa.float32(), dimensions)),
            pa.field("labels", pa.list_(pa.string()), nullable=False),
            *(pa.field(_column(place), pa.string(), nullable=False) for place in range(FOLDERS)),
        ]
    )


def _rows(chunks: Sequence[Chunk], dimensions: int) -> pa.Table:
    last = list({chunk.id: chunk for chunk in chunks}.values())
    attributes = [kept(chunk.attributes) for chunk in last]
    spread = [_spread(texts) for _, texts in attributes]
    columns: dict[str, object] = {
        "id": [digest(chunk.id) for chunk in last],
        "document": [digest(chunk.document) for chunk in last],
        "body": [bodies.written(chunk) for chunk in last],
        "words": [" ".join(chunk.words.split()) for chunk in last],
        "vector": _vectors(last, dimensions),
        "labels": [labels for labels, _ in attributes],
        **{_column(place): [each[place] for each in spread] for place in range(FOLDERS)},
    }
    return pa.table(columns, schema=_schema(dimensions))


def _vectors(chunks: Sequence[Chunk], dimensions: int) -> pa.Array:
    """What has no direction is found by none, so that it is kept as if there were no vector."""
    flat = np.zeros((len(chunks), dimensions), np.float32)
    for row, chunk in zip(flat, chunks, strict=True):
        if chunk.vector is not None:
            if len(chunk.vector) != dimensions:
                raise IndexFailure(
                    f"A vector of {len(chunk.vector)} dimensions cannot be kept: the index has {dimensions}."
                )
            row[:] = chunk.vector
    if not np.isfinite(flat).all():
        raise IndexFailure("A vector cannot be kept: not all of its numbers are finite.")
    none = pa.array(~flat.any(axis=1))
    return pa.FixedSizeListArray.from_arrays(pa.array(flat.ravel()), dimensions, mask=none)


def _chunks(kept: pa.ChunkedArray) -> list[Chunk]:
    return [bodies.read(body) for body in kept.to_pylist()]


def _column(place: int) -> str:
    return f"texts{place}"


def _place(key: str) -> int:
    return int(key[:4], 16) % FOLDERS


def _spread(texts: Mapping[str, str]) -> list[str]:
    spread = [""] * FOLDERS
    for key, text in texts.items():
        spread[_place(key)] += f"{END}{key}{text}"
    return spread


def _sql(condition: Condition) -> str:
    """The words of SQL are ours, and those of others in it are digests and texts without quotation marks."""
    match condition:
        case AllOf(parts):
            return f"({' AND '.join(map(_sql, parts))})" if parts else "true"
        case AnyOf(parts):
            return f"({' OR '.join(map(_sql, parts))})" if parts else "false"
        case Not(part):
            return f"(NOT {_sql(part)})"
        case Labelled(labels):
            return f"array_has_any(labels, [{_listed(labels)}])" if labels else "false"
        case Compared(key, comparison, bound):
            return f"({_text(key)} {comparison} '{bound}')"
        case Begins(key, start):
            return f"starts_with({_text(key)}, '{start}')"
        case Holding(key, part):
            return f"contains({_text(key)}, '{part}')"


def _text(key: str) -> str:
    return f"split_part(split_part({_column(_place(key))}, '{END}{key}', 2), '{END}', 1)"


def _listed(digests: Collection[str] | Iterator[str]) -> str:
    return ", ".join(f"'{each}'" for each in digests)


@asynccontextmanager
async def _turn(lock: Path) -> AsyncIterator[None]:
    """Alone among all tasks and processes that ask for it. Whoever dies gives it back."""
    while True:
        with lock.open("ab") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await asyncio.sleep(0.005)
                continue
            if _is(held.fileno(), lock):
                yield
                return


def _is(held: int, lock: Path) -> bool:
    """Whether that is still the file: who drops an index removes it."""
    try:
        return os.path.samestat(os.fstat(held), lock.stat())
    except FileNotFoundError:
        return False

"""The seam between those who search and the database that holds the chunks. Knows neither."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from craton.store.vectors.filters import Filter
from craton.store.vectors.records import Chunk, Hit


class IndexFailure(Exception):
    """The database did not do it. The message is a full sentence."""


class Index(Protocol):
    """The chunks of one knowledge base. What was written is found at once, by any process, and is on disk."""

    async def replace(self, documents: Collection[str], chunks: Sequence[Chunk]) -> None:
        """Put the chunks in the place of all those of these documents, in one step; doing it again changes nothing."""
        ...

    async def nearest(self, vector: Sequence[float], limit: int, where: Filter | None = None) -> list[Hit]:
        """By the cosine of their vectors, best first."""
        ...

    async def matching(self, words: Sequence[str], limit: int, where: Filter | None = None) -> list[Hit]:
        """By BM25 of their words, best first; any of the words may match."""
        ...

    async def get(self, ids: Collection[str]) -> Mapping[str, Chunk]:
        """Chunks by their ids, without vectors; those that are not there are left out."""
        ...

    async def of(self, document: str) -> list[Chunk]:
        """The chunks of a document in the order of their ids, without vectors."""
        ...

    async def count(self) -> int: ...

    async def tidy(self) -> None:
        """What makes later searches fast. Searches and writes go on meanwhile, and are right without it."""
        ...


class Indexes(Protocol):
    """All indexes of one database, each by its name: letters, digits and dashes."""

    async def open(self, name: str, dimensions: int) -> Index:
        """The index, made where there is none."""
        ...

    async def drop(self, name: str) -> None:
        """Delete the index with all that it holds; one that is not there is deleted already."""
        ...

    async def close(self) -> None: ...

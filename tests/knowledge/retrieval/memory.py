"""An index in memory, which finds by scanning: what the real ones must agree with."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from operator import mul

from craton.store.vectors.filters import Filter, holds
from craton.store.vectors.index import Index
from craton.store.vectors.records import Chunk, Hit


class MemoryIndex:
    def __init__(self, *chunks: Chunk) -> None:
        self._chunks = {chunk.id: chunk for chunk in chunks}

    async def replace(self, documents: Collection[str], chunks: Sequence[Chunk]) -> None:
        kept = {name: chunk for name, chunk in self._chunks.items() if chunk.document not in documents}
        self._chunks = kept | {chunk.id: chunk for chunk in chunks}

    async def nearest(self, vector: Sequence[float], limit: int, where: Filter | None = None) -> list[Hit]:
        hits = [
            Hit(replace(chunk, vector=None), sum(map(mul, vector, chunk.vector)))
            for chunk in self._let(where)
            if chunk.vector is not None
        ]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    async def matching(self, words: Sequence[str], limit: int, where: Filter | None = None) -> list[Hit]:
        hits = []
        for chunk in self._let(where):
            counts = Counter(chunk.words.split())
            if score := sum(3 * counts[word] / (counts[word] + 1) for word in set(words)):
                hits.append(Hit(replace(chunk, vector=None), score))
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    async def get(self, ids: Collection[str]) -> Mapping[str, Chunk]:
        return {name: replace(self._chunks[name], vector=None) for name in ids if name in self._chunks}

    async def of(self, document: str) -> list[Chunk]:
        return [replace(chunk, vector=None) for chunk in self._chunks.values() if chunk.document == document]

    async def count(self) -> int:
        return len(self._chunks)

    async def tidy(self) -> None:
        pass

    def _let(self, where: Filter | None) -> list[Chunk]:
        return [chunk for chunk in self._chunks.values() if where is None or holds(where, chunk.attributes)]


class MemoryStores:
    """One index for every knowledge base."""

    def __init__(self, index: Index) -> None:
        self.index_ = index
        self.opened: list[tuple[str, str, int]] = []

    async def index(self, store: str, name: str, dimensions: int) -> Index:
        self.opened.append((store, name, dimensions))
        return self.index_

"""The search of a knowledge base: its query embedded and read for words, both looked for at once, and made one list.

Knows no operation and no generation.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from craton.core.context import Context
from craton.core.trace import Span
from craton.errors import DependencyFailedException, ValidationException
from craton.knowledge.access.lists import filter_of
from craton.knowledge.embedding import Embedder
from craton.knowledge.language.words import words
from craton.knowledge.records import Base
from craton.knowledge.retrieval import configuration, filters, fusion
from craton.knowledge.retrieval.configuration import Search
from craton.knowledge.retrieval.implicit import implied
from craton.knowledge.retrieval.reranking import reranked
from craton.knowledge.retrieval.together import together
from craton.runtime.inference import Inference
from craton.store.vectors.filters import Filter
from craton.store.vectors.index import Index, IndexFailure
from craton.store.vectors.records import Chunk, Hit
from craton.store.vectors.stores import Store

# The steps of a search in its request's trace.
RETRIEVAL = "retrieval"
IMPLICIT_FILTER, EMBED, VECTOR, WORDS, RERANK, PARENTS = (
    f"{RETRIEVAL}.{step}" for step in ("implicit_filter", "embed", "vector", "words", "rerank", "parents")
)
# Chunks that each of the two searches finds for their list in common: further down hardly any is found by both.
DEPTH = 30


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, or a row of a structured knowledge base, and how well it answers the query: from 0 to 1.

    `location` is a RetrievalResultLocation, `row` the columns of a RetrievalResultContent.
    """

    chunk_id: str
    document: str
    text: str
    score: float | None
    location: Mapping[str, Any] | None
    metadata: Mapping[str, Any]
    row: Sequence[Mapping[str, Any]] | None = None


class Structured(Protocol):
    """What answers for knowledge bases over SQL databases."""

    async def rows(self, ctx: Context, base: Base, query: str, most: int | None) -> list[Found]: ...


class Stores(Protocol):
    """Where the chunks of all knowledge bases lie."""

    async def index(self, store: Store, name: str, dimensions: int) -> Index: ...


class Retrieving:
    def __init__(self, inference: Inference, embedder: Embedder, stores: Stores, structured: Structured | None) -> None:
        self._inference = inference
        self._embedder = embedder
        self._stores = stores
        self._structured = structured

    async def search(
        self,
        ctx: Context,
        base: Base,
        query: str,
        asked: Mapping[str, Any],
        *,
        user: Mapping[str, Any] | None = None,
    ) -> list[Found]:
        """Best first. `asked` is a KnowledgeBaseRetrievalConfiguration, `user` a UserContext.

        Raises ValidationException for a query or a configuration that cannot be meant, and DependencyFailedException
        where the database of the chunks, or a model that writes a filter, did not do its part.
        """
        if not query.strip():
            raise ValidationException("The query has no text. Send what to look for.")
        told = {"gen_ai.operation.name": RETRIEVAL, "gen_ai.data_source.id": base.id}
        with ctx.trace.begin(RETRIEVAL, told) as span:
            try:
                found = await self._found(_Task(ctx, base, query, span), asked, user)
            except IndexFailure as error:
                raise DependencyFailedException(str(error)) from error
            span.attributes["craton.retrieval.results"] = len(found)
            return found

    async def _found(self, task: "_Task", asked: Mapping[str, Any], user: Mapping[str, Any] | None) -> list[Found]:
        if task.base.configuration["type"] == "SQL":
            if self._structured is None:
                raise ValidationException("This server does not serve structured knowledge bases.")
            return await self._structured.rows(task.ctx, task.base, task.query, configuration.rows(asked))
        search = configuration.read(task.base, asked)
        where = await self._where(task, search, user)
        index = await self._index(task)
        try:
            return await self._ranked(task, search, index, where)
        except IndexFailure:
            again = await self._index(task)
            if again is index:
                raise
            return await self._ranked(task, search, again, where)  # it was made anew during the search

    async def _ranked(self, task: "_Task", search: Search, index: Index, where: Filter | None) -> list[Found]:
        hits = await self._hits(task, search, index, where)
        if search.reranked and hits:
            with task.step(RERANK):
                hits = await reranked(self._inference, task.ctx, task.query, hits, search.reranked)
        with task.step(PARENTS):
            return await _whole(index, hits)

    async def _where(self, task: "_Task", search: Search, user: Mapping[str, Any] | None) -> Filter | None:
        """All that a chunk must satisfy, whoever demands it."""
        implicit = None
        if search.implicit is not None:
            with task.step(IMPLICIT_FILTER):
                implicit = await implied(self._inference, task.ctx, task.query, search.implicit)
        return filters.every(search.where, implicit, filter_of(user))

    async def _index(self, task: "_Task") -> Index:
        base = task.base
        return await self._stores.index(base.store, base.index, base.embedding.dimensions)

    async def _hits(self, task: "_Task", search: Search, index: Index, where: Filter | None) -> list[Hit]:
        if not search.hybrid:
            return fusion.by_meaning(await self._near(task, index, search.number, where))
        depth = max(search.number, DEPTH)
        asked = asyncio.create_task(asyncio.to_thread(words, task.query))
        near, matching = await together(
            self._near(task, index, depth, where), _matching(task, asked, index, depth, where)
        )
        return fusion.fused(near, matching, len({*await asked}), depth)[: search.number]

    async def _near(self, task: "_Task", index: Index, limit: int, where: Filter | None) -> list[Hit]:
        with task.step(EMBED):
            (vector,) = await self._embedder.vectors(task.ctx, task.base, [task.query], "query")
        with task.step(VECTOR):
            return await index.nearest(vector, limit, where)


@dataclass(frozen=True, slots=True)
class _Task:
    ctx: Context
    base: Base
    query: str
    span: Span

    def step(self, name: str) -> Span:
        """A part of the search, as the trace tells it."""
        return self.ctx.trace.begin(name, parent=self.span)


async def _matching(
    task: _Task, asked: asyncio.Task[list[str]], index: Index, limit: int, where: Filter | None
) -> list[Hit]:
    with task.step(WORDS):
        given = await asked
        return await index.matching(given, limit, where) if given else []


async def _whole(index: Index, hits: Sequence[Hit]) -> list[Found]:
    """Parents in the place of the best of their children, each once."""
    places = [hit.chunk.extra.get("parent") or hit.chunk.id for hit in hits]
    wanted = {place for place, hit in zip(places, hits, strict=True) if place != hit.chunk.id}
    parents = await index.get(wanted) if wanted else {}
    found: dict[str, Found] = {}
    for place, hit in zip(places, hits, strict=True):
        # A parent that is not there any more was replaced with its children a moment ago.
        chunk = parents.get(place, hit.chunk)
        if chunk.id not in found:
            found[chunk.id] = _of(chunk, hit.score)
    return list(found.values())


def _of(chunk: Chunk, score: float) -> Found:
    extra = chunk.extra
    return Found(chunk.id, chunk.document, chunk.text, score, extra.get("location"), extra.get("metadata") or {})

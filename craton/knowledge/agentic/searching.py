"""The searches of one request: each retriever with its overrides, and whole documents. Knows no plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from craton.core.context import Context
from craton.dialects.body import Json
from craton.errors import ApiError, DependencyFailedException
from craton.knowledge.access.lists import filter_of
from craton.knowledge.agentic.asked import Retriever
from craton.knowledge.agentic.passages import Passage
from craton.knowledge.records import Base
from craton.knowledge.retrieval import filters
from craton.knowledge.retrieval.retrieving import Found, Retrieving
from craton.knowledge.retrieval.together import together
from craton.store.vectors.filters import holds
from craton.store.vectors.index import IndexFailure
from craton.store.vectors.records import Chunk
from craton.store.vectors.stores import Stores

# Characters of a whole document that are read.
LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class Source:
    """A retriever and its knowledge base."""

    base: Base
    retriever: Retriever


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found, or, `failure`, the sentence that says why nothing could be."""

    passages: Sequence[Passage] = ()
    failure: ApiError | None = None


class Searching:
    """`sources` by the ids of their knowledge bases."""

    def __init__(
        self,
        ctx: Context,
        retrieving: Retrieving,
        stores: Stores,
        sources: Mapping[str, Source],
        user: Json | None,
    ) -> None:
        self.sources = sources
        self._ctx = ctx
        self._retrieving = retrieving
        self._stores = stores
        self._user = user

    async def search(self, query: str, bases: Sequence[str]) -> list[Outcome]:
        """An outcome for each of the knowledge bases."""
        return await together(*(self._search(query, base) for base in bases))

    async def _search(self, query: str, base: str) -> Outcome:
        source = self.sources[base]
        try:
            found = await self._retrieving.search(
                self._ctx, source.base, query, _configuration(source), user=self._user
            )
        except ApiError as error:
            return Outcome(failure=error)
        return Outcome([Passage(base, each) for each in found])

    async def whole(self, passage: Passage) -> Outcome:
        """The passages of the document that one is from, in their order: those that the filters of the retriever and
        the access control list let the user see.
        """
        source = self.sources[passage.base]
        base = source.base
        given = source.retriever.overrides.get("filter")
        where = filters.every(filters.read(given) if given else None, filter_of(self._user))
        try:
            index = await self._stores.index(base.store, base.index, base.embedding.dimensions)
            chunks = await index.of(passage.found.document)
        except IndexFailure as error:
            return Outcome(failure=DependencyFailedException(str(error)))
        seen = [chunk for chunk in chunks if where is None or holds(where, chunk.attributes)]
        # A parent holds what its children do, and is seen where one of them is.
        parents = {chunk.extra["parent"] for chunk in seen if chunk.extra.get("parent")}
        kept = [chunk for chunk in chunks if chunk.id in parents] if parents else seen
        return Outcome([Passage(passage.base, _found(chunk)) for chunk in _beginning(kept)])


def _beginning(chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    characters = 0
    for chunk in chunks:
        characters += len(chunk.text)
        if characters > LONGEST:
            return
        yield chunk


def _found(chunk: Chunk) -> Found:
    extra = chunk.extra
    return Found(chunk.id, chunk.document, chunk.text, None, extra.get("location"), extra.get("metadata") or {})


def _configuration(source: Source) -> Json:
    overrides = source.retriever.overrides
    named = {"filter": "filter", "maxNumberOfResults": "numberOfResults"}
    asked = {ours: overrides[theirs] for theirs, ours in named.items() if theirs in overrides}
    managed = source.base.configuration["type"] == "MANAGED"
    return {"managedSearchConfiguration" if managed else "vectorSearchConfiguration": asked}

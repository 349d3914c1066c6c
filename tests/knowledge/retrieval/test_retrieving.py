"""The search itself, over an index in memory: what it asks of the index, and what becomes of what it finds."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from craton.core.context import Context
from craton.errors import DependencyFailedException, ThrottlingException, ValidationException
from craton.knowledge.access.lists import attributes
from craton.knowledge.embedding import Embedder
from craton.knowledge.language.words import words
from craton.knowledge.records import BASE, Base
from craton.knowledge.retrieval.retrieving import Found, Retrieving
from craton.store.records import Document, Scope
from craton.store.vectors.filters import Filter
from craton.store.vectors.index import IndexFailure
from craton.store.vectors.records import Chunk, Hit
from tests.knowledge.retrieval.memory import MemoryIndex, MemoryStores

CAT, DOG, CAR = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]
ACCOUNT = "123456789012"


class Meaning(Embedder):
    """An embedding model that knows three things."""

    def __init__(self) -> None:
        self.asked: list[tuple[Sequence[str], str]] = []

    async def vectors(self, ctx: Context, base: Base, texts: Sequence[str], purpose: str) -> list[Sequence[float]]:
        self.asked.append((texts, purpose))
        return [CAT if "cat" in text or "kitten" in text else DOG if "dog" in text else CAR for text in texts]


def chunk(name: str, text: str, vector: Sequence[float] | None = None, **more: Any) -> Chunk:
    own = attributes(None) | more.pop("attributes", {})
    return Chunk(name, name, text, " ".join(words(text)) if vector else "", vector, own, **more)


@pytest.fixture
def ctx() -> Context:
    made = Context(ACCOUNT, "us-east-1", "", "r", operation="bedrock-agent-runtime.Retrieve")
    made.trace.begin("door")
    return made


def base(kind: str = "VECTOR") -> Base:
    now = datetime.now(UTC)
    body = {
        "knowledgeBaseConfiguration": {"type": kind},
        "status": "ACTIVE",
        "embedding": {"arn": "", "dimensions": 3, "id": ""},
        "store": "embedded",
    }
    return Base(Scope(ACCOUNT, "us-east-1"), Document(BASE, "KB12345678", "DRAFT", 1, body, now, now, "", "arn", 1))


def retrieving(*chunks: Chunk, index: MemoryIndex | None = None, stores: MemoryStores | None = None) -> Retrieving:
    stores = stores or MemoryStores(index or MemoryIndex(*chunks))
    return Retrieving(None, Meaning(), stores, None)  # type: ignore[arg-type]


ZOO = (
    chunk("cat", "A cat sleeps.", CAT, attributes={"legs": 4.0}),
    chunk("kitten", "Its young one plays.", CAT, attributes={"legs": 4.0}),
    chunk("dog", "A dog barks at the cat.", DOG, attributes={"legs": 4.0}),
    chunk("car", "A car rolls.", CAR, attributes={"legs": 0.0}),
)


def vector(**more: Any) -> dict[str, Any]:
    return {"vectorSearchConfiguration": more}


def names(found: Sequence[Found]) -> list[str]:
    return [each.chunk_id for each in found]


async def test_words_and_meaning_both_find(ctx: Context) -> None:
    found = await retrieving(*ZOO).search(ctx, base(), "cat", {})
    assert names(found) == ["cat", "dog", "kitten", "car"]
    scores = [each.score or 0 for each in found]
    assert 1 >= scores[0] > scores[1] > 0
    assert found[0].text == "A cat sleeps."


async def test_a_semantic_search_looks_for_no_words(ctx: Context) -> None:
    found = await retrieving(*ZOO).search(ctx, base(), "cat", vector(overrideSearchType="SEMANTIC", numberOfResults=2))
    assert names(found) == ["cat", "kitten"]
    assert [each.score for each in found] == [1.0, 1.0]
    assert "retrieval.words" not in {span.name for span in ctx.trace.spans}


async def test_a_filter_holds_for_both_searches(ctx: Context) -> None:
    wheels = {"equals": {"key": "legs", "value": 0}}
    assert names(await retrieving(*ZOO).search(ctx, base(), "cat", vector(filter=wheels))) == ["car"]


async def test_parents_stand_once_in_the_place_of_their_best_child(ctx: Context) -> None:
    index = MemoryIndex(
        chunk("house", "All about pets: a cat sleeps, a kitten plays.", extra={"metadata": {"page": 3}}),
        chunk("house/1", "A cat sleeps.", CAT, extra={"parent": "house"}),
        chunk("house/2", "A kitten plays.", CAT, extra={"parent": "house"}),
        chunk("lost/1", "A cat without a parent.", CAT, extra={"parent": "lost"}),
        chunk("alone", "Dog.", DOG),
    )
    found = await retrieving(index=index).search(ctx, base(), "A kitten plays", vector(numberOfResults=3))
    assert names(found) == ["house", "lost/1"]
    assert (found[0].text, found[0].metadata) == ("All about pets: a cat sleeps, a kitten plays.", {"page": 3})
    assert (found[0].score or 0) > (found[1].score or 0)


async def test_only_those_who_may_see_a_document_find_it(ctx: Context) -> None:
    secret = chunk("secret", "The cat is ill.", CAT, attributes={"craton:restricted": True, "craton:allowed": ["ada"]})
    searching = retrieving(secret, *ZOO)
    assert "secret" not in names(await searching.search(ctx, base(), "cat", {}))
    assert "secret" not in names(await searching.search(ctx, base(), "cat", {}, user={"userId": "eve"}))
    assert "secret" in names(await searching.search(ctx, base(), "cat", {}, user={"userId": "Ada"}))
    either = {"orAll": [{"notEquals": {"key": "a", "value": 1}}, {"notEquals": {"key": "b", "value": 1}}]}
    assert "secret" not in names(await searching.search(ctx, base(), "cat", vector(filter=either)))


@pytest.mark.parametrize("query", ["", " \n"])
async def test_a_query_says_something(ctx: Context, query: str) -> None:
    with pytest.raises(ValidationException, match="The query has no text"):
        await retrieving(*ZOO).search(ctx, base(), query, {})


async def test_a_structured_base_is_no_business_of_an_index(ctx: Context) -> None:
    class Rows:
        async def rows(self, ctx: Context, base: Base, query: str, most: int | None) -> list[Found]:
            return [Found("", "", query, None, None, {}, [{"columnName": "n", "columnValue": str(most)}])]

    searching = Retrieving(None, Meaning(), MemoryStores(MemoryIndex()), Rows())  # type: ignore[arg-type]
    (found,) = await searching.search(ctx, base("SQL"), "how many?", vector(numberOfResults=3))
    assert (found.text, found.row) == ("how many?", [{"columnName": "n", "columnValue": "3"}])


async def test_the_trace_tells_where_the_time_went(ctx: Context) -> None:
    await retrieving(*ZOO).search(ctx, base(), "cat", {})
    spans = {span.name: span for span in ctx.trace.spans}
    assert spans["retrieval"].attributes == {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": "KB12345678",
        "craton.retrieval.results": 4,
    }
    steps = ["retrieval.embed", "retrieval.vector", "retrieval.words", "retrieval.parents"]
    assert all(spans[step].parent == spans["retrieval"].id and spans[step].ended for step in steps)
    assert "cat" not in repr(ctx.trace.spans)


async def test_a_database_that_fails_is_told_of(ctx: Context) -> None:
    class Broken(MemoryIndex):
        async def matching(self, words: Sequence[str], limit: int, where: Filter | None = None) -> list[Hit]:
            raise IndexFailure("The disk is gone.")

    with pytest.raises(DependencyFailedException, match=r"The disk is gone\."):
        await retrieving(index=Broken(*ZOO)).search(ctx, base(), "cat", {})
    assert {span.error for span in ctx.trace.spans if span.name == "retrieval"} == {"DependencyFailedException"}


async def test_an_index_that_is_made_anew_during_a_search_is_searched_again(ctx: Context) -> None:
    class Dropped(MemoryIndex):
        async def nearest(self, vector: Sequence[float], limit: int, where: Filter | None = None) -> list[Hit]:
            stores.index_ = MemoryIndex(*ZOO)
            raise IndexFailure("It is not there any more.")

    stores = MemoryStores(Dropped())
    assert names(await retrieving(stores=stores).search(ctx, base(), "cat", {}))[0] == "cat"


async def test_where_one_search_fails_the_other_ends(ctx: Context) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    class Endless(MemoryIndex):
        async def nearest(self, vector: Sequence[float], limit: int, where: Filter | None = None) -> list[Hit]:
            await begun.wait()
            raise ThrottlingException("Too many ask.")

        async def matching(self, words: Sequence[str], limit: int, where: Filter | None = None) -> list[Hit]:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            return []

    with pytest.raises(ThrottlingException):
        await retrieving(index=Endless(*ZOO)).search(ctx, base(), "cat", {})
    assert ended.is_set()

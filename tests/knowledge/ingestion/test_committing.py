"""Who may write down what became of a document."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from craton.knowledge.ingestion import documents
from craton.knowledge.ingestion.indexing.committing import Outcome
from craton.knowledge.ingestion.indexing.pipeline import Done
from craton.store.documents import Transaction
from craton.store.vectors.records import Chunk
from tests.knowledge.ingestion.world import Place, World

NAME = "one"


async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    world = World(tmp_path, monkeypatch)
    await world.base()
    return await world.source("shelf")


async def known(place: Place, request: str | None) -> int:
    """A document whose last request is this; its revision."""
    body = documents.blank(NAME, NAME, {}) | {"request": request, "given": {"raw": None}}
    return (await place.world.store.transaction(lambda t: documents.put(t, place.source, NAME, body))).revision


async def commit(place: Place, before: int, *, request: str | None = None, same: bool = False) -> bool:
    """Whether a document with one chunk was written down."""
    name = documents.id_of(place.source.document.id, NAME)
    done = Done(name, {}, [Chunk(f"{name}/000000", name, "a text", vector=[1.0, 0.0])])
    body = documents.blank(NAME, NAME, {}) | {"status": documents.INDEXED}
    told: list[Outcome] = []

    async def keep(step: Callable[[Transaction], None]) -> None:
        await place.world.store.transaction(step)

    def also(t: Transaction, ended: Sequence[Outcome]) -> None:
        told.extend(ended)

    outcome = Outcome(name, before, body, done, request=request, same=same)
    await place.world.committing.commit(place.source, [outcome], keep, also)
    held = [chunk.document for chunk in place.world.index.held]
    assert (name in held) == bool(told)
    return bool(told)


async def test_a_job_leaves_alone_what_a_request_is_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = await place(tmp_path, monkeypatch)
    revision = await known(there, "request")
    assert not await commit(there, revision)
    assert not await commit(there, revision, request="an earlier one")
    assert await commit(there, revision, request="request")


async def test_a_job_leaves_alone_what_somebody_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = await place(tmp_path, monkeypatch)
    revision = await known(there, None)
    assert not await commit(there, 0)
    assert not await commit(there, revision - 1)
    assert await commit(there, revision)


async def test_what_is_the_same_may_be_indexed_beside_a_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await place(tmp_path, monkeypatch)
    revision = await known(there, "request")
    assert not await commit(there, revision - 1, same=True)
    assert await commit(there, revision, same=True)


async def test_a_source_that_is_being_deleted_gets_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await place(tmp_path, monkeypatch)
    source = there.source.document
    scope = there.source.base.scope
    await there.world.store.replace(scope, source.kind, source.id, source.body | {"status": "DELETING"})
    assert not await commit(there, 0)

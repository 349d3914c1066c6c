"""A deletion that the database of chunks refuses, and that is asked for again."""

import asyncio
from pathlib import Path

import pytest

from craton.core.context import Context
from craton.jobs import runner
from craton.jobs.runner import Jobs
from craton.knowledge.bases.bases import Bases
from craton.knowledge.bases.deleting import Deleting
from craton.knowledge.ingestion.writing import Writing
from craton.knowledge.records import BASE, Base
from craton.store.documents import Documents
from craton.store.vectors.index import Index, IndexFailure
from craton.store.vectors.stores import Store

CTX = Context("123456789012", "us-east-1", "arn:aws:iam::123456789012:root", "r")


class Failing:
    """A database that does nothing until it is told to."""

    def __init__(self) -> None:
        self.works = False

    async def index(self, store: Store, name: str, dimensions: int) -> Index:
        raise IndexFailure("The database is away.")

    async def drop(self, store: Store, name: str) -> None:
        if not self.works:
            raise IndexFailure("The database is away.")


async def status(documents: Documents, wanted: str | None) -> Base | None:
    """The knowledge base, once it has this status; None: once it is gone."""
    bases = Bases(documents)
    async with asyncio.timeout(20):
        while True:
            base = await bases.again(CTX.scope, "ABCDEFGHIJ")
            if (base.document.body["status"] if base else None) == wanted:
                return base
            await asyncio.sleep(0.01)


async def test_it_is_told_and_can_be_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "FIRST_BACKOFF", 0.0)
    documents, stores = Documents.open(tmp_path), Failing()
    jobs = Jobs(documents)
    deleting = Deleting(documents, jobs, Bases(documents), Writing(stores))
    body = {"name": "kb", "status": "ACTIVE", "store": "embedded"}
    document = await documents.create(CTX.scope, BASE, "ABCDEFGHIJ", body, unique={"name": "kb"})
    await jobs.resume()
    try:
        await deleting.base(Base(CTX.scope, document))
        failed = await status(documents, "DELETE_UNSUCCESSFUL")
        assert failed
        assert failed.document.body["failureReasons"] == ["The server failed on this 5 times; its log says why."]
        stores.works = True
        await deleting.base(failed)
        assert await status(documents, None) is None
        assert await documents.named(CTX.scope, BASE, "name", "kb") is None
    finally:
        await jobs.close()
        await documents.close()

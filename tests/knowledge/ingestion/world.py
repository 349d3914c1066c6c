"""A store with data sources whose buckets are folders, and what runs their jobs, in this process. It may die."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from craton.core.context import Context
from craton.documents.parser import Parser
from craton.jobs import ledger
from craton.jobs.identity import Identity
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.knowledge.bases.bases import Bases
from craton.knowledge.embedding import Embedder
from craton.knowledge.ingestion.contents import Contents
from craton.knowledge.ingestion.indexing.committing import Committing
from craton.knowledge.ingestion.indexing.ingesting import Ingesting
from craton.knowledge.ingestion.indexing.pipeline import Pipeline
from craton.knowledge.ingestion.indexing.vectors import Vectors
from craton.knowledge.ingestion.loading import Loading
from craton.knowledge.ingestion.run import Means
from craton.knowledge.ingestion.runs import Runs
from craton.knowledge.ingestion.units import UNIT
from craton.knowledge.ingestion.writing import Stores, Writing
from craton.knowledge.records import BASE, DOCUMENT, INGESTION, SOURCE, SOURCE_URI, Source
from craton.knowledge.structured.databases.databases import Databases
from craton.knowledge.structured.syncing import Syncing
from craton.knowledge.transforming.transforming import Transforming
from craton.runtime.inference import Inference
from craton.store.blobs import Blobs
from craton.store.documents import Document, Documents, Scope, Transaction
from craton.store.vectors.records import Chunk
from tests.knowledge.retrieval.memory import MemoryIndex

ACCOUNT = "123456789012"
SCOPE = Scope(ACCOUNT, "us-east-1")
CTX = Context(SCOPE.account, SCOPE.region, "arn:aws:iam::123456789012:root", "request")
RUNNER = "runner"
Result = TypeVar("Result")


class Crash(Exception):
    """The process is gone."""


@dataclass
class Fate:
    """Counts what is written, and crashes at one of these points: before it, or after."""

    at: int | None = None
    count: int = 0

    def point(self) -> None:
        self.count += 1
        if self.count == self.at:
            raise Crash

    async def around(self, step: Callable[[], Awaitable[Result]]) -> Result:
        self.point()
        result = await step()
        self.point()
        return result


class FatefulIndex(MemoryIndex):
    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    async def replace(self, documents: Collection[str], chunks: Sequence[Chunk]) -> None:
        await self._fate.around(lambda: super(FatefulIndex, self).replace(documents, chunks))

    @property
    def held(self) -> list[Chunk]:
        return list(self._chunks.values())


@dataclass
class OneStore:
    made: FatefulIndex

    async def index(self, store: object, name: str, dimensions: int) -> FatefulIndex:
        return self.made

    async def drop(self, store: object, name: str) -> None:
        raise AssertionError("nobody drops it")


class Lengths:
    """Vectors without a model."""

    async def vectors(self, ctx: object, base: object, texts: Sequence[str], purpose: object) -> list[list[float]]:
        return [[1.0, float(len(text))] for text in texts]


class Nobody:
    async def resolve(self, ctx: object, model: str, action: str) -> Any:
        return type("Resolved", (), {"arns": (model,)})


@dataclass
class World:
    """A store with what runs its jobs."""

    home: Path
    monkeypatch: pytest.MonkeyPatch
    fate: Fate = field(default_factory=Fate)

    def __post_init__(self) -> None:
        self.store = Documents.open(self.home)
        self.index = FatefulIndex(self.fate)
        blobs, contents = Blobs(self.home, ACCOUNT), Contents(self.home)
        inference = cast(Inference, Nobody())
        vectors = Vectors(cast(Embedder, Lengths()), contents)
        ingesting = Ingesting(Parser(), Transforming(inference, blobs, {}, ()), vectors)
        writing = Writing(cast(Stores, OneStore(self.index)))
        self.committing = Committing(self.store, writing, contents)
        means = Means(
            store=self.store,
            blobs=blobs,
            contents=contents,
            loading=Loading(blobs, contents, ingesting),
            pipeline=Pipeline(ingesting),
            writing=writing,
            committing=self.committing,
        )
        syncing = Syncing(Databases(self.home, {}))
        self.runs = Runs(self.store, Jobs(self.store), Bases(self.store), inference, means, syncing)
        keep, transaction = contents.keep, self.store.transaction
        self.monkeypatch.setattr(contents, "keep", lambda *given: self.fate.around(lambda: keep(*given)))
        around = self.fate.around
        self.monkeypatch.setattr(self.store, "transaction", lambda work: around(lambda: transaction(work)))

    async def base(self) -> None:
        embedding = {"arn": "model", "dimensions": 2, "id": "model", "granted": []}
        base = {"status": "ACTIVE", "knowledgeBaseConfiguration": {}, "embedding": embedding, "store": "embedded"}
        await self.store.create(SCOPE, BASE, "BASE", base)

    async def source(self, name: str) -> "Place":
        """A data source whose bucket is a folder of the same name."""
        bucket = self.home / "buckets" / name
        bucket.mkdir(parents=True)
        s3 = {"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{name}"}}
        body = {"status": "AVAILABLE", "dataSourceConfiguration": s3, "dataDeletionPolicy": "DELETE"}
        await self.store.create(SCOPE, SOURCE, f"BASE/{name}", body, parent="BASE")
        bases = Bases(self.store)
        return Place(self, await bases.source(CTX, await bases.find(CTX, "BASE"), name), bucket)


@dataclass
class Place:
    """A data source and its documents."""

    world: World
    source: Source
    bucket: Path

    async def run(self, *, dying: int | None = None) -> dict[str, int]:
        """A job, begun again when it dies, which it does at one point; what it counted."""
        world = self.world
        key = Key(SCOPE, INGESTION, (await world.runs.start(CTX, self.source, None, None)).id)
        job = await self._claimed(key)
        world.fate.at, world.fate.count = dying, 0
        while job:
            try:
                await world.runs._run(job)
                break
            except Crash:
                world.fate.at = None
                job = await self._claimed(key)
        world.fate.at = None
        ended = await world.store.get(SCOPE, INGESTION, key.id)
        assert ended.body["status"] == "COMPLETE"
        counts: dict[str, int] = ended.body["statistics"]
        return counts

    async def _claimed(self, key: Key) -> Job | None:
        """The job, as the next process claims it; None where it has ended."""
        now = datetime.now(UTC)

        def step(t: Transaction) -> Document | None:
            ledger.renew(t, RUNNER, Identity.own(), now)
            return ledger.claim(t, key, RUNNER, now)

        known = await self.world.store.transaction(step)
        entry = await self.world.store.find(ledger.SERVER, ledger.ENTRY, key.entry)
        if known is None or entry is None:
            return None
        return Job(self.world.store, key, RUNNER, entry.body["claims"], known.body["body"], known.body["state"])

    @property
    def outcome(self) -> tuple[object, ...]:
        """All that jobs left: chunks, records, contents and units, without the names of the source."""
        own = self.source.document.id
        listed = self.world.store.look(lambda view: view.listing(SCOPE, DOCUMENT, parent=own))
        folder = self.world.home / "knowledge" / "contents" / SCOPE.account / SCOPE.region / own
        units = self.world.store.look(lambda view: view.listing(SCOPE, UNIT, parent=own))
        chunks = sorted(
            (each.extra["metadata"][SOURCE_URI].rpartition("/")[2], each.id.rpartition("/")[2], each.text, year(each))
            for each in self.world.index.held
            if each.document.startswith(own)
        )
        records = sorted(
            (record.body["uri"].rpartition("/")[2], [record.body[member] for member in TOLD]) for record in listed
        )
        kept = sorted(path.name.partition(".")[2] for path in folder.rglob("*") if path.is_file())
        return chunks, records, kept, units


TOLD = ("status", "version", "metadataVersion", "raw", "text", "vectors", "chunks", "indexed")


def year(chunk: Chunk) -> float:
    found: float = chunk.extra["metadata"].get("year", 0.0)
    return found

"""Ingestion jobs: a data source brought into the index of its knowledge base, as far as it changed.

A job lists its source and writes down, unit by unit, what is there and what is to be done; then does that, group by
group of documents; then deletes what is not there any more. Each step keeps its results, its counts and how far the job
is in one transaction, so a job that was killed at any point goes on as if it had not been. Knows no parser and no kind
of source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from craton.core.context import Context, everything
from craton.errors import ApiError, ConflictException, ResourceNotFoundException, ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.knowledge.acquiring.sources import opened
from craton.knowledge.bases.bases import Bases, new_id
from craton.knowledge.ingestion import documents, reports
from craton.knowledge.ingestion.run import Means, Run
from craton.knowledge.records import AVAILABLE, DOCUMENT, INGESTION, TABLES, Source
from craton.runtime.inference import Inference
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import Record

AT_ONCE = 2
PAGE = 100
LISTED = ("S3", "WEB", TABLES)  # types of data sources that say themselves what they hold
# The statuses of a job that has not ended.
UNFINISHED = ("STARTING", "IN_PROGRESS", "STOPPING")
RUNNING = "running"  # the name that the unfinished job of a source holds


class Syncing(Protocol):
    """What reads the tables of a database, of a structured knowledge base."""

    async def run(self, job: Job, source: Source) -> None:
        """To the end of the job."""
        ...


class Runs:
    def __init__(
        self, store: Documents, jobs: Jobs, bases: Bases, inference: Inference, means: Means, syncing: Syncing
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._bases = bases
        self._inference = inference
        self._means = means
        self._syncing = syncing
        jobs.register(INGESTION, self._run, failed=_failed, at_once=AT_ONCE)

    async def start(self, ctx: Context, source: Source, description: str | None, token: str | None) -> Document:
        """Raises ConflictException while another job of the source has not ended, and ValidationException for one of
        which nothing can be listed.
        """
        if source.configuration["type"] not in LISTED:
            raise ValidationException(
                f"The data source {source.id} is of type {source.configuration['type']} and cannot be listed. Hand its "
                "documents in with IngestKnowledgeBaseDocuments."
            )
        scope, parent = source.base.scope, source.document.id
        name = f"{parent}/{new_id()}"
        job = {"base": source.base.id, "source": source.id, **ctx.record(await granted(self._inference, ctx, source))}
        request = {"source": parent, "description": description}

        def make(t: Transaction) -> Record:
            if t.named(scope, INGESTION, RUNNING, parent):
                raise ConflictException(
                    f"There is an ongoing ingestion job on the data source {source.id} of the knowledge base "
                    f"{source.base.id}. Wait for it to end, or stop it."
                )
            t.create(scope, INGESTION, name, reports.begun(description), parent=parent, unique={RUNNING: parent})
            self._jobs.put(t, scope, INGESTION, name, job)
            return {"id": name}

        made = await self._store.transaction(lambda t: t.once(scope, "StartIngestionJob", token, request, make))
        self._jobs.wake(INGESTION)
        return await self._store.get(scope, INGESTION, made["id"])

    async def find(self, source: Source, id: str) -> Document:
        found = await self._store.find(source.base.scope, INGESTION, f"{source.document.id}/{id}")
        if found is None:
            raise ResourceNotFoundException(
                f"Ingestion job with id {id} does not exist in the data source {source.id}. Check the three ids."
            )
        return found

    async def page(
        self,
        source: Source,
        filters: Sequence[Mapping[str, Any]],
        order: Mapping[str, str] | None,
        limit: int | None,
        token: str | None,
    ) -> tuple[list[Document], str | None]:
        """The newest first, unless another `order` is asked for, an IngestionJobSortBy."""
        scope, parent = source.base.scope, source.document.id
        allowed = [set(each["values"]) for each in filters]
        attribute, direction = (order["attribute"], order["order"]) if order else ("STARTED_AT", "DESCENDING")

        def wanted(job: Document) -> bool:
            return all(job.body["status"] in statuses for statuses in allowed)

        if attribute == "STARTED_AT":
            page = await self._store.page(
                scope,
                INGESTION,
                parent=parent,
                where=wanted,
                limit=limit or PAGE,
                token=token,
                descending=direction == "DESCENDING",
            )
            return page.items, page.next_token
        jobs = [
            job for job in self._store.look(lambda view: view.listing(scope, INGESTION, parent=parent)) if wanted(job)
        ]
        jobs.sort(key=lambda job: job.body["status"], reverse=direction == "DESCENDING")
        context = (scope.account, scope.region, INGESTION, parent, repr(filters), direction)
        start = self._store.tokens.read(token, *context) if token else 0
        end = start + (limit or PAGE)
        return jobs[start:end], self._store.tokens.write(end, *context) if end < len(jobs) else None

    async def stop(self, source: Source, id: str) -> Document:
        """Raises ConflictException where the job has ended."""
        scope, key = source.base.scope, (await self.find(source, id)).id

        def step(t: Transaction) -> Document:
            job = t.get(scope, INGESTION, key)
            if job.body["status"] not in UNFINISHED:
                raise ConflictException(
                    f"The ingestion job {id} cannot be stopped: its status is {job.body['status']}."
                )
            return t.replace(scope, INGESTION, key, job.body | {"status": "STOPPING"})

        stopped = await self._store.transaction(step)
        await self._jobs.stop(scope, INGESTION, key)
        return stopped

    async def _run(self, job: Job) -> None:
        base = await self._bases.again(job.scope, job.body["base"])
        source = await self._bases.source_again(base, job.body["source"]) if base else None
        if source is None or source.document.body["status"] != AVAILABLE:
            return  # it is being deleted, and with it what this job is told of
        if source.configuration["type"] == TABLES:
            await self._syncing.run(job, source)
            return
        ctx = Context.read(job.scope, job.body)
        acquiring = await opened(source, self._means.blobs, self._means.internal)
        await Run(self._means, job, ctx, source, acquiring).go()


async def granted(inference: Inference, ctx: Context, source: Source) -> list[str]:
    """What a job of this source may use in the name of whom it is for: the models of its configuration.

    As in the real service, where the role of the knowledge base may use them, its user needs no right to.
    """
    if source.configuration["type"] == TABLES:
        return []
    asked = replace(ctx, permit=everything)
    arns: list[str] = []
    for model in (source.base.embedding.arn, *_models(source.ingesting)):
        arns += (await inference.resolve(asked, model, INVOKE)).arns
    return arns


def _models(ingesting: Record) -> list[str]:
    """The text models that a `vectorIngestionConfiguration` names."""
    enrichment = ingesting.get("contextEnrichmentConfiguration", {}).get("bedrockFoundationModelConfiguration")
    return [enrichment["modelArn"]] if enrichment else []


def _failed(t: Transaction, key: Key, error: ApiError) -> None:
    job = t.find(key.scope, INGESTION, key.id)
    if job is None:
        return
    for name in job.body[reports.WORKING]:
        record = t.find(key.scope, DOCUMENT, name)
        if record and record.body["status"] == documents.IN_PROGRESS:
            changes = {"status": documents.FAILED, "reason": error.message[: documents.LONGEST_REASON]}
            t.replace(key.scope, DOCUMENT, name, record.body | changes)
    body = reports.ended(job.body, "FAILED")
    reasons = [*body["failureReasons"], error.message[: documents.LONGEST_REASON]]
    t.replace(key.scope, INGESTION, key.id, body | {"failureReasons": reasons}, unique={})

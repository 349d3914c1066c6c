"""The index of a knowledge base, made anew from what is kept of its documents. Knows no source and no parser.

Its sources are not asked and nothing is parsed; searches meanwhile find what is there already.
"""

from collections.abc import Sequence
from contextlib import aclosing
from functools import partial

from craton.core.context import Context
from craton.errors import ConflictException, ValidationException
from craton.jobs.job import Job
from craton.jobs.runner import Jobs
from craton.knowledge.bases.bases import Bases
from craton.knowledge.ingestion import documents
from craton.knowledge.ingestion.indexing.committing import Outcome
from craton.knowledge.ingestion.indexing.patience import Patience
from craton.knowledge.ingestion.indexing.pipeline import Done, Item
from craton.knowledge.ingestion.indexing.work import Work
from craton.knowledge.ingestion.run import Means
from craton.knowledge.ingestion.runs import granted
from craton.knowledge.records import AVAILABLE, BASE, DOCUMENT, Base, Source
from craton.runtime.inference import Inference
from craton.store.documents import Document, Transaction
from craton.store.vectors.index import IndexFailure

REBUILD = "knowledge-base-rebuild"  # the id of the job: the knowledge base's
AT_ONCE = 1
_PAGE = 64
_TRIES = 5  # of documents that change while their chunks are made


class Rebuilding:
    def __init__(self, jobs: Jobs, bases: Bases, inference: Inference, means: Means) -> None:
        self._jobs = jobs
        self._bases = bases
        self._inference = inference
        self._means = means
        jobs.register(REBUILD, self._run, at_once=AT_ONCE)

    async def start(self, ctx: Context, base: Base, *, discard: bool) -> None:
        """Begin; one that is under way begins again. `discard` chunks that nothing else keeps.

        Raises ValidationException where there is no index, ConflictException where chunks would be lost.
        """
        if base.configuration["type"] == "SQL":
            raise ValidationException(
                f"The knowledge base {base.id} has tables and no index. Start an ingestion job of its data source "
                "where the tables have changed."
            )
        if base.retains and not discard:
            raise ConflictException(
                f"The index of {base.id} has chunks that were retained of deleted data sources, and a rebuild would "
                "lose them: nothing else keeps them. Send 'discardRetained' as true where they may go."
            )
        asked: list[str] = []
        for source in await self._bases.sources(base):
            asked += await granted(self._inference, ctx, source)

        def put(t: Transaction) -> None:
            if base.retains:
                body = {member: value for member, value in base.document.body.items() if member != "retains"}
                t.replace(base.scope, BASE, base.id, body, expect=base.document.revision)
            self._jobs.forget(t, base.scope, REBUILD, base.id)
            self._jobs.put(t, base.scope, REBUILD, base.id, {"base": base.id, **ctx.record(asked)})

        await self._means.store.transaction(put)
        self._jobs.wake(REBUILD)

    async def _run(self, job: Job) -> None:
        base = await self._bases.again(job.scope, job.body["base"])
        if base is None:
            return
        if job.state is None:
            await self._means.writing.drop(base)
            await job.checkpoint({"source": None, "token": None})
        ctx = Context.read(job.scope, job.body)
        sources = await self._bases.sources(base)
        names = [source.id for source in sources]
        begun = job.state["source"]
        for source in sources[names.index(begun) if begun in names else 0 :]:
            await self._source(job, ctx, source)
        await self._means.committing.tidy(base)

    async def _source(self, job: Job, ctx: Context, source: Source) -> None:
        token = job.state["token"] if job.state["source"] == source.id else None
        while True:
            page = await self._means.store.page(
                source.base.scope, DOCUMENT, parent=source.document.id, limit=_PAGE, token=token
            )
            await self._documents(job, ctx, source, page.items)
            if (token := page.next_token) is None:
                return
            await job.checkpoint({"source": source.id, "token": token})

    async def _documents(self, job: Job, ctx: Context, source: Source, records: Sequence[Document]) -> None:
        """Put the chunks of documents into the index, of those that change meanwhile as they are then."""
        work = Work(ctx, source, job.id, Patience(job.stopping))
        for _ in range(_TRIES):
            before = {record.id: record for record in records if record.body["chunks"]}
            items = [Item(name, partial(self._means.loading.kept, source, before[name])) for name in before]
            left = set(before)
            async with aclosing(self._means.pipeline.groups(work, items)) as groups:
                async for group in groups:
                    outcomes = [_outcome(before[done.id], done) for done in group]
                    keep = partial(job.checkpoint, job.state)
                    await self._means.committing.commit(source, outcomes, keep, partial(_tick, left))
            if not left:
                return
            found = [await self._means.store.find(job.scope, DOCUMENT, name) for name in left]
            records = [record for record in found if record]
        now = await self._bases.source_again(source.base, source.id)
        if now and now.document.body["status"] == AVAILABLE:
            raise IndexFailure(f"{len(left)} documents of {source.id!r} change faster than they can be indexed.")


def _tick(left: set[str], t: Transaction, ended: Sequence[Outcome]) -> None:
    left.difference_update(each.id for each in ended)


def _outcome(record: Document, done: Done) -> Outcome:
    if failure := done.unusable:
        lost = {"status": documents.FAILED, "reason": str(failure)[: documents.LONGEST_REASON], "chunks": 0}
        return Outcome(done.id, record.revision, record.body | lost, done, same=True)
    same = record.body | done.changes | {"chunks": len(done.chunks)}
    return Outcome(done.id, record.revision, same, done, same=True)

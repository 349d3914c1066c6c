"""The index of a knowledge base, made anew from what is kept of its documents. Knows no source and no parser.

Its sources are not asked and nothing is parsed; searches meanwhile find what is there already.
"""

from collections.abc import Sequence
from contextlib import aclosing
from functools import partial

from craton.core.context import Context
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
from craton.knowledge.records import DOCUMENT, Base, Source
from craton.runtime.inference import Inference
from craton.store.documents import Document, Transaction

REBUILD = "knowledge-base-rebuild"  # the id of the job: the knowledge base's
AT_ONCE = 1
_PAGE = 64


class Rebuilding:
    def __init__(self, jobs: Jobs, bases: Bases, inference: Inference, means: Means) -> None:
        self._jobs = jobs
        self._bases = bases
        self._inference = inference
        self._means = means
        jobs.register(REBUILD, self._run, at_once=AT_ONCE)

    async def start(self, ctx: Context, base: Base) -> None:
        """Begin; one that is under way begins again."""
        asked: list[str] = []
        for source in await self._bases.sources(base):
            asked += await granted(self._inference, ctx, source)

        def put(t: Transaction) -> None:
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
            await self._documents(job, ctx, source, [each for each in page.items if each.body["chunks"]])
            if (token := page.next_token) is None:
                return
            await job.checkpoint({"source": source.id, "token": token})

    async def _documents(self, job: Job, ctx: Context, source: Source, records: Sequence[Document]) -> None:
        before = {record.id: record for record in records}
        items = [Item(record.id, partial(self._means.loading.kept, source, record)) for record in records]
        groups = self._means.pipeline.groups(Work(ctx, source, job.id, Patience(job.stopping)), items)
        async with aclosing(groups):
            async for group in groups:
                outcomes = [_outcome(before[done.id], done) for done in group]
                keep = partial(job.checkpoint, job.state)
                await self._means.committing.commit(source, outcomes, keep, lambda t, ended: None)


def _outcome(record: Document, done: Done) -> Outcome:
    if failure := done.unusable:
        lost = {"status": documents.FAILED, "reason": str(failure)[: documents.LONGEST_REASON], "chunks": 0}
        return Outcome(done.id, record.revision, record.body | lost, done)
    return Outcome(done.id, record.revision, record.body | done.changes | {"chunks": len(done.chunks)}, done)

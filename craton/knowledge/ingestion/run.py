"""One run of an ingestion job, phase by phase. Knows no queue: `Runs` makes and ends jobs."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from craton.core.context import Context
from craton.jobs.job import Job
from craton.knowledge.acquiring.found import Acquiring, Found, SourceFailure
from craton.knowledge.ingestion import documents, reports, units
from craton.knowledge.ingestion.contents import Contents
from craton.knowledge.ingestion.indexing.committing import Committing, Outcome
from craton.knowledge.ingestion.indexing.patience import Patience, Stopped
from craton.knowledge.ingestion.indexing.pipeline import Done, Item, Pipeline
from craton.knowledge.ingestion.indexing.work import Work
from craton.knowledge.ingestion.loading import Loading
from craton.knowledge.ingestion.units import Memos, Task, Unit
from craton.knowledge.ingestion.writing import Writing
from craton.knowledge.records import DOCUMENT, INGESTION, Source
from craton.store.blobs import Blobs
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import Record

LISTING, WORKING, DELETING, CLEARING = "listing", "working", "deleting", "clearing"
COMPLETE, STOPPED, FAILED = "COMPLETE", "STOPPED", "FAILED"

# A listing is kept at least so often, in seconds, and gives others their turn every so many documents.
_EVERY = 2.0
_TURN = 16
_LEAVING = 128


@dataclass(frozen=True, slots=True)
class Means:
    """What runs stand on."""

    store: Documents
    blobs: Blobs
    contents: Contents
    loading: Loading
    pipeline: Pipeline
    writing: Writing
    committing: Committing
    internal: tuple[str, ...] = ()


class Run:
    def __init__(self, means: Means, job: Job, ctx: Context, source: Source, acquiring: Acquiring) -> None:
        self._means = means
        self._job = job
        self._ctx = ctx
        self._source = source
        self._work = Work(ctx, source, job.id.rpartition("/")[2], Patience(job.stopping))
        self._acquiring = acquiring

    async def go(self) -> None:
        """The phases that are left. Raises LostJobError, ApiError and IndexFailure."""
        try:
            if self._job.state is None:
                await self._begin()
            if self._phase == LISTING:
                await self._list()
            if self._phase == WORKING:
                await self._ingest()
            if self._phase == DELETING:
                await self._delete()
        except Stopped:
            await self._checkpoint({"phase": CLEARING, "status": STOPPED})
        except SourceFailure as error:
            await self._checkpoint({"phase": CLEARING, "status": FAILED}, {"failureReasons": [str(error)]})
        finally:
            await self._acquiring.close()
        await self._end()

    @property
    def _phase(self) -> str:
        return str(self._job.state["phase"])

    async def _begin(self) -> None:
        await units.clear(self._means.store, self._source)  # of a job that failed
        state = {"phase": LISTING, "listing": None, "units": 0, "lost": await self._lost()}
        await self._checkpoint(state, {"status": "IN_PROGRESS"})

    async def _lost(self) -> bool:
        """Whether the index has lost what it held of this source, to be made again from what is kept."""
        parent = self._source.document.id
        held = await self._means.store.page(
            self._ctx.scope, DOCUMENT, parent=parent, where=lambda record: record.body["chunks"] > 0, limit=1
        )
        index = await self._means.writing.index(self._source.base)
        return bool(held.items) and not await index.of(held.items[0].id)

    # Listing

    async def _list(self) -> None:
        unit, kept = Unit(), monotonic()
        listing = self._acquiring.listing(
            known=Memos(self._means.store, self._source), state=self._job.state["listing"]
        )
        async with aclosing(listing):
            async for found in listing:
                self._work.patience.check()
                await self._see(unit, found)
                if unit.full or monotonic() > kept + _EVERY:
                    await self._keep(unit)
                    unit, kept = Unit(), monotonic()
                elif len(unit.seen) % _TURN == 0:
                    await asyncio.sleep(0)
        await self._keep(unit, last=True)

    async def _see(self, unit: Unit, found: Found) -> None:
        record = self._means.store.look(lambda view: documents.find(view, self._source, found.identifier))
        name = documents.id_of(self._source.document.id, found.identifier)
        unit.seen.append(units.digest(name))
        unit.metadata += found.metadata_version is not None
        if change := units.change(found, record, lost=self._job.state["lost"]):
            content = found.content
            raw = await self._means.contents.keep(self._ctx.scope, name, content.data) if content else None
            unit.tasks.append(Task(found, change, raw, content.media_type if content else None))

    async def _keep(self, unit: Unit, *, last: bool = False) -> None:
        before, number = self._job.state, self._job.state["units"]
        state = {**before, "listing": self._acquiring.state(), "units": number + 1}
        if last:
            state = {"phase": WORKING, "unit": 0, "done": 0, "units": number + 1}
        counts = {reports.SCANNED: len(unit.seen), reports.METADATA_SCANNED: unit.metadata}
        await self._checkpoint(state, counts=counts, also=lambda t: unit.put(t, self._source, self._job.id, number))

    # Working

    async def _ingest(self) -> None:
        while (number := self._job.state["unit"]) < self._job.state["units"]:
            tasks = units.tasks(self._means.store, self._ctx.scope, self._job.id, number)
            left = tasks[self._job.state["done"] :]
            async with aclosing(self._done(left)) as groups:
                async for group in groups:
                    await self._commit(group)
            await self._checkpoint({**self._job.state, "unit": number + 1, "done": 0})
        await self._checkpoint({"phase": DELETING, "token": None})

    async def _done(self, tasks: Sequence[Task]) -> AsyncGenerator[list[tuple[Task, Document | None, Done]], None]:
        """The tasks in their order, in groups, each with the record as it was before."""
        doing = [(task, self._record(task)) for task in tasks]
        items = [self._item(task, record) for task, record in doing]
        pending = iter(doing)
        async with aclosing(self._means.pipeline.groups(self._work, items)) as groups:
            async for group in groups:
                yield [(*next(pending), done) for done in group]

    def _record(self, task: Task) -> Document | None:
        return self._means.store.look(lambda view: documents.find(view, self._source, task.found.identifier))

    def _item(self, task: Task, record: Document | None) -> Item:
        name = documents.id_of(self._source.document.id, task.found.identifier)
        return Item(name, partial(self._means.loading.listed, self._source, self._acquiring, name, task, record))

    async def _commit(self, group: Sequence[tuple[Task, Document | None, Done]]) -> None:
        outcomes = {done.id: _outcome(task, record, done) for task, record, done in group}
        tasks = {done.id: (task, record) for task, record, done in group}
        state = {**self._job.state, "done": self._job.state["done"] + len(group)}

        def begin(t: Transaction, ids: Sequence[str]) -> None:
            self._change(t, {reports.WORKING: list(ids)})

        def also(t: Transaction, ended: Sequence[Outcome]) -> None:
            body = t.get(self._ctx.scope, INGESTION, self._job.id).body | {reports.WORKING: []}
            for each in ended:
                task, record = tasks[each.id]
                body = _reported(body, task, record, each)
            t.replace(self._ctx.scope, INGESTION, self._job.id, body)

        keep = partial(self._job.checkpoint, state)
        await self._means.committing.commit(self._source, list(outcomes.values()), keep, also, begin)

    # Deleting

    async def _delete(self) -> None:
        """Delete what was not listed, but for what was handed in since the job began."""
        store, scope, parent = self._means.store, self._ctx.scope, self._source.document.id
        seen = await units.seen(store, self._source)
        began = (await store.get(scope, INGESTION, self._job.id)).created_at
        while True:
            self._work.patience.check()
            token = self._job.state["token"]
            page = await store.page(scope, DOCUMENT, parent=parent, limit=_LEAVING, token=token)
            gone = [
                each
                for each in page.items
                if units.digest(each.id) not in seen and each.updated_at < began and each.body["request"] is None
            ]
            state = {"phase": DELETING, "token": page.next_token} if page.next_token else {"phase": CLEARING}
            if gone:
                keep = partial(self._job.checkpoint, state)
                await self._means.committing.remove(self._source, gone, keep, self._deleted)
            else:
                await self._checkpoint(state)
            if page.next_token is None:
                return

    def _deleted(self, t: Transaction, deleted: Sequence[Document]) -> None:
        self._change(t, {}, {reports.DELETED: len(deleted)})

    # Ending

    async def _end(self) -> None:
        await units.clear(self._means.store, self._source)
        if self._job.run > 1:
            await self._sweep()
        await self._means.committing.tidy(self._source.base)
        status = self._job.state.get("status", COMPLETE)

        def finish(t: Transaction) -> None:
            body = t.get(self._ctx.scope, INGESTION, self._job.id).body
            t.replace(self._ctx.scope, INGESTION, self._job.id, reports.ended(body, status), unique={})

        await self._job.finish(finish)

    async def _sweep(self) -> None:
        """Delete the contents that a run before this one kept and did not get to write down."""

        def needed(id: str) -> list[str | None]:
            record = self._means.store.look(lambda view: view.find(self._ctx.scope, DOCUMENT, id))
            return documents.contents(record.body) if record else []

        async with self._means.writing.alone(self._source.base):
            await self._means.contents.sweep(self._ctx.scope, self._source.document.id, needed)

    async def _checkpoint(
        self,
        state: Record,
        changes: Record | None = None,
        counts: dict[str, int] | None = None,
        also: Any = None,
    ) -> None:
        def step(t: Transaction) -> None:
            if changes or counts:
                self._change(t, changes or {}, counts)
            if also:
                also(t)

        await self._job.checkpoint(state, step)

    def _change(self, t: Transaction, changes: Record, counts: dict[str, int] | None = None) -> None:
        body = reports.counted(t.get(self._ctx.scope, INGESTION, self._job.id).body, counts or {})
        if body["status"] == "STOPPING" and changes.get("status") == "IN_PROGRESS":
            changes = {}
        t.replace(self._ctx.scope, INGESTION, self._job.id, body | changes)


def _outcome(task: Task, record: Document | None, done: Done) -> Outcome:
    """What becomes of a document that was listed."""
    found = task.found
    before = record.body if record else documents.blank(found.identifier, found.uri, found.location)
    revision = record.revision if record else 0
    failure = done.unusable
    if failure is None:
        ingested = {
            "status": documents.INDEXED,
            "reason": None,
            "version": found.version,
            "metadataVersion": found.metadata_version,
            "memo": found.memo,
            "indexed": True,
            "chunks": len(done.chunks),
            "location": dict(found.location),
        }
        return Outcome(done.id, revision, {**before, **ingested, **done.changes}, done)
    reason = {"reason": str(failure)[: documents.LONGEST_REASON]}
    if task.change == "metadata" and not failure.ignored:
        return Outcome(
            done.id, revision, before | reason | {"status": documents.METADATA_UPDATE_FAILED}, done, stays=True
        )
    status = documents.IGNORED if failure.ignored else documents.FAILED
    if failure.unread or (failure.ignored and not before["chunks"]):
        told = {"version": found.version} if failure.ignored else {}
        return Outcome(done.id, revision, before | reason | told | {"status": status}, done, stays=True)
    now = {"status": status, "version": found.version, "memo": found.memo}
    return Outcome(done.id, revision, before | reason | now | documents.NOTHING, done)


def _reported(body: Record, task: Task, record: Document | None, outcome: Outcome) -> Record:
    before = record.body["metadataVersion"] if record else None
    changed = before != task.found.metadata_version
    body = reports.counted(body, reports.counts(task.change, outcome.done, metadata_changed=changed))
    if failure := outcome.done.unusable:
        body = reports.told(body, str(failure), task.found.uri)
    return body

"""Single documents, handed in and deleted by requests. Knows no listing.

A request writes down what it asks for and is answered; a job does it. A later request for the same document goes
before: each record names the request that was the last.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

from craton.core.context import Context
from craton.errors import ApiError, ServiceUnavailableException, ValidationException
from craton.jobs import ledger
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.knowledge.bases.bases import Bases, new_id
from craton.knowledge.ingestion import documents, handing
from craton.knowledge.ingestion.handing import Handed
from craton.knowledge.ingestion.indexing.committing import Outcome
from craton.knowledge.ingestion.indexing.patience import Patience
from craton.knowledge.ingestion.indexing.pipeline import Done, Item
from craton.knowledge.ingestion.indexing.work import Work
from craton.knowledge.ingestion.run import Means
from craton.knowledge.ingestion.runs import granted
from craton.knowledge.records import DOCUMENT, Source
from craton.runtime.inference import Inference
from craton.store.documents import Document, Documents, Page, Transaction
from craton.store.records import Record
from craton.store.transaction import View

REQUEST = "document-request"  # its parent: the id of the data source's record; its id: `<parent>/<request>`
INGEST, DELETE = "IngestKnowledgeBaseDocuments", "DeleteKnowledgeBaseDocuments"
AT_ONCE = 4


class Direct:
    def __init__(self, jobs: Jobs, bases: Bases, inference: Inference, means: Means) -> None:
        self._store: Documents = means.store
        self._jobs = jobs
        self._bases = bases
        self._inference = inference
        self._means = means
        jobs.register(REQUEST, self._run, failed=_failed, at_once=AT_ONCE)

    async def ingest(
        self, ctx: Context, source: Source, shapes: Sequence[Mapping[str, Any]], token: str | None
    ) -> list[Record]:
        """Hand in KnowledgeBaseDocuments; how far each is, as KnowledgeBaseDocumentDetail.

        Raises ValidationException.
        """
        handed = [handing.read(source, shape) for shape in shapes]
        _refuse_twice([each.identifier for each in handed])
        asked = await granted(self._inference, ctx, source)
        async with self._means.writing.alone(source.base):
            kept = {each.identifier: await self._keep(source, each) for each in handed}

            def put(t: Transaction, request: str) -> list[Record]:
                return [
                    documents.detail(source, each.identifier, _hand_in(t, source, each, kept[each.identifier], request))
                    for each in handed
                ]

            names = [each.identifier for each in handed]
            return await self._begin(ctx, source, _Asking(INGEST, names, asked, list(shapes)), token, put)

    async def delete(self, ctx: Context, source: Source, identifiers: Sequence[str], token: str | None) -> list[Record]:
        """Begin to delete documents; how far each is."""
        _refuse_twice(identifiers)

        def put(t: Transaction, request: str) -> list[Record]:
            return [documents.detail(source, each, _take_out(t, source, each, request)) for each in identifiers]

        async with self._means.writing.alone(source.base):
            return await self._begin(ctx, source, _Asking(DELETE, identifiers, [], list(identifiers)), token, put)

    async def find(self, source: Source, identifiers: Sequence[str]) -> list[Record]:
        def look(view: View) -> list[Record]:
            return [documents.detail(source, each, documents.find(view, source, each)) for each in identifiers]

        return self._store.look(look)

    async def page(self, source: Source, limit: int, token: str | None) -> tuple[list[Record], str | None]:
        page: Page = await self._store.page(
            source.base.scope, DOCUMENT, parent=source.document.id, limit=limit, token=token
        )
        return [documents.detail(source, each.body["identifier"], each) for each in page.items], page.next_token

    async def _keep(self, source: Source, handed: Handed) -> str | None:
        if handed.data is None:
            return None
        name = documents.id_of(source.document.id, handed.identifier)
        try:
            return await self._means.contents.keep(source.base.scope, name, handed.data)
        except OSError as error:
            raise ServiceUnavailableException(
                f"The server cannot use its disk now ({error.strerror}); nothing was changed. Send the request again "
                "later."
            ) from error

    async def _begin(
        self,
        ctx: Context,
        source: Source,
        asking: "_Asking",
        token: str | None,
        put: Callable[[Transaction, str], list[Record]],
    ) -> list[Record]:
        scope, parent = source.base.scope, source.document.id
        name = f"{parent}/{new_id()}"
        documents_asked = {"action": asking.action, "documents": list(asking.identifiers)}
        body = {"base": source.base.id, "source": source.id, **documents_asked}

        def make(t: Transaction) -> Record:
            details = put(t, name)
            t.create(scope, REQUEST, name, documents_asked, parent=parent)
            self._jobs.put(t, scope, REQUEST, name, body | ctx.record(asking.granted))
            return {"details": details}

        request = {"source": parent, "request": asking.request}
        made = await self._store.transaction(lambda t: t.once(scope, asking.action, token, request, make))
        self._jobs.wake(REQUEST)
        details: list[Record] = made["details"]
        return details

    # The job

    async def _run(self, job: Job) -> None:
        base = await self._bases.again(job.scope, job.body["base"])
        source = await self._bases.source_again(base, job.body["source"]) if base else None
        if source:
            if job.body["action"] == DELETE:
                await self._delete(job, source)
            else:
                await self._ingest(job, Context.read(job.scope, job.body), source)
        await job.finish(lambda t: _done(t, job.key))

    async def _delete(self, job: Job, source: Source) -> None:
        leaving = await self._store.transaction(lambda t: _advance(t, source, job, documents.DELETE_IN_PROGRESS))
        keep = partial(job.checkpoint, {})
        await self._means.committing.remove(source, leaving, keep, lambda t, deleted: None)

    async def _ingest(self, job: Job, ctx: Context, source: Source) -> None:
        waiting = await self._store.transaction(lambda t: _advance(t, source, job, documents.IN_PROGRESS))
        records = {record.id: record for record in waiting}
        items = [Item(each.id, partial(self._means.loading.handed, source, each)) for each in waiting]
        work = Work(ctx, source, job.id.rpartition("/")[2], Patience(job.stopping))
        groups = self._means.pipeline.groups(work, items)
        try:
            async with aclosing(groups):
                async for group in groups:
                    outcomes = [_outcome(records[done.id], done) for done in group]
                    keep = partial(job.checkpoint, {})
                    await self._means.committing.commit(source, outcomes, keep, lambda t, ended: None)
        except ApiError as error:
            reason = error.message
            await self._store.transaction(lambda t: _give_up(t, job.key, reason))


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a request asks for. `granted` is what its job may use."""

    action: str
    identifiers: Sequence[str]
    granted: Sequence[str]
    request: object


def _refuse_twice(identifiers: Sequence[str]) -> None:
    if len(set(identifiers)) < len(identifiers):
        raise ValidationException("A document is named twice in the request. Name each document once.")


def _hand_in(t: Transaction, source: Source, handed: Handed, raw: str | None, request: str) -> Document:
    record = documents.find(t, source, handed.identifier)
    before = record.body if record else documents.blank(handed.identifier, handed.uri, handed.location)
    place = {"uri": handed.uri, "location": handed.location, "given": handed.given(raw)}
    told = {"status": documents.STARTING, "reason": None, "request": request}
    return documents.put(t, source, handed.identifier, before | place | told)


def _take_out(t: Transaction, source: Source, identifier: str, request: str) -> Document | None:
    record = documents.find(t, source, identifier)
    if record is None:
        return None
    told = {"status": documents.DELETING, "reason": None, "request": request, "given": None}
    return documents.put(t, source, identifier, record.body | told)


def _advance(t: Transaction, source: Source, job: Job, status: documents.Status) -> list[Document]:
    """The documents of a request that no later one has named, from now on in this status."""
    found = [documents.find(t, source, each) for each in job.body["documents"]]
    own = [record for record in found if record and record.body["request"] == job.id]
    return [documents.put(t, source, each.body["identifier"], each.body | {"status": status}) for each in own]


def _outcome(record: Document, done: Done) -> Outcome:
    ended = record.body | {"request": None, "given": None}
    request: str = record.body["request"]
    failure = done.unusable
    if failure is None:
        indexed: Record = {"status": documents.INDEXED, "indexed": True, "chunks": len(done.chunks)}
        return Outcome(done.id, record.revision, ended | indexed | done.changes, done, request=request)
    told: Record = {
        "status": documents.IGNORED if failure.ignored else documents.FAILED,
        "reason": str(failure)[: documents.LONGEST_REASON],
    }
    if failure.unread:
        return Outcome(done.id, record.revision, ended | told, done, stays=True, request=request)
    nothing = documents.NOTHING | {"version": None}
    return Outcome(done.id, record.revision, ended | told | nothing, done, request=request)


def _done(t: Transaction, key: Key) -> None:
    """Forget a request; what became of it stands in the records of its documents."""
    ledger.forget(t, key)
    if t.find(key.scope, REQUEST, key.id):
        t.delete(key.scope, REQUEST, key.id)


def _give_up(t: Transaction, key: Key, reason: str) -> None:
    request = t.find(key.scope, REQUEST, key.id)
    for identifier in request.body["documents"] if request else ():
        record = t.find(key.scope, DOCUMENT, documents.id_of(key.id.rpartition("/")[0], identifier))
        if record and record.body["request"] == key.id:
            told = {"status": documents.FAILED, "reason": reason[: documents.LONGEST_REASON], "request": None}
            t.replace(key.scope, DOCUMENT, record.id, record.body | told | {"given": None})


def _failed(t: Transaction, key: Key, error: ApiError) -> None:
    _give_up(t, key, error.message)
    _done(t, key)

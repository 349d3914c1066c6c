"""Knowledge bases and data sources on their way out: durable jobs that take along all that belongs to them.

A data source's `dataDeletionPolicy` says whether its chunks stay in the index. A knowledge base goes with its index,
which is nobody else's. Knows no content: who keeps more adds what clears it away to `also`.
"""

from collections.abc import Awaitable, Callable

from craton.errors import ApiError, ConflictException
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.knowledge.bases.bases import Bases
from craton.knowledge.ingestion.writing import Writing
from craton.knowledge.records import (
    BASE,
    DELETE_UNSUCCESSFUL,
    DELETING,
    DOCUMENT,
    INGESTION,
    SOURCE,
    Base,
    Source,
)
from craton.store.documents import Document, Documents, Transaction

DELETION = "knowledge-deletion"
AT_ONCE = 4
# Documents that are deleted in one step.
STEP = 200

# Clears away what is kept of a data source, or of a whole knowledge base. It may be called again.
Forget = Callable[[Base, Source | None], Awaitable[None]]


class Deleting:
    def __init__(self, documents: Documents, jobs: Jobs, bases: Bases, writing: Writing) -> None:
        self._documents = documents
        self._jobs = jobs
        self._bases = bases
        self._writing = writing
        self.also: list[Forget] = []
        jobs.register(DELETION, self._run, failed=_failed, at_once=AT_ONCE)

    async def base(self, base: Base) -> None:
        """Begin to delete a knowledge base with its data sources, in whatever status it is."""
        await self._begin(base, BASE, base.document)

    async def source(self, source: Source) -> None:
        """Begin to delete a data source."""
        await self._begin(source.base, SOURCE, source.document)

    async def _begin(self, base: Base, kind: str, document: Document) -> None:
        scope = base.scope

        def mark(t: Transaction) -> None:
            now = t.get(scope, kind, document.id)
            if now.body["status"] == DELETING:
                raise ConflictException(f"{document.id!r} is being deleted already. Wait until it is gone.")
            body = {member: value for member, value in now.body.items() if member != "failureReasons"}
            t.replace(scope, kind, document.id, body | {"status": DELETING})
            self._jobs.forget(t, scope, DELETION, document.id)  # an earlier one that failed
            self._jobs.put(t, scope, DELETION, document.id, {"kind": kind})

        await self._documents.transaction(mark)
        self._jobs.wake(DELETION)

    async def _run(self, job: Job) -> None:
        name, _, source_id = job.id.partition("/")
        base = await self._bases.again(job.scope, name)
        if base is None:
            return
        if not source_id:
            await self._delete_base(job, base)
        elif source := await self._bases.source_again(base, source_id):
            await self._delete_source(job, source)

    async def _delete_base(self, job: Job, base: Base) -> None:
        sources = await self._bases.sources(base)
        for source in sources:
            await self._stop(source)
        await self._drop(base)
        for forget in self.also:
            await forget(base, None)
        for source in sources:
            await self._forget_records(source)
        await self._drop(base)  # again, with what a stopped ingestion may have written while it unwound

        def end(t: Transaction) -> None:
            for source in sources:
                if t.find(base.scope, SOURCE, source.document.id):
                    t.delete(base.scope, SOURCE, source.document.id)
                self._jobs.forget(t, base.scope, DELETION, source.document.id)
            t.delete(base.scope, BASE, base.id)
            self._jobs.forget(t, base.scope, DELETION, base.id)

        await job.finish(end)

    async def _delete_source(self, job: Job, source: Source) -> None:
        base = source.base
        await self._stop(source)
        if "store" in base.document.body:
            retained = source.document.body["dataDeletionPolicy"] == "RETAIN"
            await (self._retain if retained else self._drop_chunks)(source)
        for forget in self.also:
            await forget(base, source)
        await self._forget_records(source)

        def end(t: Transaction) -> None:
            t.delete(base.scope, SOURCE, source.document.id)
            self._jobs.forget(t, base.scope, DELETION, source.document.id)

        await job.finish(end)

    async def _stop(self, source: Source) -> None:
        """End the ingestions under way."""
        for run in await self._every(source, INGESTION):
            await self._jobs.cancel(source.base.scope, INGESTION, run.id)

    async def _drop(self, base: Base) -> None:
        if "store" in base.document.body:
            await self._writing.drop(base)

    async def _drop_chunks(self, source: Source) -> None:
        async with self._writing.turn(source.base) as index:
            documents = [document.id for document in await self._every(source, DOCUMENT)]
            for start in range(0, len(documents), STEP):
                await index.replace(documents[start : start + STEP], ())

    async def _retain(self, source: Source) -> None:
        """Keep in mind that the index has what no document has any more."""
        if not any(document.body["chunks"] for document in await self._every(source, DOCUMENT)):
            return
        base = source.base

        def mark(t: Transaction) -> None:
            body = t.get(base.scope, BASE, base.id).body
            t.replace(base.scope, BASE, base.id, {**body, "retains": True})

        await self._documents.transaction(mark)

    async def _forget_records(self, source: Source) -> None:
        """Delete the records of documents and of ingestions."""
        scope = source.base.scope
        for kind in (DOCUMENT, INGESTION):
            while some := (await self._documents.page(scope, kind, parent=source.document.id, limit=STEP)).items:

                def delete(t: Transaction, kind: str = kind, some: list[Document] = some) -> None:
                    for document in some:
                        if t.find(scope, kind, document.id):
                            t.delete(scope, kind, document.id)
                            self._jobs.forget(t, scope, kind, document.id)

                await self._documents.transaction(delete)

    async def _every(self, source: Source, kind: str) -> list[Document]:
        found: list[Document] = []
        token: str | None = None
        while True:
            page = await self._documents.page(source.base.scope, kind, parent=source.document.id, token=token)
            found += page.items
            if (token := page.next_token) is None:
                return found


def _failed(t: Transaction, key: Key, error: ApiError) -> None:
    kind = SOURCE if "/" in key.id else BASE
    if document := t.find(key.scope, kind, key.id):
        reasons = {"failureReasons": [error.message[:2048]]}
        t.replace(key.scope, kind, key.id, document.body | {"status": DELETE_UNSUCCESSFUL} | reasons)

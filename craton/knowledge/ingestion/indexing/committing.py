"""Documents and their chunks, written down together: the index first, then the records, each time the same.

Before chunks are written their documents' records say so (IN_PROGRESS), so no chunk is ever without a record. Knows no
source and no parser.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from craton.knowledge.ingestion import documents
from craton.knowledge.ingestion.contents import Contents
from craton.knowledge.ingestion.indexing.pipeline import Done
from craton.knowledge.ingestion.writing import Writing, unbroken
from craton.knowledge.records import ACTIVE, AVAILABLE, BASE, DOCUMENT, SOURCE, Base, Source
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import Record, Scope
from craton.store.transaction import View
from craton.store.vectors.index import Index

# An index is tidied when so many chunks were written, and a tenth of all: of a large one much is written anew then.
UNTIDY, TENTH = 20_000, 10

# Does a step in the transaction that also keeps how far the job is; raises LostJobError.
Keep = Callable[[Callable[[Transaction], None]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document: its record's `body`, made of the one whose revision was `before`, 0 where there was
    none. `stays`: its chunks and what is kept of it stay as they are.

    It is written down on behalf of a `request`, while that is the last for the document; or else where nobody changed
    the record meanwhile, and no request is under way, unless the document is the `same` as before.
    """

    id: str
    before: int
    body: Record
    done: Done
    stays: bool = False
    request: str | None = None
    same: bool = False


class Committing:
    def __init__(self, store: Documents, writing: Writing, contents: Contents) -> None:
        self._store = store
        self._writing = writing
        self._contents = contents
        self._untidy: dict[str, int] = {}  # by index, chunks written since it was tidied

    async def commit(
        self,
        source: Source,
        outcomes: Sequence[Outcome],
        keep: Keep,
        also: Callable[[Transaction, Sequence[Outcome]], None],
        begin: Callable[[Transaction, Sequence[str]], None] = lambda t, ids: None,
    ) -> None:
        """Write down what became of documents, but for those that somebody else changed meanwhile.

        `begin` is done in the transaction that says whose chunks are about to be written, `also` in the one that says
        what was.
        """
        await unbroken(self._commit(source, outcomes, keep, also, begin))

    async def _commit(
        self,
        source: Source,
        outcomes: Sequence[Outcome],
        keep: Keep,
        also: Callable[[Transaction, Sequence[Outcome]], None],
        begin: Callable[[Transaction, Sequence[str]], None],
    ) -> None:
        scope = source.base.scope

        def mark(t: Transaction) -> dict[str, int]:
            """The revisions of those that are to be written down."""
            there = _there(t, source)
            fresh = [each for each in outcomes if there and _is_fresh(t, scope, each)]
            begin(t, [each.id for each in fresh if not each.stays])
            return {each.id: _mark(t, source, each) for each in fresh}

        async with self._writing.turn(source.base) as index:
            marked = await self._store.transaction(mark)
            written = [each for each in outcomes if each.id in marked and not each.stays]
            if written:
                await index.replace(
                    [each.id for each in written], [chunk for each in written for chunk in each.done.chunks]
                )
                await self._tidy(source.base, index, sum(len(each.done.chunks) for each in written))
            ended: list[Outcome] = []

            def end(t: Transaction) -> None:
                ended[:] = [
                    each for each in outcomes if each.id in marked and _revision(t, scope, each.id) == marked[each.id]
                ]
                for each in ended:
                    documents.put(t, source, each.body["identifier"], each.body)
                also(t, ended)

            await keep(end)
            for each in ended:
                if not each.stays:
                    await self._contents.drop(scope, each.id, documents.contents(each.body))

    async def tidy(self, base: Base) -> None:
        """Tidy the index where something was written to it."""
        if base.index in self._untidy:
            async with self._writing.turn(base) as index:
                self._untidy.pop(base.index, None)
                await index.tidy()

    async def _tidy(self, base: Base, index: Index, chunks: int) -> None:
        """In a turn: so many chunks were written or deleted."""
        untidy = self._untidy.pop(base.index, 0) + chunks
        if untidy >= UNTIDY and untidy * TENTH >= await index.count():
            await index.tidy()
        elif untidy:
            self._untidy[base.index] = untidy

    async def remove(
        self,
        source: Source,
        gone: Sequence[Document],
        keep: Keep,
        also: Callable[[Transaction, Sequence[Document]], None],
    ) -> None:
        """Delete documents and all that is kept of them, but for those that somebody changed since they were read."""
        await unbroken(self._remove(source, gone, keep, also))

    async def _remove(
        self,
        source: Source,
        gone: Sequence[Document],
        keep: Keep,
        also: Callable[[Transaction, Sequence[Document]], None],
    ) -> None:
        scope = source.base.scope

        def fresh(view: View) -> list[Document]:
            return [each for each in gone if _revision(view, scope, each.id) == each.revision]

        async with self._writing.turn(source.base) as index:
            if leaving := self._store.look(fresh):
                await index.replace([each.id for each in leaving], ())
                await self._tidy(source.base, index, sum(each.body["chunks"] for each in leaving))

            def end(t: Transaction) -> None:
                deleted = fresh(t)
                for each in deleted:
                    t.delete(scope, DOCUMENT, each.id)
                also(t, deleted)

            for each in leaving:
                await self._contents.drop(scope, each.id)
            await keep(end)


def _there(view: View, source: Source) -> bool:
    """Whether the source is not about to be deleted, or its knowledge base."""
    scope, base = source.base.scope, source.base.id
    own, whole = view.find(scope, SOURCE, source.document.id), view.find(scope, BASE, base)
    return own is not None and whole is not None and (own.body["status"], whole.body["status"]) == (AVAILABLE, ACTIVE)


def _is_fresh(view: View, scope: Scope, outcome: Outcome) -> bool:
    record = view.find(scope, DOCUMENT, outcome.id)
    request = record.body["request"] if record else None
    if outcome.request is not None:
        return bool(request == outcome.request)
    return _revision(view, scope, outcome.id) == outcome.before and (request is None or outcome.same)


def _revision(view: View, scope: Scope, id: str) -> int:
    record = view.find(scope, DOCUMENT, id)
    return record.revision if record else 0


def _mark(t: Transaction, source: Source, outcome: Outcome) -> int:
    """Say that a document's chunks are about to be replaced by others; the revision of its record."""
    if outcome.stays or outcome.same:
        return _revision(t, source.base.scope, outcome.id)
    record = t.find(source.base.scope, DOCUMENT, outcome.id)
    body = outcome.body
    before = record.body if record else documents.blank(body["identifier"], body["uri"], body["location"])
    return documents.put(t, source, body["identifier"], before | {"status": documents.IN_PROGRESS}).revision

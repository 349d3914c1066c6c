"""What goes with a data source or a knowledge base that is deleted, beside its chunks and records. Knows no index."""

from craton.jobs.runner import Jobs
from craton.knowledge.bases.bases import Bases
from craton.knowledge.ingestion import units
from craton.knowledge.ingestion.contents import Contents
from craton.knowledge.ingestion.direct import REQUEST
from craton.knowledge.ingestion.rebuilding import REBUILD
from craton.knowledge.records import Base, Source
from craton.store.documents import Document, Documents, Transaction

_BATCH = 32


class Forgetting:
    def __init__(self, store: Documents, jobs: Jobs, bases: Bases, contents: Contents) -> None:
        self._store = store
        self._jobs = jobs
        self._bases = bases
        self._contents = contents

    async def __call__(self, base: Base, source: Source | None) -> None:
        """Delete what jobs and requests left, and what is kept of documents: of a source, or of the whole knowledge
        base. May be done again.
        """
        if source is None:
            await self._store.transaction(lambda t: self._jobs.forget(t, base.scope, REBUILD, base.id))
        for each in [source] if source else await self._bases.sources(base):
            await self._requests(each)
            await units.clear(self._store, each)
        await self._contents.remove(base.scope, source.document.id if source else base.id)

    async def _requests(self, source: Source) -> None:
        scope, parent = source.base.scope, source.document.id
        while some := (await self._store.page(scope, REQUEST, parent=parent, limit=_BATCH)).items:

            def step(t: Transaction, some: list[Document] = some) -> None:
                for each in some:
                    self._jobs.forget(t, scope, REQUEST, each.id)
                    if t.find(scope, REQUEST, each.id):
                        t.delete(scope, REQUEST, each.id)

            await self._store.transaction(step)

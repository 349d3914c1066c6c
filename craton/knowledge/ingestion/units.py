"""What a job has yet to do, kept in pieces: which documents its source holds, and what is to be done to some of them.

A unit is a document of the store of its own, so no listing is too long; together they are all that was listed. Knows no
index and no chunk.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from craton.knowledge.acquiring.found import Found
from craton.knowledge.ingestion import documents
from craton.knowledge.records import DOCUMENT, Source
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import Record, Scope

UNIT = "ingestion-unit"  # its parent: the id of the data source's record; its id: `<job>/<number>`

# A unit is full with so many documents seen, or to be worked on.
SEEN = 512
WORK = 64
_BATCH = 32

Change = Literal["new", "changed", "metadata", "ignored", "failed", "again"]
"""Why a document is worked on. `failed`: its source could not have it; `again`: it did not change, and the index or its
record is not as it should be.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """A document to be worked on. `raw` is the name of its content, where listing had fetched it."""

    found: Found
    change: Change
    raw: str | None = None
    media_type: str | None = None

    @property
    def kept(self) -> Record:
        return asdict(self) | {"found": asdict(replace(self.found, content=None))}

    @classmethod
    def again(cls, kept: Mapping[str, Any]) -> "Task":
        return cls(**{**kept, "found": Found(**kept["found"])})


@dataclass(slots=True)
class Unit:
    seen: list[bytes] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    metadata: int = 0  # how many of those seen have metadata

    @property
    def full(self) -> bool:
        return len(self.seen) >= SEEN or len(self.tasks) >= WORK

    def put(self, t: Transaction, source: Source, job: str, number: int) -> None:
        body = {"seen": b"".join(self.seen), "tasks": [task.kept for task in self.tasks]}
        t.create(source.base.scope, UNIT, f"{job}/{number:06d}", body, parent=source.document.id)


def change(found: Found, record: Document | None, *, lost: bool) -> Change | None:
    """What is to be done to a document that was found; None: nothing. `lost`: the index holds no chunks any more."""
    if found.ignored or found.failed:
        return "ignored" if found.ignored else "failed"
    if record is None:
        return "new"
    body = record.body
    if body["request"]:
        return None  # somebody handed it in just now
    if not body["indexed"]:
        return "new"
    if body["version"] != found.version or not body["chunks"]:
        return "changed"
    if body["metadataVersion"] != found.metadata_version or body["status"] == documents.METADATA_UPDATE_FAILED:
        return "metadata"
    return "again" if lost or body["status"] != documents.INDEXED else None


def tasks(store: Documents, scope: Scope, job: str, number: int) -> list[Task]:
    unit = store.look(lambda view: view.get(scope, UNIT, f"{job}/{number:06d}"))
    return [Task.again(task) for task in unit.body["tasks"]]


def digest(id: str) -> bytes:
    """A document among those seen, from the id of its record."""
    return bytes.fromhex(id.rpartition("/")[2])


async def seen(store: Documents, source: Source) -> set[bytes]:
    """The digests of all documents that were listed."""
    found: set[bytes] = set()
    async for unit in _units(store, source):
        digests: bytes = unit.body["seen"]
        found.update(digests[start : start + 16] for start in range(0, len(digests), 16))
    return found


async def clear(store: Documents, source: Source) -> None:
    """Delete all units of a source."""
    scope = source.base.scope
    while True:
        some = (await store.page(scope, UNIT, parent=source.document.id, limit=_BATCH)).items
        if not some:
            return

        def step(t: Transaction, some: list[Document] = some) -> None:
            for unit in some:
                if t.find(scope, UNIT, unit.id):
                    t.delete(scope, UNIT, unit.id)

        await store.transaction(step)


async def _units(store: Documents, source: Source) -> AsyncGenerator[Document, None]:
    token: str | None = None
    while True:
        page = await store.page(source.base.scope, UNIT, parent=source.document.id, limit=_BATCH, token=token)
        for unit in page.items:
            yield unit
        if (token := page.next_token) is None:
            return


class Memos(Mapping[str, Mapping[str, Any]]):
    """What a source asked to be told again of each document, read from the records when it is asked for."""

    def __init__(self, store: Documents, source: Source) -> None:
        self._store = store
        self._source = source

    def __getitem__(self, identifier: str) -> Mapping[str, Any]:
        record = self._store.look(lambda view: documents.find(view, self._source, identifier))
        if record is None or record.body["memo"] is None:
            raise KeyError(identifier)
        memo: Mapping[str, Any] = record.body["memo"]
        return memo

    def __iter__(self) -> Iterator[str]:
        scope, parent = self._source.base.scope, self._source.document.id
        for record in self._store.look(lambda view: view.listing(scope, DOCUMENT, parent=parent)):
            if record.body["memo"] is not None:
                yield record.body["identifier"]

    def __len__(self) -> int:
        return sum(1 for _ in self)

"""Where quotas and budgets are kept, and how changes are seen: those made here at once, others' when looked for.

Knows no amount. An account's definitions have names of its own; those of the operator's account may be about any other.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from craton.errors import ResourceNotFoundException, ServiceQuotaExceededException
from craton.store.documents import Document, Documents, Scope, Transaction
from craton.store.records import Body
from craton.usage.limits.subject import Subject

MOST = 1000  # of one account

_SCOPE = Scope(account="", region="")
_CHANGE = "limit-change"


class Definition(Protocol):
    @property
    def owner(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def subject(self) -> Subject: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def updated_at(self) -> datetime: ...
    @property
    def position(self) -> int: ...


Made = TypeVar("Made", bound=Definition)


class Definitions(Generic[Made]):
    """All of one kind, such as `quota`, in order of creation; `changed` is called when they are others than before."""

    def __init__(
        self, documents: Documents, kind: str, read: Callable[[Document], Made], changed: Callable[[], None]
    ) -> None:
        self.all: Sequence[Made] = ()
        self._documents = documents
        self.kind = kind
        self._read = read
        self._changed = changed
        self._seen: tuple[int, int] | None = (0, 0)

    async def load(self) -> bool:
        """Take up what was changed since the last time, by whomever; False where nothing was."""
        change = await self._documents.find(_SCOPE, _CHANGE, self.kind)
        last = (change.position, change.revision) if change else None
        if last == self._seen:
            return False
        found: list[Made] = []
        page = await self._documents.page(_SCOPE, self.kind)
        found += map(self._read, page.items)
        while page.next_token:
            page = await self._documents.page(_SCOPE, self.kind, token=page.next_token)
            found += map(self._read, page.items)
        self._seen = last
        self.take(found)
        return True

    def take(self, found: Sequence[Made]) -> None:
        """From now on these are all."""
        self.all = found
        self._changed()

    async def put(self, owner: str, name: str, body: Body) -> Made:
        """Make one, or give the one of this name a new body."""

        def write(t: Transaction) -> Document:
            self._mark(t)
            place = _id(owner, name)
            if t.find(_SCOPE, self.kind, place):
                return t.replace(_SCOPE, self.kind, place, body)
            if len(t.listing(_SCOPE, self.kind, parent=owner, limit=MOST)) == MOST:
                raise ServiceQuotaExceededException(f"An account may have {MOST} {self.kind}s; delete one first.")
            return t.create(_SCOPE, self.kind, place, body, parent=owner)

        made = self._read(await self._documents.transaction(write))
        await self.load()
        return made

    async def delete(self, owner: str, name: str) -> None:
        """Raises ResourceNotFoundException."""

        def end(t: Transaction) -> None:
            self._mark(t)
            if not t.find(_SCOPE, self.kind, _id(owner, name)):
                raise self.missing(name)
            t.delete(_SCOPE, self.kind, _id(owner, name))

        await self._documents.transaction(end)
        await self.load()

    def find(self, owner: str, name: str) -> Made | None:
        return next((made for made in self.all if (made.owner, made.name) == (owner, name)), None)

    def missing(self, name: str) -> ResourceNotFoundException:
        return ResourceNotFoundException(f"The {self.kind} {name!r} does not exist; list them to see their names.")

    def _mark(self, t: Transaction) -> None:
        """Leave word for the other processes."""
        if t.find(_SCOPE, _CHANGE, self.kind):
            t.replace(_SCOPE, _CHANGE, self.kind, {})
        else:
            t.create(_SCOPE, _CHANGE, self.kind, {})


def name_of(document: Document) -> str:
    return document.id.partition("/")[2]


def _id(owner: str, name: str) -> str:
    return f"{owner}/{name}"

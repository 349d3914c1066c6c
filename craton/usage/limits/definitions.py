"""Where quotas and budgets are kept, and how changes are seen: those made here at once, others' when looked for.

Knows no amount. An account's definitions have names of its own; those of the operator's account may be about any other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from craton.errors import ResourceNotFoundException, ServiceQuotaExceededException
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import NOBODY, Body
from craton.usage.limits.subject import REPLACED, Subject, read_subject

MOST = 1000  # of one account

_CHANGE = "limit-change"


@dataclass(frozen=True, slots=True)
class Definition:
    """What each quota and each budget has. `body` are the members that it was given."""

    owner: str
    name: str
    subject: Subject
    body: Body
    created_at: datetime
    updated_at: datetime
    position: int

    def told(self, account: str) -> bool:
        """Whether the account may know what is used of it: not where it shares it with others, unless it is its own."""
        return self.owner == account or not self.subject.shared()


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
        change = await self._documents.find(NOBODY, _CHANGE, self.kind)
        last = (change.position, change.revision) if change else None
        if last == self._seen:
            return False
        documents = self._documents.look(lambda view: view.listing(NOBODY, self.kind))
        self._seen = last
        self.take([self._read(document) for document in documents])
        return True

    def take(self, found: Sequence[Made]) -> None:
        """From now on these are all."""
        self.all = found
        self._changed()

    async def put(self, owner: str, name: str, body: Body) -> Made:
        """Make one, or give the one of this name a new body."""

        def write(t: Transaction) -> Document:
            mark(t, self.kind)
            place = _id(owner, name)
            if present := t.find(NOBODY, self.kind, place):
                return t.replace(NOBODY, self.kind, place, _following(present.body, body))
            if len(t.listing(NOBODY, self.kind, parent=owner, limit=MOST)) == MOST:
                raise ServiceQuotaExceededException(f"An account may have {MOST} {self.kind}s; delete one first.")
            return t.create(NOBODY, self.kind, place, body, parent=owner)

        made = self._read(await self._documents.transaction(write))
        await self.load()
        return made

    async def delete(self, owner: str, name: str) -> None:
        """Raises ResourceNotFoundException."""

        def end(t: Transaction) -> None:
            mark(t, self.kind)
            if not t.find(NOBODY, self.kind, _id(owner, name)):
                raise self.missing(name)
            t.delete(NOBODY, self.kind, _id(owner, name))

        await self._documents.transaction(end)
        await self.load()

    def find(self, owner: str, name: str) -> Made | None:
        return next((made for made in self.all if (made.owner, made.name) == (owner, name)), None)

    def missing(self, name: str) -> ResourceNotFoundException:
        return ResourceNotFoundException(f"The {self.kind} {name!r} does not exist; list them to see their names.")


def defined(document: Document) -> tuple[str, str, Subject, Body, datetime, datetime, int]:
    """The fields of `Definition`, in their order."""
    owner, _, name = document.id.partition("/")
    body = document.body
    return owner, name, read_subject(body), body, document.created_at, document.updated_at, document.position


def mark(t: Transaction, kind: str) -> None:
    """Leave word for the other processes that a definition of this kind is changed."""
    t.put(NOBODY, _CHANGE, kind, {})


def _following(before: Body, now: Body) -> Body:
    """What a definition becomes, about the key that it has followed where it still is, or where a program that has not
    heard of a rotation names one of those before: it would else let go of the new one.
    """
    replaced = before.get(REPLACED, ())
    key, about = before["appliesTo"].get("keyId"), now["appliesTo"]
    if not replaced or about.get("keyId") not in {key, *(each["keyId"] for each in replaced)}:
        return now
    return {**now, "appliesTo": {**about, "keyId": key}, REPLACED: replaced}


def _id(owner: str, name: str) -> str:
    return f"{owner}/{name}"

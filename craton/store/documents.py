"""The store as slices see it: documents, their versions, names, tags and pages, and each request done once.

A document is a dict under a kind and an id, in a scope. Bodies keep str, bytes, bool, int of up to 64 bits, float,
None, aware datetimes, lists and dicts exactly. Reads are answered at once; writes return when they are on disk.
Knows no capability.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from typing import Self, TypeVar
from weakref import WeakValueDictionary

from craton.store import sqlite
from craton.store.migrations import migrate
from craton.store.records import DRAFT, Body, Document, Page, Record, Scope
from craton.store.tokens import Tokens
from craton.store.transaction import Transaction, View
from craton.store.writer import Writer

__all__ = ["DRAFT", "Document", "Documents", "Page", "Scope", "Transaction", "View"]

Result = TypeVar("Result")

_SCAN = 256  # documents read at a time to find those a filter lets through


class Documents:
    """All documents of one home. Several processes may open the same home at the same time."""

    def __init__(self, reader: View, writer: Writer, tokens: Tokens) -> None:
        self._reader = reader
        self._writer = writer
        self._turns = WeakValueDictionary[tuple[Scope, str, str], asyncio.Lock]()  # of requests with one client token
        self.tokens = tokens

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open `<home>/craton.db`, made or brought up to date where needed. Readable by its owner only."""
        reading, writing = sqlite.engines(home)
        sqlite.refuse_when_unusable(reading)
        sqlite.refuse_when_unusable(writing)
        with writing.begin() as connection:
            secret = migrate(connection)
        return cls(View(reading.connect()), Writer(writing), Tokens(secret))

    async def close(self) -> None:
        """Finish the writes under way and let go of the files."""
        await asyncio.to_thread(self._writer.close)
        self._reader.close()

    # Reading

    async def get(self, scope: Scope, kind: str, id: str, *, version: str = DRAFT) -> Document:
        """The document, or one published version of it. Raises ResourceNotFoundException."""
        return self._reader.get(scope, kind, id, version=version)

    async def find(self, scope: Scope, kind: str, id: str, *, version: str = DRAFT) -> Document | None:
        return self._reader.find(scope, kind, id, version=version)

    async def named(self, scope: Scope, kind: str, field: str, value: str) -> Document | None:
        """The document that holds this unique name: `unique={field: value}` when it was made."""
        return self._reader.named(scope, kind, field, value)

    async def at(self, scope: Scope, arn: str) -> Document | None:
        """The document or version that was made with this ARN."""
        return self._reader.at(scope, arn)

    async def tags(self, scope: Scope, arn: str) -> dict[str, str]:
        """The tags of an ARN, by key in alphabetical order. Raises ResourceNotFoundException as `tag` does."""
        return self._reader.tags(scope, arn)

    async def page(
        self,
        scope: Scope,
        kind: str,
        *,
        parent: str | None = None,
        versions_of: str | None = None,
        where: Callable[[Document], bool] | None = None,
        limit: int = 100,
        token: str | None = None,
        descending: bool = False,
    ) -> Page:
        """Documents in order of creation, `limit` of them at most.

        `parent` keeps to the children of one document; `versions_of` lists one document's DRAFT and its published
        versions instead. A token continues where the page before ended, whatever was made or deleted meanwhile; one
        that was not given out for this very list is a ValidationException.
        """
        assert limit > 0, "a page holds something"
        context = (scope.account, scope.region, kind, repr(parent), repr(versions_of), repr(descending))
        position = None if token is None else self.tokens.read(token, *context)
        most = limit + 1 if where is None else max(limit + 1, _SCAN)
        items: list[Document] = []
        while True:
            rows = self._reader.listing(
                scope, kind, parent=parent, versions_of=versions_of, after=position, descending=descending, limit=most
            )
            items += rows if where is None else filter(where, rows)
            if len(items) > limit:
                return Page(items[:limit], self.tokens.write(items[limit - 1].position, *context))
            if len(rows) < most:
                return Page(items, None)
            position = rows[-1].position
            await asyncio.sleep(0)  # a sparse filter reads on for long: others get their turn

    def look(self, work: Callable[[View], Result]) -> Result:
        """What a function reads at once, such as one of `store.chain`."""
        return work(self._reader)

    @property
    def waiting(self) -> int:
        """How many writes wait for their turn."""
        return self._writer.waiting

    # Writing: each is durable when it returns, and atomic

    async def transaction(self, work: Callable[[Transaction], Result]) -> Result:
        """Run a function that reads and writes as one atomic, durable step; if it raises, nothing has happened.

        It runs in the writer's thread, alone: it must be short and touch nothing but the transaction.
        """
        return await self._writer.run(work)

    async def create(
        self,
        scope: Scope,
        kind: str,
        id: str,
        body: Body,
        *,
        parent: str = "",
        arn: str = "",
        unique: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Document:
        """Make a document. Raises ConflictException where the id, the ARN or a unique name is taken.

        `unique` holds names, such as {"name": "mine"}, that no other document of the kind in the scope may have.
        """
        return await self._writer.run(
            lambda t: t.create(scope, kind, id, body, parent=parent, arn=arn, unique=unique, tags=tags)
        )

    async def replace(
        self,
        scope: Scope,
        kind: str,
        id: str,
        body: Body,
        *,
        expect: int | None = None,
        unique: Mapping[str, str] | None = None,
    ) -> Document:
        """Give a document a new body, and new unique names where given.

        `expect` is the revision that the change was made from: a ConflictException tells that another came first.
        """
        return await self._writer.run(lambda t: t.replace(scope, kind, id, body, expect=expect, unique=unique))

    async def delete(
        self, scope: Scope, kind: str, id: str, *, version: str | None = None, expect: int | None = None
    ) -> None:
        """Delete a document with its versions, names and tags, or only one published version with its tags."""
        await self._writer.run(lambda t: t.delete(scope, kind, id, version=version, expect=expect))

    async def publish(
        self,
        scope: Scope,
        kind: str,
        id: str,
        *,
        body: Body | None = None,
        arn: Callable[[str], str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Document:
        """Freeze the document, or `body`, as its next version: "1", "2", ... A number is never used twice.

        `arn` makes the version's own ARN from its number, where versions have one.
        """
        return await self._writer.run(lambda t: t.publish(scope, kind, id, body=body, arn=arn, tags=tags))

    async def tag(self, scope: Scope, arn: str, tags: Mapping[str, str]) -> None:
        """Add or change tags. Raises ResourceNotFoundException where no document of the scope has that ARN."""
        await self._writer.run(lambda t: t.tag(scope, arn, tags))

    async def untag(self, scope: Scope, arn: str, keys: Collection[str]) -> None:
        """Remove tags; keys that are not there are ignored. Raises ResourceNotFoundException as `tag` does."""
        await self._writer.run(lambda t: t.untag(scope, arn, keys))

    async def once(
        self,
        scope: Scope,
        operation: str,
        client_token: str | None,
        request: Body,
        make: Callable[[], Awaitable[Record]],
    ) -> Record:
        """Run `make` once for each client token: the same request again gets the first answer, for a day.

        Requests that come at the same time wait for each other. The same token with another request is a
        ConflictException. If `make` raises, nothing is kept; if the process dies between what `make` did and keeping
        its answer, the next try runs it again: `Transaction.once` closes that gap. Without a token `make` simply runs.
        """
        if client_token is None:
            return await make()
        async with self._turns.setdefault((scope, operation, client_token), asyncio.Lock()):
            answer = self._reader.answer(scope, operation, client_token, request)
            if answer is None:
                answer = made = await make()
                await self._writer.run(lambda t: t.keep_answer(scope, operation, client_token, request, made))
            return answer

    async def empty(self, *, keep: Collection[str] = ()) -> None:
        """Delete everything in every scope, except documents of the kinds to keep."""
        await self._writer.run(lambda t: t.empty(keep))

"""Writes the audit trail within the transactions of what it tells of, reads it and verifies it. Knows no HTTP.

A record stands in the same transaction as the change: where one is on disk, so is the other. A call that changes
something in several steps has a record of each, one that changed nothing or failed has one of how it ended.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import msgspec

from craton.audit.events import Act, Told, now, record
from craton.errors import ApiError
from craton.store import chain
from craton.store.chain import Link
from craton.store.documents import Documents, Transaction, View
from craton.store.writer import witness

_AT_ONCE = 256  # links read at a time
_VERIFIED_AT_ONCE = 32  # which takes about a millisecond, in which nobody else has a turn
_decode = msgspec.json.Decoder(dict[str, object]).decode
_told = msgspec.json.Decoder(Told).decode


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events of an account are listed. Times are aware; `until` is past the last."""

    name: str | None = None
    principal: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def admits(self, event: dict[str, object]) -> bool:
        identity = event["userIdentity"]
        principal = identity.get("arn") if isinstance(identity, dict) else None
        return self.name in (None, event["eventName"]) and self.principal in (None, principal)


@dataclass(frozen=True, slots=True)
class Event:
    """One record: `text` is what was hashed, `event` the same read."""

    sequence: int
    time: datetime
    hash: str
    text: str
    event: dict[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fault` is a sentence that says what is wrong, and None where nothing is. `head` is the last record's hash."""

    events: int
    head: str
    fault: str | None


class Witnessed:
    """An act under way, and the last record that was written of it."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.last: Link | None = None  # on disk
        self.over = False
        self._written: Link | None = None

    @property
    def hash(self) -> str:
        """Of the last record; empty where there is none."""
        return self.last.hash.hex() if self.last else ""

    def attend(self, t: Transaction) -> None:
        if t.changed and not self.over:  # else a task that outlives the call has its witness still
            self._written = _append(t, self.act, error="")

    def confirm(self) -> None:
        self.last = self._written


class Trail:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._last = documents.look(chain.head)  # that this process has seen: it must never vanish
        self._verifying = asyncio.Lock()

    @asynccontextmanager
    async def of(self, witnessed: Witnessed) -> AsyncIterator[None]:
        """Around what carries out an act: when it ends well its record is on disk. A refusal is recorded too."""
        try:
            with attending(witnessed):
                yield
        except ApiError as error:
            await self._ended(witnessed, error.code)
            raise
        if witnessed.last is None:
            await self._ended(witnessed)
        else:
            self._last = witnessed.last

    async def page(
        self, account: str, wanted: Wanted, limit: int, before: int | None
    ) -> tuple[list[Event], int | None]:
        """Events of an account, the newest first, and where the next page begins."""
        listed = partial(
            chain.latest,
            account=account,
            since=_micros(wanted.since) or 0,
            until=_micros(wanted.until),
            limit=_AT_ONCE,
        )
        found: list[Event] = []
        while True:
            links = self._documents.look(partial(listed, before=before))
            for link in links:
                event = _event(link)
                if wanted.admits(event.event):
                    if len(found) == limit:
                        return found, found[-1].sequence
                    found.append(event)
            if len(links) < _AT_ONCE:
                return found, None
            before = links[-1].sequence
            await asyncio.sleep(0)  # a sparse filter reads on for long: others get their turn

    async def head(self) -> str | None:
        """The hash of the last record, to be kept elsewhere."""
        last = self._documents.look(chain.head)
        return last.hash.hex() if last else None

    async def verify(self, account: str | None = None, head: str | None = None) -> Verdict:
        """Whether every record follows from the one before it, and whether one has the hash `head`.

        Reads all records, of all accounts; those of `account` are counted, or all of them.
        """
        async with self._verifying:  # one at a time: it costs some seconds for a million of them
            seen = self._last
            last: Link | None = None
            count, met = 0, head is None
            while links := self._documents.look(partial(_behind, last)):
                if fault := _fault(links, last) or (seen and _vanished(links, seen)):
                    return Verdict(count, last.hash.hex() if last else "", fault)
                count += sum(account in (None, link.account) for link in links)
                met = met or any(link.hash.hex() == head for link in links)
                last = links[-1]
                await asyncio.sleep(0)
        if seen and (last is None or last.sequence < seen.sequence):
            return Verdict(count, last.hash.hex() if last else "", "The end of the trail was cut off.")
        if last is None:  # the first start of a server leaves some
            return Verdict(0, "", "The trail has no record at all: it was emptied, or this is not the server's home.")
        missing = None if met else f"No record has the hash {head!r}: the trail was cut off before it, or made anew."
        return Verdict(count, last.hash.hex() if last else "", missing)

    async def _ended(self, witnessed: Witnessed, error: str = "") -> None:
        witnessed.last = await self._documents.transaction(lambda t: _append(t, witnessed.act, error))
        self._last = witnessed.last


@contextmanager
def attending(witnessed: Witnessed) -> Iterator[None]:
    """Around what may change something: what it changes is recorded, and nothing else."""
    token = witness.set(witnessed)
    try:
        yield
    finally:
        witnessed.over = True
        witness.reset(token)


def _append(t: Transaction, act: Act, error: str) -> Link:
    at = now()
    return chain.append(t, act.account, _micros(at) or 0, record(act, at, t.changed, error))


def _micros(time: datetime | None) -> int | None:
    return None if time is None else round(time.timestamp() * 1_000_000)


def _event(link: Link) -> Event:
    return Event(
        link.sequence,
        datetime.fromtimestamp(link.at / 10**6, UTC),
        link.hash.hex(),
        link.record.decode(),
        _decode(link.record),
    )


def _fault(links: list[Link], before: Link | None) -> str | None:
    """What is wrong with these links, in a sentence."""
    if wrong := chain.broken(links, before):
        return f"The record {wrong.sequence} is not the one that was written there, or one before it is missing."
    for link in links:
        try:
            told = _told(link.record)
        except msgspec.DecodeError:
            return f"The record {link.sequence} is none that this server writes."
        if (told.account, _micros(told.time)) != (link.account, link.at):
            return f"The record {link.sequence} is listed under another account or time than its own."
    return None


def _behind(link: Link | None, view: View) -> list[Link]:
    return chain.after(view, link.sequence if link else chain.BEFORE_ALL, _VERIFIED_AT_ONCE)


def _vanished(links: list[Link], seen: Link) -> str | None:
    """The chain may follow well and still be another: one of these links must be the one that was seen."""
    there = next((link for link in links if link.sequence == seen.sequence), seen)
    return None if there.hash == seen.hash else f"The record {seen.sequence} was replaced, with all before it."

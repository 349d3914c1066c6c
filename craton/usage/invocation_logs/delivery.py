"""Batches of entries on their way to a target: gathered, tried again where it fails, dropped and counted where too
much waits. Never makes an invocation wait. Knows no format and no place.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import structlog

from craton.usage.invocation_logs.entry import Entry
from craton.usage.invocation_logs.targets import DeliveryError, Prepared, Target

log = structlog.get_logger("craton.usage")

MOST_AT_ONCE = 1000
FULL_BYTES = 4 << 20  # a batch of these goes at once
# Bytes that wait for one target, and for all: beyond that, what is new is dropped.
MOST_WAITING = 16 << 20
MOST_WAITING_IN_ALL = 64 << 20
FIRST_RETRY = 1.0
LONGEST_RETRY = 60.0


class Room:
    """The memory that all deliveries share, and what did not fit in."""

    def __init__(self) -> None:
        self.held = 0
        self.dropped = 0


class Delivery:
    """The way to one target. Its task lives while something waits; `done` is called when nothing does."""

    def __init__(self, target: Target, room: Room, done: Callable[[], object]) -> None:
        self._target = target
        self._room = room
        self._done = done
        self._waiting: deque[Entry] = deque()
        self._held = 0
        self._dropped = 0
        self._full = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def put(self, entry: Entry) -> None:
        size = entry.size
        if self._held + size > MOST_WAITING or self._room.held + size > MOST_WAITING_IN_ALL:
            self._drop(1, "Too much waits already.")
            return
        self._hold(size)
        self._waiting.append(entry)
        if self._held >= FULL_BYTES or len(self._waiting) >= MOST_AT_ONCE:
            self._full.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Write what waits, trying once: what cannot be written is dropped."""
        self._closing.set()
        self._full.set()
        if self._task:
            await asyncio.wait([self._task])

    def give_up(self) -> None:
        """Drop what waits."""
        if self._task:
            self._task.cancel()

    async def _run(self) -> None:
        try:
            while self._waiting:
                await _wait(self._full, self._target.pause)
                await self._send(self._next())
        finally:  # where something waits still, it was given up, or something went wrong that nobody foresaw
            self._task = None
            while self._waiting:
                self._hold(-self._waiting.popleft().size)
                self._drop(1, "The server ends, or it failed on them.")
            self._done()

    def _next(self) -> list[Entry]:
        batch: list[Entry] = []
        size = 0
        while self._waiting and size < FULL_BYTES and len(batch) < MOST_AT_ONCE:
            batch.append(self._waiting.popleft())
            size += batch[-1].size
        if len(self._waiting) < MOST_AT_ONCE and not self._closing.is_set():
            self._full.clear()
        return batch

    async def _send(self, batch: list[Entry]) -> None:
        records, size = len(batch), sum(entry.size for entry in batch)
        reason = "The server ends, or it failed on them."
        try:
            prepared = await asyncio.to_thread(self._target.prepare, batch)
            batch.clear()
            reason = await self._deliver(prepared)
        finally:
            self._hold(-size)
            if reason:
                self._drop(records, reason)

    async def _deliver(self, prepared: Prepared) -> str:
        """Why it was given up; empty where it was not."""
        wait = FIRST_RETRY
        while True:
            try:
                await self._target.deliver(prepared)
            except DeliveryError as error:
                if self._closing.is_set():
                    return str(error)
                log.error("invocation logs wait", target=repr(self._target), reason=str(error))
                await _wait(self._closing, wait)
                wait = min(2 * wait, LONGEST_RETRY)
            else:
                self._dropped = 0
                return ""

    def _hold(self, size: int) -> None:
        self._held += size
        self._room.held += size

    def _drop(self, records: int, reason: str) -> None:
        """The first of a row is logged, and each time that their number has doubled."""
        before, self._dropped = self._dropped, self._dropped + records
        self._room.dropped += records
        if before.bit_length() != self._dropped.bit_length():
            log.error("invocation logs dropped", target=repr(self._target), records=self._dropped, reason=reason)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()

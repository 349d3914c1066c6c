"""Batches that cannot be written: tried again, bounded, counted, and never in the way of what invokes."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from craton.core.context import Context
from craton.usage.invocation_logs import delivery
from craton.usage.invocation_logs.delivery import Delivery, Room
from craton.usage.invocation_logs.entry import Entry
from craton.usage.invocation_logs.settings import Settings
from craton.usage.invocation_logs.targets import DeliveryError, Prepared

PATIENCE = 20.0


@dataclass(eq=False)
class Shelf:
    """A target that fails while it is `full`."""

    full: bool = False
    pause: float = 0.0
    tries: int = 0
    kept: list[str] = field(default_factory=list)

    def prepare(self, batch: Sequence[Entry]) -> Prepared:
        return Prepared(lines="".join(entry.ctx.request_id for entry in batch).encode())

    async def deliver(self, prepared: Prepared) -> None:
        self.tries += 1
        if self.full:
            raise DeliveryError("The shelf is full.")
        self.kept += prepared.lines.decode()


def entry(name: str, size: int = 0) -> Entry:
    ctx = Context("123456789012", "us-east-1", "arn:aws:iam::123456789012:root", name)
    return Entry(Settings(None, None, None, frozenset()), ctx, "Converse", "m", bytes(size))


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def way(shelf: Shelf) -> tuple[Delivery, Room]:
    room = Room()
    return Delivery(shelf, room, lambda: None), room


async def test_what_failed_is_tried_again_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "FIRST_RETRY", 0.01)
    shelf = Shelf(full=True)
    sent, room = way(shelf)
    for name in "abc":
        sent.put(entry(name))
    await until(lambda: shelf.tries > 2)
    sent.put(entry("d"))
    shelf.full = False
    await until(lambda: not room.held)
    assert (shelf.kept, room.dropped) == (["a", "b", "c", "d"], 0)


async def test_beyond_the_bound_the_newest_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "MOST_WAITING", 10_000)
    monkeypatch.setattr(delivery, "FIRST_RETRY", 0.01)
    shelf = Shelf(full=True)
    sent, room = way(shelf)
    for name in "abcdefg":
        sent.put(entry(name, 3000))
        await asyncio.sleep(0)
    assert (room.dropped, room.held) == (5, 2 * 4024)
    shelf.full = False
    await until(lambda: not room.held)
    sent.put(entry("h", 3000))
    await until(lambda: not room.held)
    assert shelf.kept == ["a", "b", "h"]


async def test_several_targets_share_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "MOST_WAITING_IN_ALL", 10_000)
    room = Room()
    first, second = (Delivery(Shelf(pause=60), room, lambda: None) for _ in range(2))
    for sent in (first, second, first, second):
        sent.put(entry("a", 3000))
    assert (room.held, room.dropped) == (2 * 4024, 2)
    await first.close()
    await second.close()


async def test_at_the_end_it_is_tried_once_more() -> None:
    shelf, empty = Shelf(pause=60), Shelf(full=True, pause=60)
    (sent, room), (lost, without) = way(shelf), way(empty)
    sent.put(entry("a"))
    lost.put(entry("b"))
    await asyncio.gather(sent.close(), lost.close())
    assert (shelf.kept, room.dropped, room.held) == (["a"], 0, 0)
    assert (empty.tries, without.dropped, without.held) == (1, 1, 0)


async def test_a_full_batch_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "MOST_AT_ONCE", 3)
    shelf = Shelf(pause=60)
    sent, room = way(shelf)
    for name in "abc":
        sent.put(entry(name))
    await until(lambda: not room.held)
    assert shelf.kept == ["a", "b", "c"]


async def test_it_says_when_nothing_is_left() -> None:
    shelf, ended = Shelf(), asyncio.Event()
    sent = Delivery(shelf, Room(), ended.set)
    sent.put(entry("a"))
    async with asyncio.timeout(PATIENCE):
        await ended.wait()
    assert shelf.kept == ["a"]


@dataclass(eq=False)
class Broken(Shelf):
    """A target with a mistake in it."""

    def prepare(self, batch: Sequence[Entry]) -> Prepared:
        raise RuntimeError("nobody foresaw this")


async def test_a_mistake_loses_no_memory_and_is_counted() -> None:
    sent, room = way(Broken(pause=60))
    for name in "abc":
        sent.put(entry(name, 1000))
    await sent.close()
    assert (room.held, room.dropped) == (0, 3)


@dataclass(eq=False)
class Stuck(Shelf):
    """A target that does not answer."""

    async def deliver(self, prepared: Prepared) -> None:
        self.tries += 1
        await asyncio.Event().wait()


async def test_a_target_that_hangs_is_given_up() -> None:
    shelf = Stuck()
    sent, room = way(shelf)
    sent.put(entry("a", 1000))
    await until(lambda: shelf.tries == 1)
    sent.put(entry("b", 1000))
    sent.give_up()
    await sent.close()
    assert (room.held, room.dropped) == (0, 2)

"""What is handed in is there to read, once, whatever the disk does meanwhile."""

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.usage.ledger import Ledger, Total
from craton.usage.records import Counts
from craton.usage.tables import invocations
from tests.usage.invocations import used


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    opened = Ledger.open(tmp_path)
    yield opened
    await opened.close()


async def test_what_was_handed_in_is_read_at_once_and_whole(ledger: Ledger) -> None:
    one = used("a", profile="arn:p", estimated=True, status="CANCELLED", at=1_790_000_000.123456)
    ledger.add(one)
    assert await ledger.rows() == [one]


async def test_an_invocation_is_told_once(ledger: Ledger) -> None:
    ledger.add(used("a", cost=1))
    ledger.add(used("a", cost=2))
    await ledger.write([used("a", cost=3)])
    assert [row.cost for row in await ledger.rows()] == [1] or [row.cost for row in await ledger.rows()] == [3]
    assert len(await ledger.rows()) == 1


async def test_rows_come_in_order_and_as_asked_for(ledger: Ledger) -> None:
    for number in (3, 1, 2):
        ledger.add(used(f"i{number}", at=float(number), account=f"{number % 2}"))
    assert [row.id for row in await ledger.rows()] == ["i1", "i2", "i3"]
    assert [row.id for row in await ledger.rows(descending=True, limit=2)] == ["i3", "i2"]
    assert [row.id for row in await ledger.rows(invocations.c.account == "1")] == ["i1", "i3"]
    assert [row.id for row in await ledger.rows(invocations.c.at >= 2_000_000)] == ["i2", "i3"]


async def test_totals_keep_groups_and_currencies_apart(ledger: Ledger) -> None:
    ledger.add(used("a", cost=10, counts=Counts(1, 2, 3, 4)))
    ledger.add(used("b", cost=20, counts=Counts(10, 20, 30, 40, 1)))
    ledger.add(used("c", cost=40, currency="USD", counts=Counts(100)))
    ledger.add(used("d", cost=80, model="m-2", counts=Counts(1000), energy=2.0))
    totals = {(total.group, total.currency): total for total in await ledger.totals(by=["model"])}
    assert totals[("m-1",), "EUR"] == Total(("m-1",), 2, Counts(11, 22, 33, 44, 1), 30, "EUR", 3.0)
    assert totals[("m-1",), "USD"].cost == 40
    assert totals[("m-2",), "EUR"].counts == Counts(1000)
    assert [total.invocations for total in await ledger.totals(invocations.c.currency == "EUR")] == [3]


async def test_who_asks_is_told_when_it_is_on_disk(ledger: Ledger, tmp_path: Path) -> None:
    written = asyncio.Event()
    loop = asyncio.get_running_loop()
    ledger.add(used("a"), lambda: loop.call_soon_threadsafe(written.set))
    await asyncio.wait_for(written.wait(), 10)
    with sqlite3.connect(tmp_path / "usage.db") as connection:
        assert connection.execute("SELECT id FROM invocations").fetchall() == [("a",)]
    connection.close()


async def test_what_cannot_be_written_is_kept_and_tried_again(ledger: Ledger, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "usage.db")
    other.execute("ALTER TABLE invocations RENAME TO away")
    ledger.add(used("a"))
    await ledger.flush()  # returns, though nothing could be written
    other.execute("ALTER TABLE away RENAME TO invocations")
    other.close()
    ledger.add(used("b"))
    assert {row.id for row in await ledger.rows()} == {"a", "b"}


async def test_closing_writes_what_is_left(tmp_path: Path) -> None:
    first = Ledger.open(tmp_path)
    for number in range(100):
        first.add(used(str(number)))
    await first.close()
    second = Ledger.open(tmp_path)
    assert len(await second.rows()) == 100
    await second.empty()
    assert await second.rows() == []
    await second.close()


async def test_two_processes_worth_of_writers_share_a_home(ledger: Ledger, tmp_path: Path) -> None:
    other = Ledger.open(tmp_path)
    for number in range(50):
        ledger.add(used(f"a{number}"))
        other.add(used(f"b{number}"))
    await other.close()
    assert len(await ledger.rows()) == 100


async def test_only_the_owner_may_read_it(ledger: Ledger, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "usage.db").stat().st_mode) == 0o600

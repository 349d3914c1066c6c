"""What the ledger holds counts after a restart, and what other processes use counts here."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from craton.errors import ApiError
from craton.store.documents import Documents
from craton.usage.ledger import Ledger
from craton.usage.limits.subject import EVERY_ACCOUNT, Part, Subject
from craton.usage.quotas.quotas import Quotas
from craton.usage.records import Counts, Used
from tests.usage.invocations import used
from tests.usage.limits.makers import ACCOUNT, NOON, OTHER, Clock, asked, quota


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    opened = Ledger.open(tmp_path)
    yield opened
    await opened.close()


def row(id: str, at: float = NOON, tokens: int = 10, **members: object) -> Used:
    return used(id, at=at, counts=Counts(input_tokens=tokens), **{"account": ACCOUNT, "model": "m-1", **members})


def keeping(ledger: Ledger, subject: Subject, clock: Clock) -> Quotas:
    quotas = Quotas(cast(Documents, None), ledger, clock=clock, wall=clock.wall)
    quotas.definitions.take([quota(subject=subject, tokens_per_day=10_000)])
    return quotas


def today(quotas: Quotas) -> dict[tuple[str, ...], int]:
    now = quotas.now()
    return {place: counter.day.of(now.day) for _, place, counter in quotas.standings}


async def test_sums_are_of_this_day_and_of_whom_the_quota_is_about(ledger: Ledger) -> None:
    await ledger.write(
        [
            row("1"),
            row("2", tokens=20, key_id="AKIA2", tags={"team": "red"}),
            row("3", tokens=40, status="LOST", profile="arn:p"),
            row("yesterday", at=NOON - 12 * 3600 - 1, tokens=1000),
            row("other", tokens=5000, account=OTHER),
        ]
    )
    quotas = keeping(ledger, Subject(EVERY_ACCOUNT, apart=(Part.ACCOUNT, Part.KEY)), Clock())
    await quotas.reread()
    assert today(quotas) == {(ACCOUNT, "AKIA1"): 50, (ACCOUNT, "AKIA2"): 20, (OTHER, "AKIA1"): 5000}


async def test_output_burns_in_the_ledger_as_it_does_in_memory(ledger: Ledger) -> None:
    counts = Counts(1, 10, 100, 3)
    await ledger.write([replace(row("1", model="eu.anthropic.claude-opus-4-1-20250805-v1:0"), counts=counts)])
    quotas = keeping(ledger, Subject(EVERY_ACCOUNT), Clock())
    await quotas.reread()
    assert today(quotas) == {(): 1 + 3 + 50}


async def test_what_ends_here_counts_once_however_often_the_ledger_is_read(ledger: Ledger) -> None:
    clock = Clock()
    quotas = keeping(ledger, Subject(ACCOUNT), clock)
    sums = []
    for number in range(5):
        hold = quotas.admit(asked(10, 0), 0, "EUR")
        assert hold
        reading = asyncio.create_task(quotas.reread())
        await asyncio.sleep(0)
        ledger.add(row(str(number)))
        hold.settle(Counts(10), 0)
        await asyncio.gather(reading, quotas.reread(), quotas.reread())
        sums.append(today(quotas)[()])
    assert sums == [10, 20, 30, 40, 50]


async def test_what_another_process_writes_counts_here(ledger: Ledger, tmp_path: Path) -> None:
    quotas = keeping(ledger, Subject(ACCOUNT), Clock())
    assert quotas.admit(asked(10, 0), 0, "EUR")
    elsewhere = Ledger.open(tmp_path)
    await elsewhere.write([row("1", tokens=9_991)])
    await elsewhere.close()
    await quotas.reread()
    with pytest.raises(ApiError, match="per day"):
        quotas.admit(asked(10, 0), 0, "EUR")


async def test_a_ledger_that_takes_long_is_asked_seldom(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    quotas = keeping(ledger, Subject(ACCOUNT), Clock())
    assert quotas.standings.due()
    now = [time.monotonic()]
    monkeypatch.setattr("craton.usage.limits.standings.time.monotonic", lambda: now[0])
    await quotas.reread()
    now[0] += 4.9
    assert not quotas.standings.due()
    now[0] += 0.2
    assert quotas.standings.due()


async def test_a_thousand_accounts_have_a_sum_each(ledger: Ledger) -> None:
    quotas = Quotas(cast(Documents, None), ledger)
    accounts = [f"{number:012}" for number in range(1000)]
    quotas.definitions.take([quota(each, each, Subject(each), tokens_per_day=10_000) for each in accounts])
    at = time.time()
    await ledger.write([row(each, at=at, account=each, tokens=number) for number, each in enumerate(accounts)])
    await quotas.reread()
    found = {each.name: counter.day.of(quotas.now().day) for each, _, counter in quotas.standings}
    assert found == {each: number for number, each in enumerate(accounts)}

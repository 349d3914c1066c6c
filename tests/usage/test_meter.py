"""An invocation passes the limits, is counted, and is told once, however it ends."""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from craton import config
from craton.errors import ModelErrorException, ServiceUnavailableException, ThrottlingException
from craton.store.documents import Documents
from craton.usage.journal import Entry, Journal
from craton.usage.ledger import Ledger
from craton.usage.machine import Machine
from craton.usage.meter import Meter, recover
from craton.usage.prices import Prices
from craton.usage.records import Asked, Counts, Used
from tests.usage.invocations import asked

PRICES = {"m-1": config.Price(input=Decimal(1), output=Decimal(2), currency="EUR")}
MACHINE = config.Machine(price_per_hour=Decimal(3600), watts=Decimal(10))


@dataclass
class Limit:
    """A check that lets through what is not for its name, and keeps what it held."""

    refuses: str = ""
    settled: list[tuple[Counts, int]] = field(default_factory=list)
    admitted: list[tuple[str, int, str]] = field(default_factory=list)

    def admit(self, asked: Asked, most_cost: int, currency: str) -> "Limit":
        if asked.id == self.refuses:
            raise ThrottlingException("Too many.")
        self.admitted.append((asked.id, most_cost, currency))
        return self

    def settle(self, counts: Counts, cost: int) -> None:
        self.settled.append((counts, cost))


@dataclass
class Bench:
    home: Path
    documents: Documents
    ledger: Ledger
    meter: Meter
    limit: Limit
    watched: list[Used]

    async def rows(self) -> list[Used]:
        return await self.ledger.rows()

    async def row(self) -> Used:
        (row,) = await self.rows()
        return row


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    documents, ledger, limit = Documents.open(tmp_path), Ledger.open(tmp_path), Limit()
    watched: list[Used] = []
    meter = Meter(
        ledger,
        Prices(documents, PRICES),
        [limit],
        [watched.append],
        journal=Journal.open(tmp_path),
        machine=Machine(MACHINE, powercap=Path("/nowhere")),
    )
    yield Bench(tmp_path, documents, ledger, meter, limit, watched)
    await meter.close()
    await ledger.close()
    await documents.close()


async def test_what_was_used_is_told_settled_and_watched(bench: Bench) -> None:
    async with bench.meter.use(asked(tags={"team": "blue"}, metadata={"run": "7"}, tier="flex")) as use:
        use.work()
        use.tell({"inputTokens": 1000})
        use.tell({"outputTokens": 1})
        use.tell({"inputTokens": 1000, "outputTokens": 500, "totalTokens": 1500})
    row = await bench.row()
    assert (row.status, row.counts, row.cost, row.currency) == ("OK", Counts(1000, 500), 2_000_000, "EUR")
    assert (row.id, row.request_id, row.key_id, row.model, row.tier) == ("i-1", "r-1", "AKIA1", "m-1", "flex")
    assert (row.tags, row.metadata, row.estimated) == ({"team": "blue"}, {"run": "7"}, False)
    assert bench.limit.admitted == [("i-1", 10_000 + 200_000, "EUR")]
    assert bench.limit.settled == [(Counts(1000, 500), 2_000_000)]
    assert bench.watched == [row]


async def test_an_error_is_the_status_and_what_was_used_stays(bench: Bench) -> None:
    with pytest.raises(ModelErrorException):
        async with bench.meter.use(asked()) as use:
            use.tell({"inputTokens": 5})
            use.tell({"outputTokens": 2})
            raise ModelErrorException("It broke.")
    row = await bench.row()
    assert (row.status, row.counts, row.cost) == ("ModelErrorException", Counts(5, 2), 9000)


async def test_an_error_before_anything_was_used_is_told_too(bench: Bench) -> None:
    with pytest.raises(ModelErrorException):
        async with bench.meter.use(asked()):
            raise ModelErrorException("It broke.")
    row = await bench.row()
    assert (row.status, row.counts, row.cost, row.first_token) == ("ModelErrorException", Counts(), 0, 0)


async def test_an_error_that_nobody_foresaw_is_the_servers(bench: Bench) -> None:
    with pytest.raises(ZeroDivisionError):
        async with bench.meter.use(asked()):
            raise ZeroDivisionError
    assert (await bench.row()).status == "InternalServerException"


async def test_who_is_cancelled_is_told(bench: Bench) -> None:
    begun = asyncio.Event()

    async def run() -> None:
        async with bench.meter.use(asked()) as use:
            use.tell({"inputTokens": 5})
            use.tell({"outputTokens": 3})
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(run())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    row = await bench.row()
    assert (row.status, row.counts) == ("CANCELLED", Counts(5, 3))


async def test_a_stream_that_is_closed_is_told(bench: Bench) -> None:
    async def stream() -> AsyncGenerator[int, None]:
        async with bench.meter.use(asked()) as use:
            for number in range(1, 10):
                use.tell({"outputTokens": number})
                yield number

    async with aclosing(stream()) as numbers:
        async for number in numbers:
            if number == 4:
                break
    row = await bench.row()
    assert (row.status, row.counts.output_tokens) == ("CANCELLED", 4)


async def test_who_is_refused_is_not_told_and_others_holds_are_given_back(bench: Bench) -> None:
    bench.meter.checks.append(Limit(refuses="i-1"))
    with pytest.raises(ThrottlingException):
        async with bench.meter.use(asked()):
            pytest.fail("it was refused")
    assert bench.limit.settled == [(Counts(), 0)]
    assert await bench.rows() == []
    async with bench.meter.use(asked("i-2")):
        pass
    assert len(await bench.rows()) == 1


async def test_without_a_price_it_costs_its_share_of_the_machine(bench: Bench) -> None:
    async with bench.meter.use(asked("a", model="free")) as use:
        use.work()
        await asyncio.sleep(0.05)
        use.tell({"inputTokens": 1, "outputTokens": 10})
    row = await bench.row()
    assert row.currency == "USD"
    assert 0.04e9 < row.cost < row.latency * 1e6 + 2e6  # one dollar a second
    assert row.energy == pytest.approx(row.cost / 1e9 * 10, rel=0.01)
    async with bench.meter.use(asked("b", model="free", most_output=100)):
        pass
    assert bench.limit.admitted[-1][1] == pytest.approx(row.cost * 10, rel=0.01)


async def test_what_a_model_of_a_machine_that_costs_may_cost_is_never_nothing(bench: Bench) -> None:
    async with bench.meter.use(asked("a", model="unknown")), bench.meter.use(asked("b", model="far", local=False)):
        pass
    assert [(name, most > 0) for name, most, _ in bench.limit.admitted] == [("a", True), ("b", False)]


async def test_who_leaves_before_the_first_token_has_used_the_input(bench: Bench) -> None:
    begun = asyncio.Event()

    async def run(id: str, works: bool) -> None:
        async with bench.meter.use(asked(id, input_tokens=40, local=False)) as use:
            if works:
                use.work()
            begun.set()
            await asyncio.Event().wait()

    for name, works in (("waited", False), ("worked", True)):
        begun.clear()
        task = asyncio.create_task(run(name, works))
        await begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    told = {row.id: (row.status, row.counts, row.estimated) for row in await bench.rows()}
    assert told == {"waited": ("CANCELLED", Counts(), False), "worked": ("CANCELLED", Counts(40), True)}


async def test_a_model_elsewhere_has_no_share_of_the_machine(bench: Bench) -> None:
    async with bench.meter.use(asked(model="far", local=False)) as use:
        use.work()
        use.tell({"inputTokens": 1, "outputTokens": 10})
    row = await bench.row()
    assert (row.cost, row.energy) == (0, 0)


async def test_input_that_the_provider_did_not_tell_is_estimated(bench: Bench) -> None:
    with pytest.raises(ModelErrorException):
        async with bench.meter.use(asked(input_tokens=40)) as use:
            use.tell({"outputTokens": 3, "estimated": True})
            raise ModelErrorException("It broke.")
    row = await bench.row()
    assert (row.counts, row.estimated) == (Counts(40, 3), True)


@pytest.mark.parametrize("told", [10**30, -5, "many", 1.5, None, True])
async def test_what_a_provider_makes_up_does_no_harm(bench: Bench, told: object) -> None:
    async with bench.meter.use(asked()) as use:
        use.tell({"inputTokens": told, "outputTokens": told, "cacheReadInputTokens": told})
    row = await bench.row()
    assert 0 <= row.counts.input_tokens == row.counts.output_tokens <= 10**9
    assert row.status == "OK"


async def test_parts_add_up(bench: Bench) -> None:
    async with bench.meter.use(asked()) as use:
        first, second = use.part(), use.part()
        async with first, second:
            first.tell({"inputTokens": 10})
            second.tell({"inputTokens": 5})
            first.tell({"outputTokens": 1})
            second.tell({"inputTokens": 5, "outputTokens": 2, "cacheReadInputTokens": 4})
            first.tell({"inputTokens": 10, "outputTokens": 3})
        assert use.counts == Counts(15, 5, 4)
    assert (await bench.row()).counts == Counts(15, 5, 4)


async def test_latencies_are_those_of_the_invocation(bench: Bench) -> None:
    async with bench.meter.use(asked()) as use:
        await asyncio.sleep(0.03)
        use.tell({"outputTokens": 1})
        await asyncio.sleep(0.03)
    row = await bench.row()
    assert 29 <= row.first_token <= row.latency - 29


async def test_nothing_runs_that_cannot_be_written_down(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Entry:
        raise OSError("No space left on device")

    monkeypatch.setattr(bench.meter.journal, "begin", full)
    with pytest.raises(ServiceUnavailableException, match="disk is full"):
        async with bench.meter.use(asked()):
            pytest.fail("it cannot be written down")
    assert bench.limit.settled == [(Counts(), 0)]


async def test_a_disk_that_fills_up_later_loses_nothing_that_ends(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    async with bench.meter.use(asked()) as use:
        monkeypatch.setattr(Entry, "write", full)
        use.tell({"outputTokens": 2})
    assert (await bench.row()).counts.output_tokens == 2


DIE_IN_THE_MIDDLE = """
import asyncio, os, sys
from decimal import Decimal
from pathlib import Path
from craton.store.documents import Documents
from craton.usage.journal import Journal
from craton.usage.ledger import Ledger
from craton.usage.machine import Machine
from craton.usage.meter import Meter
from craton.usage.prices import Prices
from tests.usage.invocations import asked
from tests.usage.test_meter import MACHINE, PRICES

async def main():
    home = Path(sys.argv[1])
    ledger = Ledger.open(home)
    prices, machine = Prices(Documents.open(home), PRICES), Machine(MACHINE, powercap=Path("/nowhere"))
    meter = Meter(ledger, prices, journal=Journal.open(home), machine=machine)
    if sys.argv[2] == "written":
        meter.ledger.add = lambda used, forget: Ledger.add(ledger, used, lambda: os._exit(9))
    if sys.argv[2] == "queued":
        meter.ledger.add = lambda used, forget: os._exit(9)
    async with meter.use(asked(input_tokens=11)) as use:
        use.tell({"inputTokens": 1000})
        await asyncio.sleep(0.06)
        use.tell({"outputTokens": 7})
        if sys.argv[2] == "running":
            os._exit(9)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize(("moment", "status"), [("running", "LOST"), ("queued", "OK"), ("written", "OK")])
async def test_whatever_moment_the_process_dies_at_it_is_told_once(bench: Bench, moment: str, status: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", DIE_IN_THE_MIDDLE, str(bench.home), moment)
    assert await process.wait() == 9
    for found in (1, 0):
        assert await recover(bench.home, bench.ledger, bench.meter.prices, bench.meter.machine) == found
    row = await bench.row()
    assert (row.status, row.counts, row.cost, row.currency) == (status, Counts(1000, 7), 1_014_000, "EUR")
    assert row.latency >= 59

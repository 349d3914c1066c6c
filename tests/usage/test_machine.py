"""Shares of the machine's time and energy."""

from decimal import Decimal
from pathlib import Path

import pytest

from craton import config
from craton.usage.machine import Machine, Share


class Clock:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += round(seconds * 10**9)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def machine(clock: Clock, powercap: Path = Path("/nowhere"), **settings: str) -> Machine:
    given = {name: Decimal(value) for name, value in settings.items()}
    return Machine(config.Machine(**given), powercap=powercap, clock=clock)  # type: ignore[arg-type]


def test_one_alone_has_all_of_its_time(clock: Clock) -> None:
    alone = machine(clock, watts="100")
    clock.pass_(5)  # idle: nobody's
    begun = alone.begin()
    clock.pass_(2)
    assert alone.so_far(begun) == Share(2 * 10**9, 200.0)
    clock.pass_(1)
    assert alone.end(begun) == Share(3 * 10**9, 300.0)


def test_those_who_run_together_share_each_moment(clock: Clock) -> None:
    shared = machine(clock, watts="60")
    first = shared.begin()
    clock.pass_(1)
    second = shared.begin()
    clock.pass_(2)
    assert shared.end(first).busy == 2 * 10**9
    clock.pass_(3)
    share = shared.end(second)
    assert share.busy == 4 * 10**9
    assert share.energy == pytest.approx(4 * 60)


def test_shares_add_up_to_the_time_that_was_busy(clock: Clock) -> None:
    shared = machine(clock, watts="1")
    begun = [shared.begin() for _ in range(7)]
    clock.pass_(7)
    shares = [shared.end(each) for each in begun]
    assert sum(share.busy for share in shares) == pytest.approx(7 * 10**9, abs=10)


def test_a_share_costs_time_and_electricity(clock: Clock) -> None:
    dear = machine(clock, price_per_hour="3.6", electricity_price_per_kwh="0.36")
    assert dear.cost(Share(busy=10**9)) == 1_000_000  # 0.001 for a second
    assert dear.cost(Share(energy=1000.0)) == 100_000  # 0.0001 for a kilojoule
    assert machine(clock).cost(Share(10**9, 1000.0)) == 0


def package(powercap: Path, name: str, microjoules: int, most: int = 1_000_000) -> Path:
    folder = powercap / name
    folder.mkdir()
    (folder / "max_energy_range_uj").write_text(f"{most}\n")
    (folder / "energy_uj").write_text(f"{microjoules}\n")
    return folder / "energy_uj"


def test_energy_is_measured_where_it_may_be_read(clock: Clock, tmp_path: Path) -> None:
    first = package(tmp_path, "intel-rapl:0", 900_000)
    second = package(tmp_path, "intel-rapl:1", 0)
    package(tmp_path, "intel-rapl:0:0", 0)  # a part of the first package
    package(tmp_path, "intel-rapl-mmio:0", 0)  # the same package, read another way
    measured = machine(clock, tmp_path, watts="1000")
    begun = measured.begin()
    first.write_text("100000\n")  # it ran over
    second.write_text("300000\n")
    clock.pass_(1)
    assert measured.end(begun).energy == pytest.approx(0.2 + 0.3)
    measured.close()


def test_a_counter_that_may_not_be_read_is_not_used(clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "intel-rapl:0").mkdir()
    estimated = machine(clock, tmp_path, watts="10")
    begun = estimated.begin()
    clock.pass_(1)
    assert estimated.end(begun).energy == pytest.approx(10)

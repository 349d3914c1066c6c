"""What the machine's own time and energy come to, for each of the invocations that share it. Knows no model.

While several invocations run, each has an equal share of every moment: of its time, and of the energy that the machine
used in it. The energy is what the processor measures (RAPL, in Linux's powercap) where the server may read that, and
else the watts that the operator gave. All of it is an estimate: what else the machine does meanwhile is counted in.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from craton import config
from craton.usage.records import JOULES_PER_KWH

POWERCAP = Path("/sys/class/powercap")
_NANO = 10**9
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Share:
    """Nanoseconds of the machine's time, and joules."""

    busy: int = 0
    energy: float = 0.0


class Machine:
    """The shares of the invocations under way, and what a share costs."""

    def __init__(
        self,
        settings: config.Machine | None = None,
        *,
        powercap: Path = POWERCAP,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        settings = settings or config.Machine()
        self.currency = settings.currency
        self._clock = clock
        self._meter = Rapl.found(powercap)
        self._watts = float(settings.watts)
        # Billionths of the currency, for a nanosecond and for a joule.
        self._second = settings.price_per_hour / _HOUR
        self._joule = settings.electricity_price_per_kwh * _NANO / JOULES_PER_KWH
        self._running = 0
        self._at = clock()
        # What one invocation would have if it had run since the start.
        self._busy = 0.0
        self._energy = 0.0

    @property
    def costs(self) -> bool:
        """Whether its time or its energy costs anything."""
        return bool(self._second or self._joule)

    def begin(self) -> Share:
        """One more runs. What is returned is to be given back to `end` and `so_far`."""
        self._advance()
        self._running += 1
        return Share(int(self._busy), self._energy)

    def end(self, begun: Share) -> Share:
        """One less runs; its share."""
        share = self.so_far(begun)
        self._running -= 1
        return share

    def so_far(self, begun: Share) -> Share:
        self._advance()
        return Share(int(self._busy) - begun.busy, self._energy - begun.energy)

    def cost(self, share: Share) -> int:
        """Billionths of the currency."""
        return int((self._second * share.busy + self._joule * Decimal(share.energy)).to_integral_value())

    def close(self) -> None:
        if self._meter:
            self._meter.close()

    def _advance(self) -> None:
        now = self._clock()
        passed, self._at = now - self._at, now
        used = self._meter.used() if self._meter else self._watts * passed / _NANO
        if self._running:
            self._busy += passed / self._running
            self._energy += used / self._running


class Rapl:
    """The energy counters of the processor packages. They run over from time to time.

    Source: https://docs.kernel.org/power/powercap/powercap.html
    """

    def __init__(self, counters: Sequence[tuple[int, int]]) -> None:
        """Each an open file and the value, in microjoules, at which it runs over."""
        self._counters = counters
        self._last = [_read(file) for file, _ in counters]

    @classmethod
    def found(cls, powercap: Path) -> "Rapl | None":
        """None where there are none, or the server may not read them, as only root may on most systems."""
        counters: list[tuple[int, int]] = []
        # `intel-rapl:0` is a package, `intel-rapl:0:0` a part of it; AMD's have the same names.
        for zone in sorted(powercap.glob("intel-rapl:[0-9]*")):
            if zone.name.count(":") == 1:
                with suppress(OSError, ValueError):
                    most = int((zone / "max_energy_range_uj").read_text())
                    counters.append((os.open(zone / "energy_uj", os.O_RDONLY), most))
        try:
            return cls(counters) if counters else None
        except (OSError, ValueError):
            return None

    def used(self) -> float:
        """Joules since the last time."""
        now = [_read(file) for file, _ in self._counters]
        microjoules = sum(
            value - before if value >= before else value - before + most
            for value, before, (_, most) in zip(now, self._last, self._counters, strict=True)
        )
        self._last = now
        return microjoules / 1e6

    def close(self) -> None:
        for file, _ in self._counters:
            os.close(file)


def _read(file: int) -> int:
    return int(os.pread(file, 32, 0))

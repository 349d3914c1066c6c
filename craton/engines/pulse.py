"""Whether a process that owes an answer still works, as can be told from outside. Knows no model and no protocol.

A long computation must not be taken for a hang: it uses the processor, or waits for it or for the disk. What does
neither, and does not answer, will not come back. Linux tells which it is (proc(5)); elsewhere only patience helps.
"""

import time
from dataclasses import dataclass
from pathlib import Path

CHECK_SECONDS = 0.2
STOPPED_SECONDS = 0.5
# In the middle of a message, of which nothing more comes.
BROKEN_OFF_SECONDS = 1.0
IDLE_SECONDS = 5.0
# Loading waits for devices, and for locks of other programs.
LOADING_SECONDS = 60.0
BUSY_SECONDS = 300.0

_PROC = Path("/proc")
_WORKING = {"R", "D"}  # it runs or would, if there were a processor for it; it waits for the disk
_STOPPED = "T"


@dataclass(frozen=True, slots=True)
class Vitals:
    """`state` as ps shows it, `work` in ticks of the processor and pages read from disk."""

    state: str
    work: int

    @classmethod
    def read(cls, pid: int) -> "Vitals | None":
        """None where they cannot be told: not on Linux, or no such process."""
        fields = _fields(_PROC / str(pid) / "stat")
        return cls(fields[0], sum(map(int, (fields[9], *fields[11:13])))) if fields else None


class Pulse:
    """What is known of one process since it owes an answer."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before: Vitals | None = None
        self._heard = self._stirred = self._ran = 0.0
        self.heard()

    def heard(self) -> None:
        """It said something."""
        self._heard = self._stirred = self._ran = time.monotonic()

    @property
    def quiet(self) -> bool:
        """Whether it said nothing since the last check: it may be asked whether it is there."""
        return time.monotonic() - self._heard > CHECK_SECONDS / 2

    def hung(self, *, broken_off: bool = False, loading: bool = False) -> str | None:
        """Why it is given up, if it is: to be asked every CHECK_SECONDS.

        `broken_off` tells that it said the half of something, `loading` that it cannot be expected to answer yet.
        """
        now = time.monotonic()
        vitals, before = Vitals.read(self._pid), self._before
        self._before = vitals
        if vitals is None or vitals.state != _STOPPED:
            self._ran = now
        if vitals is None or before is None or vitals.work != before.work or self._works():
            self._stirred = now
        idle = LOADING_SECONDS if loading else BROKEN_OFF_SECONDS if broken_off else IDLE_SECONDS
        if now - self._ran >= STOPPED_SECONDS:
            return "it was stopped by a signal"
        if now - self._stirred >= idle:
            return "it broke off in the middle of a message" if broken_off else "it did not answer and did nothing"
        if now - self._heard >= BUSY_SECONDS:
            return f"it did not answer for {BUSY_SECONDS:g} seconds"
        return None

    def _works(self) -> bool:
        threads = _PROC / str(self._pid) / "task"
        try:
            found = [_fields(thread / "stat") for thread in threads.iterdir()]
        except OSError:
            return False
        return any(fields and fields[0] in _WORKING for fields in found)


def _fields(stat: Path) -> list[str]:
    """The fields of proc(5)'s stat behind the name, which may hold anything: the state is the first."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []

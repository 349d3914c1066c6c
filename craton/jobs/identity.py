"""Which process a runner is, so that another on the same machine can tell at once that it has died. Knows no job.

A process is told by the boot of its machine, its PID namespace, its number and the time it was started. Where one of
these cannot be read (outside Linux), or does not match, nothing is claimed: a lease then has to run out.
"""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Identity:
    machine: str  # empty where it cannot be told
    pid: int
    started: str

    @classmethod
    def own(cls) -> Self:
        return cls(_machine(), os.getpid(), _started(os.getpid()))

    @classmethod
    def read(cls, record: dict[str, str | int]) -> Self:
        return cls(str(record["machine"]), int(record["pid"]), str(record["started"]))

    def record(self) -> dict[str, str | int]:
        return asdict(self)

    @property
    def gone(self) -> bool:
        """Whether this process certainly runs no more; False where that cannot be known from here."""
        return bool(self.machine) and self.machine == _machine() and _started(self.pid) != self.started


def _machine() -> str:
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {(PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """In clock ticks since the boot: field 22 of proc(5)'s stat, counted behind the name, which may hold anything."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""

"""One model's place among the loaded ones. Knows no other: who may take memory is the supervisor's matter."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Self

from craton.engines.admission import Admission
from craton.engines.base import ModelSpec
from craton.engines.memory import resident
from craton.engines.process import Process
from craton.engines.state import LocalState
from craton.errors import ApiError

_FIRST_BACKOFF = 0.1
_LONGEST_BACKOFF = 10.0
# A process that lived this long is no longer suspected for the crashes before it.
_TRUSTED_AFTER = 60.0


@dataclass(slots=True, eq=False)
class Place:
    """One model's place: its process when it has one, who uses it, and how its earlier starts went.

    `trouble` says why it is not loaded, where the last start failed or the process ended by itself.
    """

    spec: ModelSpec
    admission: Admission
    process: Process | None = None
    loading: asyncio.Task[Process] | None = None
    loading_pid: int = 0
    reserved: int = 0
    active: int = 0
    last_used: float = field(default_factory=time.time)
    idle_since: float = 0.0
    load_seconds: float = 0.0
    started_at: float = 0.0
    loads: int = 0
    load_failures: int = 0
    crashes: int = 0
    failures: int = 0
    retry_at: float = 0.0
    refusal: ApiError | None = None
    trouble: str = ""

    @classmethod
    def of(cls, spec: ModelSpec) -> Self:
        slots, limit = int(spec.options.get("slots", 16)), int(spec.options.get("max_requests", 256))
        return cls(spec, Admission(spec.id, slots, limit))

    @property
    def running(self) -> Process | None:
        return self.process if self.process is not None and self.process.alive else None

    @property
    def memory(self) -> int:
        """Bytes: what the process holds, at least what it is expected to take: a cache may not be in use yet."""
        return max(resident(self.process.pid) if self.process else 0, self.reserved)

    def told(self) -> LocalState:
        """How the model does."""
        running = self.running
        return LocalState(
            id=self.spec.id,
            engine=self.spec.engine,
            loaded=running is not None,
            loading=self.loading is not None,
            slots=self.admission.slots,
            busy=self.admission.busy,
            waiting=self.admission.waiting(),
            active=self.active,
            rss=resident(running.pid) if running else 0,
            load_seconds=self.load_seconds,
            failing=self.failures > 0,
            trouble=self.trouble,
            loads=self.loads,
            load_failures=self.load_failures,
            crashes=self.crashes,
            figures=running.figures if running else {},
        )

    def failed(self, refusal: ApiError | None, answered: int = 0) -> None:
        """Note a crash after so many answers, or a load that failed with `refusal`: the next start waits, longer each
        time that nothing was answered.
        """
        now = time.monotonic()
        if answered or now - self.started_at > _TRUSTED_AFTER:
            self.failures = 0
        self.retry_at = now + min(_FIRST_BACKOFF * 2**self.failures, _LONGEST_BACKOFF)
        self.failures += 1
        self.crashes += refusal is None
        self.load_failures += refusal is not None
        self.refusal = refusal

"""A circuit breaker: after several failures in a row a provider is left alone for a while. Knows no request."""

import time
from collections.abc import Callable

FAILURES = 5
SHORTEST = 5.0
LONGEST = 60.0


class Breaker:
    """Closed, it admits everyone. `failures` in a row open it for a pause; then one request at a time probes.

    A success closes it; a failed probe doubles the pause, up to `longest` seconds.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        shortest: float = SHORTEST,
        longest: float = LONGEST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._shortest = shortest
        self._longest = longest
        self._clock = clock
        self._pause = shortest
        self._open_until: float | None = None
        self._probing = False
        self.failures = 0

    @property
    def wait(self) -> float:
        """Seconds until it admits a request; 0 where it does, or where the probe that decides is under way."""
        return max(self._open_until - self._clock(), 0.0) if self._open_until is not None else 0.0

    @property
    def open(self) -> bool:
        return self._open_until is not None

    def admit(self) -> bool:
        """Whether a request may go. One that may must be followed by `begun`, `succeeded`, `failed` or `released`."""
        if self._open_until is None:
            return True
        if self._probing or self.wait:
            return False
        self._probing = True
        return True

    def begun(self) -> None:
        """The answer has begun, so others may go too; whether the failures in a row have ended, its end will tell."""
        self._open_until, self._pause, self._probing = None, self._shortest, False

    def succeeded(self) -> None:
        self.failures, self._open_until, self._pause, self._probing = 0, None, self._shortest, False

    def failed(self) -> None:
        self.failures += 1
        if self._probing:
            self._pause = min(self._pause * 2, self._longest)
        # Those that were under way when it opened do not prolong the pause.
        if self._probing or (self.failures >= self._limit and self._open_until is None):
            self._open_until = self._clock() + self._pause
        self._probing = False

    def released(self) -> None:
        """The request ended in a way that tells nothing, as when its caller left."""
        self._probing = False

"""What was taken in the last minute. Knows neither what it is nor how much is allowed.

A sliding window rather than a bucket that fills up: a bucket lets up to twice its size through in a minute that begins
with it full, a window never more than its limit. What is taken within a tenth of a second is one entry, so an amount
counts for 60 to 60.1 seconds, and a window never has more than some 600 entries.
"""

from collections import deque

SECONDS = 60.0
_GRAIN = 0.1


class _Entry:
    __slots__ = ("amount", "began", "last")

    def __init__(self, now: float, amount: int) -> None:
        self.began = self.last = now
        self.amount = amount


class Window:
    """Moments are seconds on a clock that never goes back."""

    __slots__ = ("_entries", "_total")

    def __init__(self) -> None:
        self._entries: deque[_Entry] = deque()
        self._total = 0

    def at(self, now: float) -> int:
        """What was taken in the minute before now."""
        while self._entries and now - self._entries[0].last >= SECONDS:
            self._total -= self._entries.popleft().amount
        return self._total

    def add(self, now: float, amount: int) -> None:
        self.at(now)
        if amount and self._entries and now - self._entries[-1].began < _GRAIN:
            self._entries[-1].last = now
            self._entries[-1].amount += amount
        elif amount:
            self._entries.append(_Entry(now, amount))
        self._total += amount

    def wait(self, now: float, amount: int) -> float:
        """Seconds until so much of what is in the window has left it; until all has, where that is less."""
        self.at(now)
        wait = 0.0
        for entry in self._entries:
            if amount <= 0:
                break
            amount -= entry.amount
            wait = SECONDS - (now - entry.last)
        return wait

    def empty_in(self, now: float) -> float:
        """Seconds until nothing is in the window."""
        return SECONDS - (now - self._entries[-1].last) if self.at(now) else 0.0

"""What is used of one quota now. Knows no limit.

What an invocation may take is held while it runs; what it took in the end is counted from its end on. Nothing is lost
between the two, so what is held and counted together never rises when one ends, unless it took more than it could.
"""

from typing import NamedTuple

from craton.usage.limits.sums import Sum
from craton.usage.quotas.window import Window


class Moment(NamedTuple):
    """`tick` is of a clock that never goes back; `day` is when today began, in seconds since 1970."""

    tick: float
    wall: float
    day: float


class Counter:
    __slots__ = ("day", "held", "requests", "running", "tokens")

    def __init__(self) -> None:
        self.requests = Window()
        self.tokens = Window()
        self.day = Sum()
        self.held = 0
        self.running = 0

    def begin(self, now: Moment, tokens: int) -> None:
        self.running += 1
        self.held += tokens
        self.requests.add(now.tick, 1)

    def end(self, now: Moment, begun: Moment, held: int, taken: int) -> None:
        """The day that an invocation began on has all of its tokens."""
        self.running -= 1
        self.held -= held
        self.tokens.add(now.tick, taken)
        self.day.add(begun.day, taken)

    def minute(self, now: Moment) -> int:
        """The tokens of the last minute, with those held."""
        return self.tokens.at(now.tick) + self.held

    def today(self, now: Moment) -> int:
        """The tokens of today, with those held."""
        return self.day.of(now.day) + self.held

    def idle(self, now: Moment, *, daily: bool) -> bool:
        """Whether a new one would tell the same; `daily`: of the day, too."""
        used = self.running or self.requests.at(now.tick) or self.tokens.at(now.tick)
        return not (used or (daily and self.day.of(now.day)))

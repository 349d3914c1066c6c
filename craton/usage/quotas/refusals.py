"""Whether a quota lets an invocation through, and what it answers if not, beginning as the real service does.

Knows no other quota.
"""

from collections.abc import Iterator
from typing import NamedTuple

from craton.errors import ApiError, ServiceQuotaExceededException, ThrottlingException
from craton.usage.limits.sums import DAY
from craton.usage.quotas.counter import Counter, Moment
from craton.usage.quotas.records import Quota
from craton.usage.records import Asked

TOO_MANY_REQUESTS = "Too many requests, please wait before trying again."
TOO_MANY_TOKENS = "Too many tokens, please wait before trying again."
TOO_MANY_TOKENS_TODAY = "Too many tokens per day, please wait before trying again."
# Seconds after which to try again where it depends on when others end.
SHORTLY = 1.0


class Need(NamedTuple):
    """The tokens that an invocation may take."""

    input: int
    output: int

    @classmethod
    def of(cls, asked: Asked) -> "Need":
        return cls(asked.input_tokens, asked.most_output)

    @property
    def tokens(self) -> int:
        return self.input + self.output

    def __str__(self) -> str:
        return f"{self.tokens} ({self.input} of input and up to {self.output} of output)"


def refusals(quota: Quota, counter: Counter, need: Need, now: Moment, account: str) -> Iterator[ApiError]:
    """Why the quota does not let the account's invocation through now; nothing where it does."""
    name = repr(quota.name)
    told = quota.told(account)
    if (most := quota.concurrent_requests) is not None and counter.running >= most:
        yield _refusal(
            most >= 1,
            TOO_MANY_REQUESTS,
            f"The quota {name} lets {most} requests run at once.",
            SHORTLY,
        )
    if (most := quota.requests_per_minute) is not None and counter.requests.at(now.tick) >= most:
        over = counter.requests.at(now.tick) + 1 - most
        yield _refusal(
            most >= 1,
            TOO_MANY_REQUESTS,
            f"The quota {name} lets {most} requests through in a minute.",
            counter.requests.wait(now.tick, over),
        )
    if (most := quota.tokens_per_minute) is not None and counter.minute(now) + need.tokens > most:
        yield _refusal(
            need.tokens <= most,
            TOO_MANY_TOKENS,
            _told(name, most, "minute", most - counter.minute(now) if told else None, need),
            _wait(counter, now, counter.minute(now) + need.tokens - most),
        )
    if (most := quota.tokens_per_day) is not None and counter.today(now) + need.tokens > most:
        blocked = counter.day.of(now.day) + need.tokens > most
        yield _refusal(
            need.tokens <= most,
            TOO_MANY_TOKENS_TODAY,
            _told(name, most, "day (UTC)", most - counter.today(now) if told else None, need),
            now.day + DAY - now.wall if blocked else SHORTLY,
        )


def _refusal(ever: bool, beginning: str, why: str, wait: float) -> ApiError:
    """`ever`: the invocation could be let through at some other time."""
    if ever:
        return ThrottlingException(f"{beginning} {why}", retry_after=max(wait, SHORTLY))
    return ServiceQuotaExceededException(
        f"{why} This request never fits into it: send a smaller one, or raise the quota."
    )


def _told(name: str, most: int, period: str, free: int | None, need: Need) -> str:
    left = "" if free is None else f", {max(free, 0)} of them free"
    return (
        f"The quota {name} has {most} tokens for each {period}{left}, and this request may take {need}. "
        "A lower maximum of output tokens takes less."
    )


def _wait(counter: Counter, now: Moment, over: int) -> float:
    """Seconds until so many tokens are free. Those that run may end at any time and give back what they hold."""
    return counter.tokens.wait(now.tick, over - counter.held)

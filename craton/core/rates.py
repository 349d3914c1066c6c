"""How much of a caller's quotas is left, for the headers in which an API tells it. Knows no quota and no API."""

from dataclasses import dataclass

# What a rate may count, as the APIs that tell of it name it.
REQUESTS = "requests"
TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Rate:
    """`limit` in a minute, `remaining` now, and the seconds until all of it is free again."""

    limit: int
    remaining: int
    reset: float

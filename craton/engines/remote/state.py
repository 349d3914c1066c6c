"""How a provider does, for people and metrics. Knows no connection."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """One model of a provider: requests under way, attempts and repeated attempts since the start, failures in a row,
    and, where the circuit breaker is open, until when (seconds since the epoch).
    """

    provider: str
    model: str
    in_flight: int
    attempts: int
    retries: int
    failures: int
    open_until: float | None


@dataclass(frozen=True, slots=True)
class Offered:
    """A model that a provider offers, and what it tells of it."""

    id: str
    name: str | None = None
    context_length: int | None = None

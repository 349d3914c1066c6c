"""How local models do, for people and metrics. Knows no process."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalState:
    """A model that was asked for since the start: `slots` of which `busy` are taken, who waits for one, by tier.

    `active` are the requests that use it or wait for it. `rss` is in bytes and 0 where it is not loaded, `load_seconds`
    those of the last load; `failing` tells that its last start failed or that it crashed not long ago, and `trouble`
    why it is not loaded then. `loads`, `load_failures` and `crashes` count since the start.
    `figures` are the engine's own: `cache_tokens`, and of these `cache_tokens_held` by requests.
    """

    id: str
    engine: str
    loaded: bool
    loading: bool
    slots: int
    busy: int
    waiting: Mapping[str, int]
    active: int
    rss: int
    load_seconds: float
    failing: bool
    trouble: str
    loads: int
    load_failures: int
    crashes: int
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory, for people and metrics. `rss` in bytes; `last_used` in seconds since the epoch."""

    id: str
    engine: str
    pid: int
    rss: int
    active: int
    last_used: float
    load_seconds: float


@dataclass(frozen=True, slots=True)
class Loading:
    """A model on its way into memory: bytes that its process holds by now, and about how many it will."""

    id: str
    resident: int
    expected: int

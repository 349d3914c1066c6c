"""What an engine is: something that turns a Converse turn into Converse events, or texts into vectors.

Knows no catalogue, account, HTTP or store: an engine is given files and options and computes.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from craton.dialects.converse import Event, Turn

__all__ = ["Embeddings", "Engine", "Event", "ModelSpec", "Turn"]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """All that an engine must know to load one model. `options` are the engine's own; its module names them."""

    id: str
    engine: str
    files: Mapping[str, Path]
    context_length: int
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One vector per text, unnormalised unless the model says otherwise, and the tokens read in all."""

    vectors: Sequence[Sequence[float]]
    input_tokens: int


class Engine(Protocol):
    """A loaded model. All methods may be called concurrently; closing the generator of `converse` stops that
    generation.
    """

    def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        """Stream one answer: `messageStart (contentBlockStart? contentBlockDelta* contentBlockStop)+ messageStop
        metadata`.

        `metadata` holds `usage` only; the caller adds latency. Raises ApiError before the first event where the turn
        cannot be served, and out of the generator where the model fails later.

        Beside messageStart and deltas stands a private member `usage`: what is counted of the input with the former,
        where it is known by then, and with the latter the output tokens made so far. With `estimated` in it they are
        the deltas, counted for want of better.
        """
        ...

    async def count_tokens(self, turn: Turn) -> int:
        """The exact number of input tokens `converse` would report for this turn."""
        ...

    async def embed(self, texts: Sequence[str]) -> Embeddings: ...

    async def close(self) -> None: ...

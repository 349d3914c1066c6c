"""What an engine is: something that turns a Converse turn into Converse events, or texts into vectors.

Knows no catalogue, account, HTTP or store: an engine is given files and options and computes.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

# A Converse request without `modelId`: messages, system, inferenceConfig, toolConfig, additionalModelRequestFields, ...
Turn = Mapping[str, Any]
# One ConverseStream event: a dict of one key, such as {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Hi"}}}.
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """All that an engine must know to load one model."""

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
    """A loaded model. All methods may be called concurrently; closing the iterator of `converse` stops that generation."""

    def converse(self, turn: Turn) -> AsyncIterator[Event]:
        """Stream one answer in the grammar `messageStart (contentBlockDelta* contentBlockStop)+ messageStop metadata`.

        `metadata` holds `usage` only; the caller adds latency. Raises ApiError before the first event where the turn cannot be served.
        """
        ...

    async def count_tokens(self, turn: Turn) -> int:
        """The exact number of input tokens `converse` would report for this turn."""
        ...

    async def embed(self, texts: Sequence[str]) -> Embeddings: ...

    async def close(self) -> None: ...

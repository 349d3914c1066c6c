"""What an engine is: something that turns a Converse turn into Converse events, texts into vectors, or texts and
pictures into what a classifier sees in them.

Knows no catalogue, account, HTTP or store: an engine is given files and options and computes.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from craton.dialects.converse import Event, Turn
from craton.errors import ValidationException

__all__ = ["Embeddings", "Engine", "Event", "Mark", "ModelSpec", "Turn", "no_classifier"]


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


class Mark(NamedTuple):
    """What a classifier sees in a text or a picture: its own label, how sure it is (0 to 1), and where, as offsets in
    characters; both 0 where it is about all of it.
    """

    label: str
    score: float
    start: int = 0
    end: int = 0


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

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        """What is seen in each item: a text, or an encoded picture (png or jpeg)."""
        ...

    async def close(self) -> None: ...


def no_classifier(model: str) -> ValidationException:
    """What an engine says that was asked to classify and cannot."""
    return ValidationException(f"The model {model!r} classifies nothing: choose a classifier.")

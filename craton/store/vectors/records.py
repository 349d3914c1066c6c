"""What an index holds and finds. Knows no database and no language: words come in as they are to be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Value = str | float | bool | Sequence[str]
"""An attribute's value. Numbers are floats, truths are bools, lists hold strings."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document.

    `words` are its words as they are compared, parted by spaces. Without a `vector` and without words it is never
    found, only fetched by its id, as the parent of others. `attributes` are what filters ask; `extra`, of JSON's types,
    comes back as it was given.
    """

    id: str
    document: str
    text: str
    words: str = ""
    vector: Sequence[float] | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found, without its vector, and how well it fits: a cosine (-1 to 1), or BM25 (above 0)."""

    chunk: Chunk
    score: float

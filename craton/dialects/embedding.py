"""What a body of any embedding family asks, and what is made for it. Knows no family and no model."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from craton.dialects.body import malformed
from craton.dialects.vectors import Vector, unit

# What a text is embedded for. Some models want to be told, in words before the text.
Purpose = Literal["query", "document"]
# Which end of a text goes where it is longer than the model reads.
End = Literal["START", "END"]


@dataclass(frozen=True, slots=True)
class Embedding:
    """A request: one vector for each text."""

    texts: tuple[str, ...]
    # None: as wide as the model makes it. `where` is the key that says it.
    dimensions: int | None = None
    where: str = "#/dimensions"
    purpose: Purpose | None = None
    # None: a text that is too long is refused.
    cut: End | None = None
    # Tokens of a text beyond which it is cut or refused; None: what the model reads.
    limit: int | None = None
    normalize: bool = True
    # The forms in which each vector is wanted; none where the family's answer has but one.
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors in the order of the texts, the tokens read in all, and what was read of each text."""

    vectors: tuple[Vector, ...]
    input_tokens: int
    texts: tuple[str, ...]


def shaped(vector: Vector, asked: Embedding, trained: Collection[int] = ()) -> list[float]:
    """The vector as wide and as long as asked. Raises ValidationException for a width that the model lacks.

    Cutting a vector short keeps its meaning only where the model was trained for that (Matryoshka representation
    learning, https://arxiv.org/abs/2205.13147): at the widths `trained`, and no other.
    """
    width = len(vector)
    if asked.dimensions not in (None, width, *trained):
        widths = " or ".join(map(str, sorted({width, *trained}, reverse=True)))
        raise malformed(
            f"{asked.where}: {asked.dimensions} is not supported by this model, whose embeddings have {widths} "
            f"dimensions; send {widths} or leave the key out"
        )
    cut = vector[: asked.dimensions]
    return unit(cut) if asked.normalize else list(cut)

"""What judges compute with. Knows no policy; who gives the means knows the models.

Every method raises `Undecided`, with a sentence that tells how to mend it, where the model is not installed or fails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from craton.guardrails.findings import Image


@dataclass(frozen=True, slots=True)
class Entity:
    """What a token classifier sees in a text: its own label, the span in characters, and how sure it is (0 to 1)."""

    label: str
    start: int
    end: int
    score: float


class Means(Protocol):
    """The local models of guardrails, each loaded when it is first asked."""

    async def entities(self, texts: Sequence[str]) -> Sequence[Sequence[Entity]]:
        """Names, addresses and the like, in each text."""
        ...

    async def attacks(self, texts: Sequence[str]) -> Sequence[float]:
        """How much each text looks like a prompt attack, 0 to 1."""
        ...

    async def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Each text as a vector of length 1, from the multilingual embedding model."""
        ...

    async def indecency(self, images: Sequence[Image]) -> Sequence[float]:
        """How likely each picture is to be sexual, 0 to 1."""
        ...

    @property
    def asks(self) -> bool:
        """Whether a text model judges here (the operator names one): without one, `choose` raises Undecided."""
        ...

    async def choose(self, question: str, choices: Sequence[str]) -> Mapping[str, float]:
        """A text model's answer to a question: one of the choices, and nothing else; each with its probability."""
        ...

    async def write(self, instruction: str, schema: Mapping[str, object], task: str = "") -> object:
        """A text model's answer as JSON that the schema accepts. `task` is what many instructions share: it stands
        before all else, so that engines read it once.
        """
        ...

"""Means that see what a test says they see."""

from collections.abc import Callable, Mapping, Sequence

from craton.guardrails.findings import Image, Undecided
from craton.guardrails.means import Entity

WIDTH = 512


def still(text: str) -> Sequence[float]:
    """A vector that no head and no topic leans to."""
    return [0.0] * WIDTH


class FakedMeans:
    """`vector` gives a text's vector. `answer` gives the probability of the first choice to a question; None: no text
    model is there.
    """

    def __init__(
        self,
        vector: Callable[[str], Sequence[float]] = still,
        *,
        attack: float = 0.5,
        indecent: float = 0.0,
        answer: Callable[[str], float] | None = None,
    ) -> None:
        self.vector = vector
        self.attack = attack
        self.indecent = indecent
        self.answer = answer
        self.embedded: list[str] = []
        self.questions: list[str] = []

    async def entities(self, texts: Sequence[str]) -> Sequence[Sequence[Entity]]:
        return [[] for _ in texts]

    async def attacks(self, texts: Sequence[str]) -> Sequence[float]:
        return [self.attack for _ in texts]

    async def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        self.embedded += texts
        return [self.vector(text) for text in texts]

    async def indecency(self, images: Sequence[Image]) -> Sequence[float]:
        return [self.indecent for _ in images]

    @property
    def asks(self) -> bool:
        return self.answer is not None

    async def choose(self, question: str, choices: Sequence[str]) -> Mapping[str, float]:
        if self.answer is None:
            raise Undecided("No text model judges here.")
        self.questions.append(question)
        first = self.answer(question)
        return dict(zip(choices, (first, 1 - first), strict=True))

    async def write(self, instruction: str, schema: Mapping[str, object], task: str = "") -> object:
        raise Undecided("No text model judges here.")

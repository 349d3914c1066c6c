"""What a detector finds in a text, without the model of names."""

import asyncio
from collections.abc import Sequence

from craton.guardrails.findings import Image
from craton.guardrails.means import Entity
from craton.guardrails.pii import detect


class Seen:
    """Means that see these entities in every text where they stand: (label, words, score)."""

    def __init__(self, *entities: tuple[str, str, float]) -> None:
        self._entities = entities
        self.asked: list[str] = []

    async def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        self.asked += texts
        return [
            [
                Entity(label, text.index(words), text.index(words) + len(words), score)
                for label, words, score in self._entities
                if words in text
            ]
            for text in texts
        ]

    @property
    def asks(self) -> bool:
        return False

    async def attacks(self, texts: Sequence[str]) -> list[float]:
        raise AssertionError("not a matter of personal data")

    async def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        raise AssertionError("not a matter of personal data")

    async def indecency(self, images: Sequence[Image]) -> list[float]:
        raise AssertionError("not a matter of personal data")

    async def choose(self, question: str, choices: Sequence[str]) -> dict[str, float]:
        raise AssertionError("not a matter of personal data")

    async def write(self, instruction: str, schema: object, task: str = "") -> object:
        raise AssertionError("not a matter of personal data")


def found(text: str, *types: str, means: Seen | None = None) -> list[str]:
    """The matches, in order, of these types."""
    [spans] = asyncio.run(detect([text], types, means or Seen()))
    return [text[span.start : span.end] for span in spans]

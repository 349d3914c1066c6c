"""A source, read and embedded: which of its sentences may support a statement. Knows no features and no weights."""

from collections.abc import Sequence
from functools import cached_property
from heapq import nlargest
from operator import add, mul

from craton.guardrails.amounts.quantities import Quantity
from craton.guardrails.grounding.words import Statement, Word

Vector = Sequence[float]

# A source of more sentences is not compared with as a whole: its blocks of so many sentences are, and of the best of
# these the sentences, and those that share rare words with the statement.
WHOLE = 256
BLOCK = 16
_BLOCKS = 10
_SHARING = 48


def dot(one: Vector, other: Vector) -> float:
    total: float = sum(map(mul, one, other))
    return total


class Sentences:
    """In their order, each with its vector."""

    def __init__(self, sentences: Sequence[Statement], vectors: Sequence[Vector]) -> None:
        self.sentences = sentences
        self.vectors = vectors

    def candidates(self, statement: Statement, vector: Vector) -> Sequence[int]:
        """The places of those that a statement is compared with."""
        if len(self.sentences) <= WHOLE:
            return range(len(self.sentences))
        nearest = nlargest(_BLOCKS, range(len(self._blocks)), key=lambda block: dot(vector, self._blocks[block]))
        near = {place for block in nearest for place in range(block * BLOCK, (block + 1) * BLOCK)}
        return sorted(near.intersection(range(len(self.sentences))) | self._sharing(statement))

    @cached_property
    def numbers(self) -> list[Quantity]:
        return [number for sentence in self.sentences for number in sentence.numbers]

    @cached_property
    def words(self) -> frozenset[str]:
        """All of them, in lower case."""
        return frozenset(word for sentence in self.sentences for word in sentence.all)

    def names(self, word: Word) -> bool:
        """Whether any sentence has a form of this word."""
        return word.stem in self._places or any(word.meets(other) for other in self._content)

    @cached_property
    def _content(self) -> list[Word]:
        return [*{word.stem: word for sentence in self.sentences for word in sentence.content}.values()]

    @cached_property
    def _blocks(self) -> list[Vector]:
        """The sum of the vectors of each block."""
        blocks: list[Vector] = []
        for start in range(0, len(self.vectors), BLOCK):
            total: Vector = self.vectors[start]
            for vector in self.vectors[start + 1 : start + BLOCK]:
                total = list(map(add, total, vector))
            blocks.append(total)
        return blocks

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where each stem stands."""
        places: dict[str, list[int]] = {}
        for place, sentence in enumerate(self.sentences):
            for stem in sentence.stems:
                places.setdefault(stem, []).append(place)
        return places

    def _sharing(self, statement: Statement) -> set[int]:
        weights: dict[int, float] = {}
        for stem in statement.stems:
            places = self._places.get(stem, ())
            for place in places:
                weights[place] = weights.get(place, 0.0) + 1 / len(places)
        return {*nlargest(_SHARING, weights, key=weights.__getitem__)}

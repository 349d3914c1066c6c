"""How near texts are to a topic, by vectors. Knows no guardrail and no text model.

A topic is the direction between its definition and the middle of its examples. What a text is near to anyway, by its
length and manner, says nothing about its topic: so how near it is to ordinary sentences, those of `background.txt`, is
taken off by half. That is what lets one threshold do for all topics; `tools/topics` measured it.
"""

import math
from collections.abc import Sequence
from functools import cache
from heapq import nlargest
from importlib import resources
from operator import mul

Vector = Sequence[float]

_NEAREST = 3
_SHARE = 0.5
# A topic without examples is known less well, and texts are further from it.
_WITHOUT_EXAMPLES = 0.06


class Mark:
    """What texts about a topic are near to. All vectors have length 1."""

    def __init__(self, definition: Vector, examples: Sequence[Vector]) -> None:
        between = list(definition)
        if examples:
            middle = [math.fsum(numbers) / len(examples) for numbers in zip(*examples, strict=True)]
            between = [one + other for one, other in zip(between, middle, strict=True)]
        length = math.hypot(*between) or 1.0
        self._direction = [number / length for number in between]
        self._allowance = 0.0 if examples else _WITHOUT_EXAMPLES

    def likeness(self, vector: Vector, ordinary: float) -> float:
        """The higher, the more a text is about the topic; `ordinary` is what `Background` says of it."""
        return _dot(self._direction, vector) - _SHARE * ordinary + self._allowance


class Background:
    """Ordinary sentences, by their vectors."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        self._vectors = vectors

    def nearness(self, vector: Vector) -> float:
        return sum(nlargest(_NEAREST, (_dot(each, vector) for each in self._vectors))) / _NEAREST


@cache
def background() -> Sequence[str]:
    """The sentences, in English and German."""
    return resources.files(__package__).joinpath("background.txt").read_text("utf-8").splitlines()


def _dot(one: Vector, other: Vector) -> float:
    total: float = sum(map(mul, one, other), 0.0)
    return total

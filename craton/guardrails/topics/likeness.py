"""How near texts are to a topic, by vectors. Knows no guardrail and no text model.

A topic is the direction between its definition and the middle of its examples. Two things are asked of a text, and the
lesser answer counts. Is it on the subject: near to the topic's direction, and not only because it is near to ordinary
sentences (`background.txt`)? And is it what is denied, and not only beside it: nearer to the topic than what is said
beside one ("What is ...?", `neighbours.txt`), in the manner of such requests? How much each likeness weighs was learnt
by `tools/topics` from topics written for it, and lets one threshold do for all topics. But for the ordinary sentences,
each question is one sum over the text's vector, made when the topic is learnt.
"""

import math
from collections.abc import Sequence
from functools import cache
from heapq import nlargest
from importlib import resources
from operator import mul

import msgspec

Vector = Sequence[float]

_NEAREST = 3


# A text that is so far off the subject is not asked the other question.
_FAR = -3.0


class Weights(msgspec.Struct, frozen=True):
    """Of likenesses and of a vector's numbers. `bare` is for topics without examples, which are known less well."""

    direction: float
    defined: float
    named: float
    neighbours: float
    ordinary: float
    bare: float
    bias: float
    manner: tuple[float, ...] = ()


class Learnt(msgspec.Struct, frozen=True):
    """What `likeness.json` holds. `data` is the SHA-256 of the topics that it was learnt from."""

    provenance: str
    data: str
    subject: Weights
    denied: Weights


class Mark:
    """What texts about a topic are near to. All vectors have length 1."""

    def __init__(self, defined: Vector, named: Vector, examples: Sequence[Vector], beside: Sequence[Vector]) -> None:
        """`defined` is the vector of the topic's name and definition, `named` that of its name."""
        between = [math.fsum(pair) for pair in zip(defined, _middle(examples), strict=True)] if examples else defined
        length = math.hypot(*between) or 1.0
        direction = [number / length for number in between]
        sides = (direction, defined, named, _middle(beside))
        self._subject = _Sum(learnt().subject, sides, bare=not examples)
        self._denied = _Sum(learnt().denied, sides, bare=not examples)

    def likeness(self, vector: Vector, ordinary: float) -> float:
        """From 0 on a text is about the topic; `ordinary` is what `Background` says of it."""
        subject = self._subject.of(vector, ordinary)
        return subject if subject < _FAR else min(subject, self._denied.of(vector, ordinary))


class _Sum:
    """One question's answer to a vector."""

    def __init__(self, weights: Weights, sides: Sequence[Vector], *, bare: bool) -> None:
        weighed = [(weights.direction, sides[0]), (weights.defined, sides[1])]
        weighed += [(weights.named, sides[2]), (weights.neighbours, sides[3]), (1.0, weights.manner)]
        used = [(weight, vector) for weight, vector in weighed if vector]
        self._numbers = [
            math.fsum(weight * number for (weight, _), number in zip(used, numbers, strict=True))
            for numbers in zip(*(vector for _, vector in used), strict=True)
        ]
        self._ordinary = weights.ordinary
        self._bias = weights.bias + (weights.bare if bare else 0.0)

    def of(self, vector: Vector, ordinary: float) -> float:
        return _dot(self._numbers, vector) + self._ordinary * ordinary + self._bias


class Background:
    """Ordinary sentences, by their vectors."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        self._vectors = vectors

    def nearness(self, vector: Vector) -> float:
        return sum(nlargest(_NEAREST, (_dot(each, vector) for each in self._vectors))) / _NEAREST


@cache
def background() -> Sequence[str]:
    """The sentences, in English and German."""
    return _lines("background.txt")


def neighbours(name: str) -> Sequence[str]:
    """What is said beside a topic of this name."""
    return [line.replace("{}", name) for line in _lines("neighbours.txt")]


@cache
def learnt() -> Learnt:
    return msgspec.json.decode(resources.files(__package__).joinpath("likeness.json").read_bytes(), type=Learnt)


def _middle(vectors: Sequence[Vector]) -> Vector:
    return [math.fsum(numbers) / len(vectors) for numbers in zip(*vectors, strict=True)]


@cache
def _lines(name: str) -> Sequence[str]:
    return resources.files(__package__).joinpath(name).read_text("utf-8").splitlines()


def _dot(one: Vector, other: Vector) -> float:
    total: float = sum(map(mul, one, other), 0.0)
    return total

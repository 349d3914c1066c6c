"""Scores of an answer, 0 to 1: how well its source supports it, and how far it speaks to its question.

The weights are logistic, and come from `python -m tools.grounding`. Knows no threshold and no action.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from craton.guardrails.findings import Answered
from craton.guardrails.grounding import evidence, relevance
from craton.guardrails.grounding.evidence import Close
from craton.guardrails.grounding.source import Sentences, Vector, dot
from craton.guardrails.grounding.statements import statements
from craton.guardrails.grounding.words import Statement, read
from craton.guardrails.means import Means


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One weight for each feature by its name, and what is added."""

    features: dict[str, float]
    bias: float

    def score(self, values: Sequence[float]) -> float:
        total = self.bias + sum(weight * value for weight, value in zip(self.features.values(), values, strict=True))
        return 1 / (1 + math.exp(-total))


class Trained(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    grounding: Weights
    relevance: Weights


@cache
def trained() -> Trained:
    return msgspec.json.decode(
        resources.files("craton.guardrails.grounding").joinpath("weights.json").read_bytes(), type=Trained
    )


@dataclass(frozen=True, slots=True)
class Supported:
    """A statement of an answer, how well it is supported, and what of the source is nearest to it."""

    statement: str
    score: float
    nearest: tuple[str, ...] = ()


def claims(answer: str) -> list[Statement]:
    """What an answer states. A question or an exclamation of no content states nothing."""
    read_all = [read(text) for text in statements(answer)]
    return [each for each in read_all if (each.content or each.numbers) and not each.text.endswith("?")]


async def grounding(answered: Answered, means: Means) -> list[Supported]:
    """Each statement of the answer with its score, empty where it states nothing. Raises Undecided."""
    # Long texts take seconds: they are compared beside what else goes on.
    told, read_source = await asyncio.to_thread(_read, answered)
    if not told:
        return []
    if not read_source:
        return [Supported(statement.text, 0.0) for statement in told]
    vectors = await means.vectors([statement.text for statement in [*told, *read_source]])
    source = Sentences(read_source, vectors[len(told) :])
    near = await asyncio.to_thread(_near, told, vectors, source)
    words = compared([*zip(told, near, strict=True)])
    known = dict(zip(words, await means.vectors(words), strict=True)) if words else {}
    return await asyncio.to_thread(_scored, told, near, source, known)


def compared(pairs: Sequence[tuple[Statement, Close]]) -> list[str]:
    """The words whose vectors the features want: those that the source does not have, and those that it has instead."""
    strange = {word.text for statement, close in pairs for word in evidence.strange(statement, close)}
    return sorted(strange | {word.text for _, close in pairs for each in close.sentences for word in each.content})


def _read(answered: Answered) -> tuple[list[Statement], list[Statement]]:
    return claims(answered.text), [read(text) for part in answered.sources for text in statements(part)]


def _near(told: Sequence[Statement], vectors: Sequence[Vector], source: Sentences) -> list[Close]:
    return [evidence.close(each, vector, source) for each, vector in zip(told, vectors, strict=False)]


def _scored(
    told: Sequence[Statement], near: Sequence[Close], source: Sentences, words: Mapping[str, Vector]
) -> list[Supported]:
    weights = trained().grounding
    return [
        Supported(
            each.text,
            weights.score(evidence.features(each, close, source, words).values()),
            tuple(sentence.text for sentence in close.sentences),
        )
        for each, close in zip(told, near, strict=True)
    ]


async def relevant(answered: Answered, means: Means) -> float:
    """How far the statement that speaks most to the question does; 0 where the answer states nothing.

    Raises Undecided.
    """
    told = claims(answered.text)
    if not told:
        return 0.0
    question = read(" ".join(answered.query.split()))
    words = relevance.words([question, *told])
    texts = [question.text, *(statement.text for statement in told), *words]
    vectors = await means.vectors(texts)
    known = dict(zip(words, vectors[1 + len(told) :], strict=True))
    return max(
        trained().relevance.score(relevance.speaking(question, statement, dot(vectors[0], vector), known).values())
        for statement, vector in zip(told, vectors[1:], strict=False)
    )

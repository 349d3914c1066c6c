"""Which pieces of evidence support a sentence: decided by comparing them, since small models do not tell reliably.

A piece supports a sentence where the judge of contextual grounding finds that it does: by the vectors of the local
embedding model, shared words, and numbers and names that must agree. Where that model is not installed words and
numbers decide alone. The thresholds come from `python -m bench.knowledge.citations`. Knows no knowledge base.
"""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

from craton.guardrails.findings import Undecided
from craton.guardrails.grounding import evidence
from craton.guardrails.grounding.evidence import Close
from craton.guardrails.grounding.scoring import compared, trained
from craton.guardrails.grounding.source import Sentences, Vector
from craton.guardrails.grounding.statements import statements
from craton.guardrails.grounding.words import Statement, read

# A piece supports a sentence from this score on, and beside a better one only if it is not so far behind it.
THRESHOLD = 0.7
BEHIND = 0.1
# The same by words alone, where a score is the share of a sentence's words and numbers that the piece has.
WORDS_THRESHOLD = 0.6
WORDS_BEHIND = 0.15
# References of one sentence, the best ones.
MOST = 3
# Pieces that are compared closely with one sentence: those that share most with it.
CLOSE = 4


class Vectors(Protocol):
    async def vectors(self, texts: Sequence[str]) -> Sequence[Vector]:
        """Of length 1. Raises Undecided where there is no model for it."""
        ...


class Attribution:
    """For one answer. Entering it begins to read the evidence, which goes on while the answer is written."""

    def __init__(self, pieces: Sequence[str], model: Vectors) -> None:
        self._pieces = pieces
        self._model = model
        self._words: dict[str, Vector] = {}

    async def __aenter__(self) -> Self:
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def supporting(self, sentence: str) -> list[int]:
        """The numbers, from 0, of the pieces that support the sentence, best first; none for what states nothing.

        What no piece supports alone is supported by several together where each of its clauses is by one.
        """
        told = _telling([read(part) for part in statements(sentence)])
        if not told:
            return []
        sources = await self._reading
        found = await self._supporting(told, sources)
        clauses = _telling([clause for each in told for clause in each.clauses or (each,)])
        if found or len(clauses) < 2:
            return found
        parts = [await self._supporting([clause], sources) for clause in clauses]
        return list(dict.fromkeys(number for part in parts for number in part))[:MOST] if all(parts) else []

    async def _supporting(self, told: Sequence[Statement], sources: Sequence[Sentences]) -> list[int]:
        """The pieces that support all of it, each alone."""
        try:
            scores = await self._scores(told, sources)
        except Undecided:
            scores = await asyncio.to_thread(_by_words, told, sources)
            return _best(scores, WORDS_THRESHOLD, WORDS_BEHIND)
        return _best(scores, THRESHOLD, BEHIND)

    async def _read(self) -> list[Sentences]:
        parts = await asyncio.to_thread(lambda: [[read(text) for text in statements(piece)] for piece in self._pieces])
        try:
            vectors = await self._model.vectors([each.text for part in parts for each in part])
        except Undecided:
            vectors = [()] * sum(map(len, parts))
        sources: list[Sentences] = []
        at = 0
        for part in parts:
            sources.append(Sentences(part, vectors[at : at + len(part)]))
            at += len(part)
        return sources

    async def _scores(self, told: Sequence[Statement], sources: Sequence[Sentences]) -> dict[int, float]:
        """How well a piece supports the least supported statement."""
        vectors = await self._model.vectors([each.text for each in told])
        likely = await asyncio.to_thread(_likely, told, vectors, sources)
        await self._know(compared([pair for pairs in likely.values() for pair in pairs]))
        return await asyncio.to_thread(self._weighed, likely, sources)

    async def _know(self, words: Sequence[str]) -> None:
        if strange := [word for word in words if word not in self._words]:
            self._words |= zip(strange, await self._model.vectors(strange), strict=True)

    def _weighed(
        self, likely: Mapping[int, Sequence[tuple[Statement, Close]]], sources: Sequence[Sentences]
    ) -> dict[int, float]:
        return {
            place: min(self._score(statement, near, sources[place]) for statement, near in pairs)
            for place, pairs in likely.items()
        }

    def _score(self, statement: Statement, near: Close, source: Sentences) -> float:
        """None where one of its numbers stands nowhere in the piece: nobody forgives a wrong number with a source."""
        told = evidence.features(statement, near, source, self._words)
        return 0.0 if told.strange_number else trained().grounding.score(told.values())


def _telling(read_all: Sequence[Statement]) -> list[Statement]:
    """Those that state something: no questions, and no words without content."""
    return [each for each in read_all if (each.content or each.numbers) and not each.text.endswith("?")]


def _likely(
    told: Sequence[Statement], vectors: Sequence[Vector], sources: Sequence[Sentences]
) -> dict[int, list[tuple[Statement, Close]]]:
    """The pieces that may support all that is told, with what in them is nearest to it."""
    pairs = {
        place: [(each, evidence.close(each, vector, source)) for each, vector in zip(told, vectors, strict=True)]
        for place, source in enumerate(sources)
        if source.sentences
    }

    def nearness(place: int) -> float:
        return sum(
            near.likeness + max(evidence.overlap(each, other) for other in near.sentences)
            for each, near in pairs[place]
        )

    return {place: pairs[place] for place in sorted(pairs, key=nearness, reverse=True)[:CLOSE]}


def _by_words(told: Sequence[Statement], sources: Sequence[Sentences]) -> dict[int, float]:
    return {
        place: min(_shared(each, source) for each in told) for place, source in enumerate(sources) if source.sentences
    }


def _shared(statement: Statement, source: Sentences) -> float:
    """The share of a statement's words that the two sentences have that share most with it; none where one of its
    numbers stands in neither.
    """
    best = sorted(source.sentences, key=lambda each: evidence.overlap(statement, each), reverse=True)[:2]
    numbers = [number for sentence in best for number in sentence.numbers]
    if not all(any(number.agrees(other) for other in numbers) for number in statement.numbers):
        return 0.0
    met = sum(any(sentence.has(word) for sentence in best) for word in statement.content)
    return met / len(statement.content) if statement.content else 1.0


def _best(scores: Mapping[int, float], threshold: float, behind: float) -> list[int]:
    ordered = sorted(scores, key=lambda place: (-scores[place], place))
    least = max(threshold, max(scores.values(), default=0.0) - behind)
    return [place for place in ordered if scores[place] >= least][:MOST]

"""Chunks that are made for measuring: as many as are wanted, the same in every run.

Vectors lie as those of texts do: topics on a few directions of many, documents around their topics, chunks around their
documents, topics overlapping. Words follow Zipf's law, a third of them of the topic. Each document has 25 chunks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from craton.store.vectors.filters import Every, Filter, Some, Test
from craton.store.vectors.records import Chunk

DIMENSIONS = 512
BLOCK = 1_000  # chunks that are made at a time
_EACH = 25  # chunks of a document
_TOPICS = 600
_WORDS, _OF_TOPIC = 80_000, 400
_SPECTRUM = (1 / np.sqrt(1 + np.arange(DIMENSIONS) / 12)).astype(np.float32)

Floats = npt.NDArray[np.float32]

FILTERS: dict[str, Filter | None] = {
    "none": None,
    "who may read it": Some([Test("notEquals", "restricted", True), Test("listContains", "allowed", "group-7")]),
    "a number above, 28 %": Test("greaterThan", "year", 2015.0),
    "a text within, 0.4 % or more": Test("stringContains", "source", "/7"),
    "a topic far away": Every([Test("equals", "department", "legal"), Test("lessThan", "topic", 30.0)]),
    "one document": Test("equals", "source", "s3://bucket/handbooks/7.pdf"),
}


@dataclass(frozen=True, slots=True)
class Block:
    chunks: list[Chunk]
    vectors: Floats


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _topics() -> Floats:
    return np.random.default_rng(1).standard_normal((_TOPICS, DIMENSIONS), np.float32) * _SPECTRUM


def blocks(count: int) -> Iterator[Block]:
    for first in range(0, count, BLOCK):
        yield _block(first, min(BLOCK, count - first))


def _block(first: int, count: int) -> Block:
    dice = np.random.default_rng((2, first))
    documents = (count + _EACH - 1) // _EACH
    topics = (dice.random(documents) ** 1.6 * _TOPICS).astype(int)
    centres = _topics()[topics] + 0.5 * dice.standard_normal((documents, DIMENSIONS), np.float32) * _SPECTRUM
    noise = 0.6 * dice.standard_normal((count, DIMENSIONS), np.float32) * _SPECTRUM
    vectors = _unit(np.repeat(centres, _EACH, axis=0)[:count] + noise)
    chunks = [
        _chunk(first // _EACH + place // _EACH, place % _EACH, int(topics[place // _EACH]), vectors[place], dice)
        for place in range(count)
    ]
    return Block(chunks, vectors)


def _chunk(document: int, place: int, topic: int, vector: Floats, dice: np.random.Generator) -> Chunk:
    source = f"s3://bucket/handbooks/{document}.pdf"
    words = _words(topic, int(dice.integers(60, 160)), dice)
    return Chunk(
        f"{source}/{place:06}",
        source,
        f"{words}. " * 2,
        words,
        vector.tolist(),
        {
            "source": source,
            "department": ("hr", "finance", "it", "legal", "sales")[document % 5],
            "topic": float(topic),
            "year": float(1990 + document % 36),
            "page": float(place),
            "restricted": document % 3 == 0,
            "allowed": [f"group-{document * each % 50}" for each in (1, 2, 3)],
        },
        {"location": {"type": "S3", "s3Location": {"uri": source}}, "metadata": {}, "parent": None, "page": place},
    )


def _words(topic: int, count: int, dice: np.random.Generator) -> str:
    """Zipf's law, without the few most frequent words, which are left out of indexes as stop words."""
    general = (50 * (_WORDS / 50) ** dice.random(count)).astype(int)
    special = topic * 1_000_000 + (_OF_TOPIC ** dice.random(count)).astype(int)
    return " ".join(f"w{word:x}" for word in np.where(dice.random(count) < 1 / 3, special, general))


@dataclass(frozen=True, slots=True)
class Query:
    vector: Sequence[float]
    words: list[str]


def queries(count: int) -> list[Query]:
    """Questions about a topic: six words, and a vector as far from its documents as these are from another."""
    dice = np.random.default_rng(3)
    topics = (dice.random(count) ** 1.6 * _TOPICS).astype(int)
    vectors = _unit(_topics()[topics] + 0.8 * dice.standard_normal((count, DIMENSIONS), np.float32) * _SPECTRUM)
    return [
        Query([float(each) for each in vector], _words(int(topic), 6, dice).split())
        for topic, vector in zip(topics, vectors, strict=True)
    ]

"""The `linear` engine: linear classifiers of texts over the weights of their words and letters.

It computes what the package securevector-guardian-model 1.4.0 (Apache-2.0) computes with its bundle, the file `model`:
TF-IDF of words and of the letters within words, each at unit length, a weight of each class for each, softmax. A text
is as bad as the worst of what stands in it: beside the whole its sentences, what is encoded in it, and the whole read
backwards. There are no options. Knows no class but the bundle's own name for the harmless one.
"""

import asyncio
import gzip
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from craton.engines.base import Mark, ModelSpec
from craton.engines.classifiers.classifier import Classifier
from craton.engines.classifiers.spans import spans
from craton.errors import ModelNotReadyException

Vector = NDArray[np.float64]

_WORD = re.compile(r"\b\w\w+\b")


class _Grams(msgspec.Struct):
    """What is counted: n-grams of so many words or letters, each with its column and weight."""

    vocab: dict[str, int]
    idf: list[float]
    ngram_range: tuple[int, int]


class _Bundle(msgspec.Struct):
    classes: list[str]
    benign: str
    threshold: float
    window_min_score: float
    word: _Grams
    char: _Grams
    coef: list[list[float]]
    intercept: list[float]


async def load(spec: ModelSpec) -> "Linear":
    """Raises ModelNotReadyException for a bundle that cannot be read."""
    return await asyncio.to_thread(Linear, spec)


class Linear(Classifier):
    """The engine. The marks of a text are all classes but the harmless one: together they say how bad it is."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__(spec)
        try:
            bundle = msgspec.json.decode(gzip.decompress(spec.files["model"].read_bytes()), type=_Bundle)
        except (msgspec.DecodeError, OSError, EOFError, zlib.error) as error:
            raise ModelNotReadyException(
                f"The file of the model {spec.id!r} cannot be read ({error}): pull the model again."
            ) from error
        self._classes = bundle.classes
        self._benign = bundle.classes.index(bundle.benign)
        # A part of a text condemns all of it only where it is surer than that.
        self._bar = max(bundle.threshold, bundle.window_min_score)
        self._word, self._char = bundle.word, bundle.char
        self._coefficients = np.array(bundle.coef).T.copy()
        self._intercept = np.array(bundle.intercept)
        self._of_char = len(bundle.word.idf)

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        found: list[list[Mark]] = []
        for text in self._texts(items):
            async with self._turn:
                odds = await asyncio.to_thread(self._worst, text)
            found.append(
                [
                    Mark(name, float(score))
                    for number, (name, score) in enumerate(zip(self._classes, odds, strict=True))
                    if number != self._benign
                ]
            )
        return found

    def _worst(self, text: str) -> Vector:
        worst = self._odds(text)
        for span in spans(text):
            odds = self._odds(span)
            if 1 - odds[self._benign] >= self._bar and odds[self._benign] < worst[self._benign]:
                worst = odds
        return worst

    def _odds(self, text: str) -> Vector:
        """The probability of each class."""
        text = text.lower()
        scores = self._intercept + self._weighted(_words(text, self._word.ngram_range), self._word, 0)
        scores += self._weighted(_letters(text, self._char.ngram_range), self._char, self._of_char)
        odds: Vector = np.exp(scores - scores.max())
        odds /= odds.sum()
        return odds

    def _weighted(self, grams: Iterator[str], known: _Grams, before: int) -> Vector:
        """What the n-grams of one sort add to the score of each class; their columns follow so many others."""
        counts = Counter(known.vocab[gram] for gram in grams if gram in known.vocab)
        if not counts:
            return np.zeros(len(self._classes))
        columns = np.fromiter(counts, np.int64, len(counts))
        values = np.array([(1 + math.log(count)) * known.idf[column] for column, count in counts.items()])
        values /= math.sqrt(float(values @ values))
        weighted: Vector = values @ self._coefficients[before + columns]
        return weighted


def _words(text: str, orders: tuple[int, int]) -> Iterator[str]:
    words = _WORD.findall(text)
    for order in range(orders[0], orders[1] + 1):
        for start in range(len(words) - order + 1):
            yield " ".join(words[start : start + order])


def _letters(text: str, orders: tuple[int, int]) -> Iterator[str]:
    """N-grams within words, with a space before and after each. A word too short for an order counts for none above."""
    for word in text.split():
        spaced = f" {word} "
        for order in range(orders[0], orders[1] + 1):
            yield spaced[:order]
            if len(spaced) <= order:
                break
            for start in range(1, len(spaced) - order + 1):
                yield spaced[start : start + order]

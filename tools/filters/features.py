"""What the heads see of a text: its vector, its grams and what the attack model says, by the engines that serve them.

Both models must be in the library (`craton pull guardrails`). Knows no label.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from craton.engines import use_multilingual
from craton.engines.base import Engine, ModelSpec
from craton.engines.classifiers import linear
from craton.guardrails.content.grams import columns
from craton.guardrails.content.heads import logit
from craton.models import catalogue
from craton.models.files.library import Library

Matrix = NDArray[np.float64]
Places = NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Features:
    """A row for each text: the vector's numbers; the attack model's logit; the columns of its grams."""

    vectors: Matrix
    attacks: Matrix
    grams: Sequence[Places]


def features(texts: Sequence[str], home: Path) -> Features:
    """`home` holds the library."""
    return asyncio.run(_features(texts, home))


async def _features(texts: Sequence[str], home: Path) -> Features:
    library = Library(home)
    vectors = (await (await use_multilingual.load(_spec("vectors", library))).embed(texts)).vectors
    classifier: Engine = await linear.load(_spec("attacks", library))
    attacks = [sum(mark.score for mark in marks) for marks in await classifier.classify(texts)]
    grams = [np.array(sorted(columns(text)), np.int_) for text in texts]
    return Features(np.array(vectors, np.float64), np.array([logit(each) for each in attacks]), grams)


def _spec(means: catalogue.Means, library: Library) -> ModelSpec:
    known = catalogue.shipped().means()[means]
    model = library.get(known.id)
    if model is None:
        raise SystemExit(f"The model {known.short!r} is not in {library.root}. Run `craton pull guardrails`.")
    choice = model.engines[0]
    return ModelSpec(model.id, choice.name, library.paths(model), model.context_length, choice.options)

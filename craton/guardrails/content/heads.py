"""The trained heads: from a text's vector, its grams, and what the attack model says of it, to a score for a category.

The weights were trained by `tools/filters` from the sentences there, on vectors of USE multilingual v3; `heads.json` is
what it wrote. A head is a logistic regression, so that its sums need no library. Knows no guardrail.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from operator import mul

import msgspec

from craton.guardrails.content.categories import Category
from craton.guardrails.content.levels import HIGH, LOW, MEDIUM, Tier

# The byte of a column's weight that is zero.
NOTHING = 128


class Head(msgspec.Struct, frozen=True):
    """Weights of a vector's numbers, of the attack model's logit and of grams, and the sums at which each confidence
    begins. `grams` has a byte for each column: its weight is by how much `scale` it differs from `NOTHING`.
    """

    weights: tuple[float, ...]
    bias: float
    low: float
    medium: float
    high: float
    attack: float = 0.0
    grams: bytes = b""
    scale: float = 0.0

    def score(self, vector: Sequence[float], attack: float = 0.0, columns: Sequence[int] = ()) -> float:
        """0 to 1; stretched so that a confidence begins at the same score with every head. `columns` are the text's."""
        total = sum(map(mul, self.weights, vector), self.bias)
        if self.attack:
            total += self.attack * logit(attack)
        if columns and self.grams:
            weighed = sum(map(self.grams.__getitem__, columns)) - NOTHING * len(columns)
            total += self.scale * weighed / math.sqrt(len(columns))
        return self._stretched(total)

    def _stretched(self, total: float) -> float:
        if total < self.low:
            return LOW * 2 * _sigmoid(total - self.low)
        if total < self.medium:
            return LOW + (MEDIUM - LOW) * (total - self.low) / (self.medium - self.low)
        if total < self.high:
            return MEDIUM + (HIGH - MEDIUM) * (total - self.medium) / (self.high - self.medium)
        return HIGH + (1 - HIGH) * 2 * (_sigmoid(total - self.high) - 0.5)


class Trained(msgspec.Struct, frozen=True):
    """What `heads.json` holds. `data` is the SHA-256 of the sentences that it was trained from."""

    provenance: str
    data: str
    tiers: Mapping[Tier, Mapping[Category, Head]]


@cache
def trained() -> Trained:
    return msgspec.json.decode(resources.files(__package__).joinpath("heads.json").read_bytes(), type=Trained)


def logit(probability: float) -> float:
    """Bounded, so that a model that is wholly sure does not decide alone."""
    bounded = min(max(probability, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))


def _sigmoid(total: float) -> float:
    return 1 / (1 + math.exp(-total)) if total > -30 else 0.0

"""How a head is fitted and where its confidences begin. Knows no text: only features and labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from craton.guardrails.content.categories import ATTACKS, Category
from craton.guardrails.content.heads import Head
from craton.guardrails.content.levels import Tier
from tools.filters.examples import Example
from tools.filters.features import Features, Matrix

Mask = NDArray[np.bool_]

BENIGN = ("NEAR", "PLAIN", "INSTRUCTIONS", "VOICES")
KINDS = ("JAILBREAK", "PROMPT_INJECTION", "PROMPT_LEAKAGE")

# What a head is trained to see, and which labels may or may not be that too: these it is not trained on.
POSITIVE: Mapping[Category, Sequence[str]] = {
    Category.HATE: ("HATE",),
    Category.INSULTS: ("INSULTS",),
    Category.SEXUAL: ("SEXUAL",),
    Category.VIOLENCE: ("VIOLENCE",),
    Category.MISCONDUCT: ("MISCONDUCT",),
    Category.JAILBREAK: ("JAILBREAK",),
    Category.PROMPT_INJECTION: ("PROMPT_INJECTION",),
    Category.PROMPT_LEAKAGE: ("PROMPT_LEAKAGE",),
    Category.PROMPT_ATTACK: KINDS,
}
UNCLEAR: Mapping[Category, Sequence[str]] = {
    Category.HATE: ("VIOLENCE", "INSULTS"),
    Category.INSULTS: ("HATE",),
    Category.VIOLENCE: ("HATE", "MISCONDUCT"),
    Category.MISCONDUCT: ("VIOLENCE", "JAILBREAK", "PROMPT_INJECTION"),
    Category.JAILBREAK: ("PROMPT_INJECTION", "PROMPT_LEAKAGE"),
    Category.PROMPT_INJECTION: ("JAILBREAK", "PROMPT_LEAKAGE"),
    Category.PROMPT_LEAKAGE: ("JAILBREAK", "PROMPT_INJECTION"),
}
# The user guide gives prompt leakage to the STANDARD tier alone.
CLASSIC_ATTACKS = ("JAILBREAK", "PROMPT_INJECTION")

LANGUAGES: Mapping[Tier, Sequence[str]] = {Tier.CLASSIC: ("en",), Tier.STANDARD: ("de", "en")}

# Shares of harmless sentences, most of them near misses, that are given at least this confidence in training.
LOW, MEDIUM, HIGH = 0.03, 0.01, 0.003

PENALTY = 0.1
ATTACK_SCALE = 0.3  # the logit's, so that the penalty means as much to it as to a vector's numbers
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """The examples with their features: one row each."""

    labels: NDArray[np.str_]
    languages: NDArray[np.str_]
    places: Matrix
    held_out: Mask
    weights: Matrix
    features: Features

    @classmethod
    def of(cls, examples: Sequence[Example], features: Features) -> "Labelled":
        return cls(
            np.array([each.label for each in examples]),
            np.array([each.language for each in examples]),
            np.array([each.place for each in examples]),
            np.array([each.held_out for each in examples]),
            np.array([each.weight for each in examples]),
            features,
        )

    def positive(self, category: Category, tier: Tier) -> Mask:
        wanted = POSITIVE[category]
        if category is Category.PROMPT_ATTACK and tier is Tier.CLASSIC:
            wanted = CLASSIC_ATTACKS
        return np.isin(self.labels, list(wanted))

    def clear(self, category: Category, tier: Tier) -> Mask:
        """The examples of which it is clear whether they are of the category."""
        unclear = [*UNCLEAR.get(category, ()), *(KINDS if category is Category.PROMPT_ATTACK else ())]
        cleared: Mask = self.positive(category, tier) | ~np.isin(self.labels, unclear)
        return cleared


def head(category: Category, tier: Tier, data: Labelled) -> Head:
    """Fitted to what is not held out. Confidences begin where other folds' heads put harmless sentences."""
    rows = data.clear(category, tier) & ~data.held_out & np.isin(data.languages, LANGUAGES[tier])
    matrix = _matrix(category, data.features)
    positive = data.positive(category, tier)
    fold = (data.places * FOLDS * 4).astype(int) % FOLDS
    sums = np.zeros(len(rows))
    for number in range(FOLDS):
        chosen = rows & (fold != number)
        sums[fold == number] = matrix[fold == number] @ _fit(matrix[chosen], positive[chosen], data.weights[chosen])
    benign = sums[rows & np.isin(data.labels, BENIGN)]
    low, medium, high = (float(np.quantile(benign, 1 - share)) for share in (LOW, MEDIUM, HIGH))
    found = _fit(matrix[rows], positive[rows], data.weights[rows])
    width = data.features.vectors.shape[1]
    return Head(
        weights=tuple(round(float(each), 3) for each in found[:width]),
        bias=round(float(found[-1]), 3),
        low=round(low, 3),
        medium=round(max(medium, low + 0.5), 3),
        high=round(max(high, medium + 0.5, low + 1.0), 3),
        attack=round(float(found[width]) * ATTACK_SCALE, 3) if len(found) > width + 1 else 0.0,
    )


def _matrix(category: Category, features: Features) -> Matrix:
    columns = [features.vectors]
    if category in ATTACKS:
        columns.append(features.attacks[:, None] * ATTACK_SCALE)
    return np.hstack([*columns, np.ones((len(features.vectors), 1))])


def _fit(matrix: Matrix, positive: Mask, weights: Matrix) -> Matrix:
    """Logistic regression with a quadratic penalty on all but the constant, by Newton's method."""
    found = np.zeros(matrix.shape[1])
    penalty = np.full(matrix.shape[1], PENALTY)
    penalty[-1] = 1e-6
    for _ in range(25):
        odds = 1 / (1 + np.exp(-matrix @ found))
        slope = matrix.T @ (weights * (odds - positive)) + penalty * found
        curve = (matrix * (weights * odds * (1 - odds))[:, None]).T @ matrix + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-7:
            break
    return found

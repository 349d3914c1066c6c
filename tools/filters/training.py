"""How a head is fitted and where its confidences begin. Knows no text: only features and labels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from craton.guardrails.content.categories import ATTACKS, Category
from craton.guardrails.content.grams import COLUMNS
from craton.guardrails.content.heads import NOTHING, Head
from craton.guardrails.content.levels import Tier
from tools.filters.examples import FOLDS, Example
from tools.filters.features import Features, Matrix
from tools.filters.regression import Mask, Rows, Sums, fitted

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
# Heads that weigh grams. What a vector means carries over from one language to the other, and words do not: German
# texts, which the CLASSIC heads were not fitted to, are found by them as long as they see vectors alone.
WEIGH_GRAMS = frozenset({Tier.STANDARD})


@dataclass(frozen=True, slots=True)
class Budget:
    """Shares of harmless texts that may be given at least a confidence: of near misses, and of all others."""

    near: float
    others: float


# For LOW, MEDIUM and HIGH confidence. Where a third of ordinary questions speak of rules, roles and prompts, those of
# attacks let under 2 % of them pass for attacks with MEDIUM confidence.
CONTENT = Budget(0.06, 0.015), Budget(0.03, 0.005), Budget(0.01, 0.001)
ATTACK = Budget(0.10, 0.015), Budget(0.05, 0.005), Budget(0.015, 0.001)

PENALTY = 0.1
ATTACK_SCALE = 0.3  # the logit's, so that the penalty means as much to it as to a vector's numbers
_FREE = 1e-6  # the penalty of the constant


@dataclass(frozen=True)
class Labelled:
    """The examples: one row each, and the rows of `features` that hold what is judged of it, the whole of it first."""

    labels: NDArray[np.str_]
    families: NDArray[np.str_]
    languages: NDArray[np.str_]
    folds: NDArray[np.int_]
    weights: Matrix
    views: Sequence[list[int]]
    features: Features

    @classmethod
    def of(cls, examples: Sequence[Example], views: Sequence[list[int]], features: Features) -> "Labelled":
        return cls(
            np.array([each.label for each in examples]),
            np.array([each.family for each in examples]),
            np.array([each.language for each in examples]),
            np.array([each.fold for each in examples]),
            np.array([each.weight for each in examples]),
            views,
            features,
        )

    @cached_property
    def parts(self) -> Rows:
        """Of all that is judged: the vector's numbers, the attack model's logit, the constant; and the grams."""
        seen = self.features
        attacks = seen.attacks[:, None] * ATTACK_SCALE
        numbers = np.hstack([seen.vectors, attacks, np.ones_like(attacks)]).astype(np.float32)
        return Rows(numbers, seen.grams, COLUMNS)

    @cached_property
    def sums(self) -> Sums:
        return Sums(self.parts)

    @cached_property
    def wholes(self) -> Rows:
        """Of each example as a whole, which heads are fitted to."""
        return self.parts.chosen(np.array([each[0] for each in self.views]))

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

    def near(self, category: Category) -> Mask:
        """The harmless examples that were written to be mistaken for the category."""
        return np.isin(self.labels, ["INSTRUCTIONS"] if category in ATTACKS else ["NEAR", "VOICES"])


def trained(category: Category, tier: Tier, data: Labelled) -> tuple[Head, Matrix]:
    """The head, fitted to all examples, and what heads that did not see an example's fold sum up for it.

    Confidences begin where those put as many harmless examples as the budgets allow, each judged as a text is: by its
    sentence, or the whole of it, that has the highest sum.
    """
    rows = data.clear(category, tier) & np.isin(data.languages, LANGUAGES[tier])
    sums = np.zeros(len(rows))
    for fold in range(FOLDS):
        found = _fit(category, tier, data, rows & (data.folds != fold))
        sums[data.folds == fold] = _sums(found, data, data.folds == fold)
    benign, near = rows & np.isin(data.labels, BENIGN), data.near(category)
    budgets = ATTACK if category in ATTACKS else CONTENT
    low, medium, high = (_begin(sums[benign & near], sums[benign & ~near], each) for each in budgets)
    found = _fit(category, tier, data, rows)
    return _head(found, low, medium, high, grams=tier in WEIGH_GRAMS), sums


def strange(category: Category, tier: Tier, data: Labelled) -> Matrix:
    """What heads sum up for examples of the category when none of their family was there to learn from."""
    rows = data.clear(category, tier) & np.isin(data.languages, LANGUAGES[tier])
    positive = data.positive(category, tier)
    sums = np.full(len(rows), -np.inf)
    for family in _families(data.families[positive]):
        of_it = data.families == family
        sums[of_it] = _sums(_fit(category, tier, data, rows & ~of_it), data, of_it)
    return sums


def _families(families: NDArray[np.str_]) -> Iterator[str]:
    yield from sorted({str(each) for each in families})


def _begin(near: Matrix, others: Matrix, budget: Budget) -> float:
    return max(float(np.quantile(near, 1 - budget.near)), float(np.quantile(others, 1 - budget.others)))


def _fit(category: Category, tier: Tier, data: Labelled, rows: Mask) -> Matrix:
    width = data.features.vectors.shape[1]
    penalty = np.full(data.parts.columns, PENALTY)
    penalty[width + 1] = _FREE
    chosen = data.wholes.chosen(np.flatnonzero(rows))
    # What is nothing in all rows is given no weight.
    if category not in ATTACKS:
        chosen.numbers[:, width] = 0
    if tier not in WEIGH_GRAMS:
        chosen = replace(chosen, marks=[each[:0] for each in chosen.marks])
    return fitted(chosen, data.positive(category, tier)[rows], data.weights[rows], penalty)


def _sums(found: Matrix, data: Labelled, rows: Mask) -> Matrix:
    every = data.sums.of(found)
    return np.array([every[view].max() for view, on in zip(data.views, rows, strict=True) if on], np.float64)


def _head(found: Matrix, low: float, medium: float, high: float, *, grams: bool) -> Head:
    vector, (attack, bias), marks = np.split(found, [len(found) - 2 - COLUMNS, len(found) - COLUMNS])
    scale = round(float(np.abs(marks).max()) / (NOTHING - 1), 5) if grams else 0.0
    weighed = np.clip(np.round(marks / scale), 1 - NOTHING, NOTHING - 1) + NOTHING if grams else marks[:0]
    return Head(
        weights=tuple(round(float(each), 3) for each in vector),
        bias=round(float(bias), 3),
        low=round(low, 3),
        medium=round(max(medium, low + 0.5), 3),
        high=round(max(high, medium + 0.5, low + 1.0), 3),
        attack=round(float(attack) * ATTACK_SCALE, 3),
        grams=weighed.astype(np.uint8).tobytes(),
        scale=scale,
    )

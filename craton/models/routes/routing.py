"""Where a turn may run, where that is more than one model: by priority and weight, or by how hard the prompt is.

Pure: knows no store and no identifier. What an identifier leads to, `resolve` finds out.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from craton.dialects.converse import Turn
from craton.engines.base import ModelSpec
from craton.models.catalogue import Model
from craton.models.routes import difficulty, strength

Chance = Callable[[], float]

# A token is hardly ever longer: a text with more characters per token of the context surely does not fit.
LONGEST_TOKEN = 8


@dataclass(frozen=True, slots=True)
class Target:
    """A model that may answer a turn, and how an engine runs it.

    `invoked` is the ARN to tell the caller where the server chose among several; None where there was no choice.
    `served_by` is then the id of the stand-in that answers for the model chosen, if one does.
    """

    model: Model
    spec: ModelSpec
    invoked: str | None = None
    served_by: str | None = None


class Routing(Protocol):
    """A choice to be made for each turn."""

    def targets(self, turn: Turn) -> Sequence[Target]:
        """Where the turn may run, first choice first; never empty."""
        ...


@dataclass(frozen=True, slots=True)
class Only:
    """No choice: the end of every way."""

    target: Target

    def targets(self, turn: Turn) -> Sequence[Target]:
        return (self.target,)


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of several. Lower priorities come first; of one priority, weights share the traffic."""

    way: Routing
    weight: float = 1.0
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """By priority, and within one at random by weight; all others follow in order, for when the first fails.

    A weight of 0 is asked only when all others of its priority have failed.
    """

    arms: tuple[Arm, ...]
    chance: Chance = random.random

    def targets(self, turn: Turn) -> Sequence[Target]:
        found = [
            target
            for _, arms in groupby(sorted(self.arms, key=lambda arm: arm.priority), key=lambda arm: arm.priority)
            for arm in self._shuffled(list(arms))
            for target in arm.way.targets(turn)
        ]
        return fitting(found, turn)

    def _shuffled(self, arms: list[Arm]) -> list[Arm]:
        """Drawn by weight without putting back (Efraimidis and Spirakis, 2006)."""
        return sorted(arms, key=lambda arm: -math.log(1.0 - self.chance()) / arm.weight if arm.weight else math.inf)


@dataclass(frozen=True, slots=True)
class Router:
    """By predicted quality against the anchor, the model to rely on.

    A stronger model is asked where it is predicted to answer better by more than `difference` percent; a weaker one
    where it is predicted to answer worse by no more than that. In between the anchor answers. AWS says the former of a
    weaker fallback model; the latter is the same rule for a stronger one:
    https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-routing.html
    """

    anchor: Routing
    others: tuple[Routing, ...]
    difference: float

    def targets(self, turn: Turn) -> Sequence[Target]:
        hardness = difficulty.of(turn)
        anchors = self.anchor.targets(turn)
        others = [found for way in self.others if (found := way.targets(turn))]
        able = fitting([found[0] for found in others], turn)

        def gain(found: Sequence[Target]) -> float:
            """Percent by which the model is predicted to be better than the anchor."""
            return strength.advantage(found[0].model, anchors[0].model, hardness)

        def ahead(found: Sequence[Target]) -> float:
            return strength.of(found[0].model) - strength.of(anchors[0].model)

        usable = [found for found in others if found[0] in able]
        better = [found for found in usable if ahead(found) > 0 and gain(found) > self.difference]
        cheaper = [found for found in usable if ahead(found) < 0 and -gain(found) <= self.difference]
        chosen = anchors
        if better:
            chosen = max(better, key=gain)
        elif cheaper:
            chosen = min(cheaper, key=ahead)
        rest = [each for each in (anchors, *others) if each is not chosen]
        return fitting([target for found in (chosen, *rest) for target in found], turn)


def fitting(targets: Sequence[Target], turn: Turn) -> Sequence[Target]:
    """Those that can take the turn at all; where none can, all, for the first of them to say what is wrong."""
    return [target for target in targets if takes(target.model, turn)] or targets


def takes(model: Model, turn: Turn) -> bool:
    """False where the model surely cannot read the turn: an image for one that does not see, or far too long a text."""
    if not {kind.upper() for kind in difficulty.media(turn)} <= set(model.input):
        return False
    return not model.context_length or difficulty.length(turn) <= model.context_length * LONGEST_TOKEN

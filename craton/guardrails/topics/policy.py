"""The topic policy of a version of a guardrail, as GetGuardrail answers it, and what of it applies to a source.

Knows no model, and nothing of how texts are judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from craton.guardrails.content.levels import ChosenTier, Tier
from craton.guardrails.findings import Action, Source


class _Topic(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    definition: str
    examples: tuple[str, ...] = ()
    input_action: Action = Action.BLOCK
    output_action: Action = Action.BLOCK
    input_enabled: bool = True
    output_enabled: bool = True


class _Policy(msgspec.Struct, frozen=True):
    topics: tuple[_Topic, ...] = ()
    tier: ChosenTier = ChosenTier()


@dataclass(frozen=True, slots=True)
class Topic:
    """A denied topic as it applies to texts from one source."""

    name: str
    definition: str
    examples: tuple[str, ...] = ()
    action: Action = Action.BLOCK


def applying(policy: Mapping[str, object], source: Source) -> tuple[Sequence[Topic], Tier]:
    """The topics that are on for this source, and the policy's tier."""
    stored = msgspec.convert(policy, _Policy)
    found = [
        Topic(each.name, each.definition, each.examples, action)
        for each in stored.topics
        for enabled, action in [
            (each.input_enabled, each.input_action)
            if source is Source.INPUT
            else (each.output_enabled, each.output_action)
        ]
        if enabled
    ]
    return found, stored.tier.tier_name

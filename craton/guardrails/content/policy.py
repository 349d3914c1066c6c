"""The content policy of a version of a guardrail, as GetGuardrail answers it, and what of it applies to a source.

Knows no model, and nothing of how texts are judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from craton.guardrails.content.categories import Category
from craton.guardrails.content.levels import ChosenTier, Level, Tier
from craton.guardrails.findings import Action, Source

Modality = Literal["TEXT", "IMAGE"]


class _Filter(msgspec.Struct, frozen=True, rename="camel"):
    type: Category
    input_strength: Level = "NONE"
    output_strength: Level = "NONE"
    input_modalities: tuple[Modality, ...] = ("TEXT",)
    output_modalities: tuple[Modality, ...] = ("TEXT",)
    input_action: Action = Action.BLOCK
    output_action: Action = Action.BLOCK
    input_enabled: bool = True
    output_enabled: bool = True


class _Policy(msgspec.Struct, frozen=True):
    filters: tuple[_Filter, ...] = ()
    tier: ChosenTier = ChosenTier()


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter as it applies to texts or images from one source; its strength is not NONE."""

    type: Category
    strength: Level
    action: Action


def applying(policy: Mapping[str, object], source: Source, modality: Modality) -> tuple[Sequence[Filter], Tier]:
    """The filters that are on for this source and modality, and the policy's tier."""
    stored = msgspec.convert(policy, _Policy)
    found: list[Filter] = []
    for each in stored.filters:
        if source is Source.INPUT:
            sides = each.input_enabled, each.input_strength, each.input_modalities, each.input_action
        else:
            sides = each.output_enabled, each.output_strength, each.output_modalities, each.output_action
        enabled, strength, modalities, action = sides
        if enabled and strength != "NONE" and modality in modalities:
            found.append(Filter(each.type, strength, action))
    return found, stored.tier.tier_name

"""From a score to a confidence, and from a confidence to what a filter's strength lets pass. Knows no model.

The rule is that of the Bedrock user guide, "Filter classification and blocking levels": a filter of LOW strength
filters what is classified with HIGH confidence, one of MEDIUM strength MEDIUM too, one of HIGH strength LOW too.
"""

from enum import StrEnum
from typing import Literal

import msgspec

Level = Literal["NONE", "LOW", "MEDIUM", "HIGH"]

# Scores from which on a confidence is given. Every head's scores are stretched so that these are its thresholds.
LOW, MEDIUM, HIGH = 0.4, 0.6, 0.8

_ORDER: tuple[Level, ...] = ("NONE", "LOW", "MEDIUM", "HIGH")


class Tier(StrEnum):
    """The safeguard tiers of a policy, by their names in the API."""

    CLASSIC = "CLASSIC"
    STANDARD = "STANDARD"


class ChosenTier(msgspec.Struct, frozen=True, rename="camel"):
    """The member `tier` of a policy."""

    tier_name: Tier = Tier.CLASSIC


def confidence(score: float) -> Level:
    return "HIGH" if score >= HIGH else "MEDIUM" if score >= MEDIUM else "LOW" if score >= LOW else "NONE"


def filters(strength: Level, found: Level) -> bool:
    """Whether a filter of this strength filters what was found with this confidence."""
    return strength != "NONE" and found != "NONE" and _ORDER.index(strength) + _ORDER.index(found) >= len(_ORDER)

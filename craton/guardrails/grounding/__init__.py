"""Contextual grounding: whether an answer stands on its sources, and speaks to its question."""

from craton.guardrails.grounding.judge import judge
from craton.guardrails.grounding.limits import exceeded, lacking

__all__ = ["exceeded", "judge", "lacking"]

"""Sensitive information: personal data by patterns, check digits, cues and a model; custom regular expressions.

`judge` makes the policy's judge, `detect` finds data of given types, `refused` tells why a pattern cannot be taken.
"""

from craton.guardrails.pii.detector import detect
from craton.guardrails.pii.judge import judge
from craton.guardrails.pii.regexes import refused

__all__ = ["detect", "judge", "refused"]

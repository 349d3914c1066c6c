"""Words and phrases that a guardrail blocks: its own, and the managed list of profanity in English and German.

`judge` makes the policy's judge.
"""

from craton.guardrails.words.judge import judge

__all__ = ["judge"]

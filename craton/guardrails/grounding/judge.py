"""The judge of contextual grounding: an answer that its sources do not support, or that does not speak to its question.

Knows filters, thresholds and limits, not how scores are made.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import floor
from typing import Literal

import msgspec

from craton.guardrails.findings import Action, Answered, Finding, Source, Undecided, WholeJudge
from craton.guardrails.grounding import scoring
from craton.guardrails.grounding.doubts import reconsidered
from craton.guardrails.grounding.limits import exceeded
from craton.guardrails.means import Means

POLICY, GROUP = "contextualGroundingPolicy", "filters"


class _Filter(msgspec.Struct, frozen=True):
    type: Literal["GROUNDING", "RELEVANCE"]
    threshold: float
    action: Literal["BLOCK", "NONE"] = "BLOCK"
    enabled: bool = True


class _Policy(msgspec.Struct, frozen=True):
    filters: list[_Filter]


def judge(policy: Mapping[str, object], source: Source, means: Means) -> WholeJudge | None:
    """None for what comes in: only an answer can be grounded; and None where no filter is on."""
    on = [each for each in msgspec.convert(policy, _Policy).filters if each.enabled]
    return _GroundingJudge(on, means) if on and source is Source.OUTPUT else None


class _GroundingJudge:
    policy = POLICY

    def __init__(self, on: Sequence[_Filter], means: Means) -> None:
        self._on = on
        self._means = means

    async def judge(self, answered: Answered, *, full: bool = False) -> list[Finding]:
        """One finding a filter, `detected` or not: the scores are always told. A filter whose measure is missing, a
        source or a query, has none. Raises Undecided, also for texts that are too long.
        """
        if too_long := exceeded(answered):
            raise Undecided(too_long)
        return [
            _finding(each, await self._score(each, answered)) for each in self._on if each.type in _measured(answered)
        ]

    async def _score(self, each: _Filter, answered: Answered) -> float:
        if each.type == "RELEVANCE":
            return await scoring.relevant(answered, self._means)
        told = await scoring.grounding(answered, self._means)
        if self._means.asks:
            told = await reconsidered(told, self._means)
        # An answer is as good as its worst statement: one that was made up must show among many that were not.
        return min((statement.score for statement in told), default=1.0)


def _measured(answered: Answered) -> Iterator[str]:
    if any(source.strip() for source in answered.sources):
        yield "GROUNDING"
    if answered.query.strip():
        yield "RELEVANCE"


def _finding(each: _Filter, score: float) -> Finding:
    score = floor(score * 100) / 100  # as it is told: what is told must show why it was found
    detected = score < each.threshold
    action = Action(each.action) if detected else Action.NONE
    entry = {
        "type": each.type,
        "threshold": each.threshold,
        "score": score,
        "action": "BLOCKED" if action is Action.BLOCK else "NONE",
        "detected": detected,
    }
    return Finding(POLICY, GROUP, entry, action)

"""The judge of a content policy for texts from one source. Knows filters and scores, not how scores are made."""

from collections.abc import Mapping, Sequence

from craton.guardrails.content.categories import Category
from craton.guardrails.content.levels import Tier, confidence, filters
from craton.guardrails.content.policy import Filter, applying
from craton.guardrails.content.scoring import detect
from craton.guardrails.findings import Action, Finding, Judge, Source, Window
from craton.guardrails.means import Means

POLICY, GROUP = "contentPolicy", "filters"


def judge(policy: Mapping[str, object], source: Source, means: Means) -> Judge | None:
    """None where no filter is on for texts of this source. Prompt attacks are looked for in what comes in alone."""
    on, tier = applying(policy, source, "TEXT")
    if source is Source.OUTPUT:
        on = [each for each in on if each.type is not Category.PROMPT_ATTACK]
    return _ContentJudge(on, tier, means) if on else None


def finding(each: Filter, score: float) -> Finding:
    """The assessment's entry of one filter, whether it filters or not."""
    found = confidence(score)
    detected = filters(each.strength, found)
    action = each.action if detected else Action.NONE
    entry = {
        "type": each.type.value,
        "confidence": found,
        "filterStrength": each.strength,
        "action": "BLOCKED" if action is Action.BLOCK else "NONE",
        "detected": detected,
    }
    return Finding(POLICY, GROUP, entry, action)


class _ContentJudge:
    policy = POLICY

    def __init__(self, on: Sequence[Filter], tier: Tier, means: Means) -> None:
        self._tier = tier
        self._means = means
        self._on = on

    async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]:
        """One finding a filter, of the window that scores highest."""
        wanted = {each.type for each in self._on}
        scored = await detect([window.text for window in windows], wanted, self._means, self._tier)
        findings = [finding(each, max((scores[each.type] for scores in scored), default=0.0)) for each in self._on]
        return [each for each in findings if full or each.entry["detected"]]

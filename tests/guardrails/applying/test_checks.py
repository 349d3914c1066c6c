"""Checks score all that messages say, of any length, by the detectors of the policies."""

from collections.abc import Collection, Sequence
from typing import Any

import pytest

from craton.guardrails import content
from craton.guardrails.applying.checks import check
from craton.guardrails.content import Category

MEANS: Any = None


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The detector says 0.9 of hate, and 0.3 of leakage, where a text holds these words; and the texts that it saw."""
    seen: list[str] = []

    async def detect(
        texts: Sequence[str], categories: Collection[Category], means: object
    ) -> list[dict[Category, float]]:
        seen.extend(texts)
        scores = {Category.HATE: ("hateful", 0.91239), Category.PROMPT_LEAKAGE: ("leak", 0.3)}
        return [
            {
                category: scores[category][1] if category in scores and scores[category][0] in text else 0.01
                for category in categories
            }
            for text in texts
        ]

    monkeypatch.setattr(content, "detect", detect)
    return seen


async def test_each_category_has_the_score_of_the_worst_that_is_said(scored: list[str]) -> None:
    messages: Any = [
        {"role": "user", "content": [{"text": "calm"}, {"text": "All is well. " * 400 + "hateful"}]},
        {"role": "assistant", "content": [{"text": "a leak"}]},
    ]
    checks: Any = {
        "contentFilter": {"categories": [{"category": "VIOLENCE"}, {"category": "HATE"}]},
        "promptAttack": {"categories": [{"category": "PROMPT_LEAKAGE"}]},
    }
    results, usage = await check(messages, checks, MEANS)
    assert results == {
        "contentFilter": {
            "results": [
                {"category": "VIOLENCE", "severityScore": 0.01},
                {"category": "HATE", "severityScore": 0.9124},
            ]
        },
        "promptAttack": {"results": [{"category": "PROMPT_LEAKAGE", "severityScore": 0.3}]},
    }
    assert usage == {"contentFilter": {"textUnits": 6}, "promptAttack": {"textUnits": 6}}
    assert max(map(len, scored)) <= 1300


async def test_only_what_is_asked_for_is_checked(scored: list[str]) -> None:
    messages: Any = [{"role": "user", "content": [{"text": "hateful"}]}]
    checks: Any = {"sensitiveInformation": {"entities": [{"type": "EMAIL"}]}}
    results, usage = await check(messages, checks, MEANS)
    assert set(results) == set(usage) == {"sensitiveInformation"}
    assert not scored

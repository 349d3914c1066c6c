"""The judges of a guardrail: one for each policy that is enabled for where a text comes from, made once."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from craton.core.context import Context
from craton.guardrails.configuration import configured
from craton.guardrails.findings import Source
from craton.guardrails.guard import Guard
from craton.guardrails.means import Means
from craton.store.documents import DRAFT, Document, Scope
from tests.guardrails.making import EVERYTHING, WORDS, named

SCOPE = Scope("123456789012", "us-east-1")
NO_MEANS: Any = SimpleNamespace(asks=False)  # judges are made here, and judge nothing
REASONING = {"automatedReasoningPolicyConfig": {"policies": ["arn"]}}


class Whole:
    policy = "automatedReasoningPolicy"


def reasoning(policy: object, source: Source, means: Means) -> Any:
    return Whole()


def guard(**config: Any) -> Guard:
    ctx = Context(SCOPE.account, SCOPE.region, "someone", "r")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    document = Document("guardrail", "abc", DRAFT, 3, configured(ctx, named(**config)), now, now, "", "", 7)
    return Guard.of(SCOPE, document, reasoning)


def policies(judges: Any) -> list[str]:
    return [judge.policy for judge in judges]


def test_each_policy_has_its_judge_where_it_is_enabled() -> None:
    whole = guard(**EVERYTHING, **REASONING)
    asked, answered = whole.judges(Source.INPUT, NO_MEANS), whole.judges(Source.OUTPUT, NO_MEANS)
    windowed = ["topicPolicy", "contentPolicy", "wordPolicy", "sensitiveInformationPolicy"]
    assert policies(asked.windowed) == policies(answered.windowed) == windowed
    assert policies(asked.images) == ["contentPolicy"]
    assert policies(answered.images) == []
    assert policies(asked.whole) == ["automatedReasoningPolicy"]
    assert policies(answered.whole) == ["contextualGroundingPolicy", "automatedReasoningPolicy"]


@pytest.mark.parametrize("source", Source)
def test_what_is_not_configured_has_no_judge(source: Source) -> None:
    judges = guard(**WORDS).judges(source, NO_MEANS)
    assert policies([*judges.windowed, *judges.images, *judges.whole]) == ["wordPolicy"]


def test_a_policy_that_is_switched_off_for_a_source_has_no_judge_there() -> None:
    off = guard(wordPolicyConfig={"wordsConfig": [{"text": "durian", "inputEnabled": False}]})
    assert policies(off.judges(Source.INPUT, NO_MEANS).windowed) == []
    assert policies(off.judges(Source.OUTPUT, NO_MEANS).windowed) == ["wordPolicy"]


def test_judges_are_made_once() -> None:
    made = guard(**WORDS)
    assert made.judges(Source.INPUT, NO_MEANS) is made.judges(Source.INPUT, NO_MEANS)
    assert made.arn == "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc"
    assert made.state == (7, 3)

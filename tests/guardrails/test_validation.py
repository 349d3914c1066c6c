"""What a guardrail may not be configured to do, as boto3 is told."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.guardrails.making import PROFILE, made, named
from tests.serving import Server

HATE = {"type": "HATE", "inputStrength": "LOW", "outputStrength": "LOW"}
TOPIC = {"name": "Taxes", "definition": "Advice on taxes.", "type": "DENY"}
EMAIL = {"type": "EMAIL", "action": "BLOCK"}
STANDARD = {"tierName": "STANDARD"}
POLICY = "arn:aws:bedrock:us-east-1:123456789012:automated-reasoning-policy/abcdefghijkl"


def content(*filters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"contentPolicyConfig": {"filtersConfig": list(filters), **more}}


def regexes(*patterns: str) -> dict[str, Any]:
    made = [{"name": f"r{number}", "pattern": each, "action": "BLOCK"} for number, each in enumerate(patterns)]
    return {"sensitiveInformationPolicyConfig": {"regexesConfig": made}}


def grounding(threshold: float) -> dict[str, Any]:
    return {"contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": threshold}]}}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no policy": ({}, "at least one policy"),
    "a filter twice": (content(HATE, HATE), "'HATE' stands twice"),
    "a topic twice": ({"topicPolicyConfig": {"topicsConfig": [TOPIC, TOPIC]}}, "'Taxes' stands twice"),
    "a word twice": (
        {"wordPolicyConfig": {"wordsConfig": [{"text": "Durian"}, {"text": "durian"}]}},
        "'durian' stands twice",
    ),
    "no words": ({"wordPolicyConfig": {}}, "wordPolicyConfig is empty"),
    "a type twice": (
        {"sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [EMAIL, EMAIL]}},
        "'EMAIL' stands twice",
    ),
    "nothing sensitive": ({"sensitiveInformationPolicyConfig": {}}, "sensitiveInformationPolicyConfig is empty"),
    "a lookahead": (regexes("T-(?=1)"), "regex 'r0'"),
    "a backreference": (regexes("ok", r"(a)\1"), "regex 'r1'"),
    "an open bracket": (regexes("[a"), "regex 'r0'"),
    "attacks in the output": (
        content({"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "HIGH"}),
        "strength for response must be NONE",
    ),
    "images that nothing judges": (
        content({**HATE, "inputModalities": ["TEXT", "IMAGE"]}),
        "'HATE' cannot judge images here; only SEXUAL",
    ),
    "a threshold of 1": (grounding(1.0), "from 0 to 0.99"),
    "a filter for grounding twice": (
        {
            "contextualGroundingPolicyConfig": {
                "filtersConfig": [{"type": "GROUNDING", "threshold": each} for each in (0.1, 0.2)]
            }
        },
        "'GROUNDING' stands twice",
    ),
    "the standard tier alone": (content(HATE, tierConfig=STANDARD), "requires cross-Region inference"),
    "a policy twice": ({"automatedReasoningPolicyConfig": {"policies": [POLICY, POLICY]}}, "stands twice"),
}


@pytest.fixture(scope="module")
def bedrock(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock")


@pytest.mark.parametrize(("policies", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_mistake_is_told_and_nothing_is_made(bedrock: Any, policies: dict[str, Any], reason: str) -> None:
    request = named(**policies)
    with pytest.raises(ClientError, match=reason) as error:
        bedrock.create_guardrail(**request)
    assert error.value.response["Error"]["Code"] == "ValidationException"
    key = made(bedrock)
    before = bedrock.get_guardrail(guardrailIdentifier=key)["wordPolicy"]
    with pytest.raises(ClientError, match=reason):
        bedrock.update_guardrail(guardrailIdentifier=key, **request)
    assert bedrock.get_guardrail(guardrailIdentifier=key)["wordPolicy"] == before


@pytest.mark.parametrize(
    "policies",
    [
        content(HATE, tierConfig=STANDARD) | {"crossRegionConfig": {"guardrailProfileIdentifier": PROFILE}},
        grounding(0.99),
        grounding(0.0),
        regexes(r"^\d{3}-\d{2}-\d{4}$", r"(?i)ticket\s+\p{Lu}+"),
    ],
    ids=["standard across regions", "strictest", "laxest", "patterns"],
)
def test_what_is_sound_is_taken(bedrock: Any, policies: dict[str, Any]) -> None:
    assert bedrock.create_guardrail(**named(**policies))["version"] == "DRAFT"

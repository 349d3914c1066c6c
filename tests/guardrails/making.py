"""Guardrails for tests: the least that one needs, and one with every policy."""

import uuid
from typing import Any

WORDS: dict[str, Any] = {"wordPolicyConfig": {"wordsConfig": [{"text": "durian"}]}}
SAID = {"blockedInputMessaging": "Not here.", "blockedOutputsMessaging": "Not from me."}
PROFILE = "us.guardrail.v1:0"

EVERYTHING: dict[str, Any] = {
    "description": "All policies at once",
    "topicPolicyConfig": {
        "topicsConfig": [
            {
                "name": "Taxes",
                "definition": "Advice on what to pay to whom.",
                "examples": ["What may I deduct?"],
                "type": "DENY",
                "outputAction": "NONE",
            }
        ],
        "tierConfig": {"tierName": "STANDARD"},
    },
    "contentPolicyConfig": {
        "filtersConfig": [
            {"type": "SEXUAL", "inputStrength": "HIGH", "outputStrength": "LOW", "inputModalities": ["TEXT", "IMAGE"]},
            {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"},
        ],
    },
    "wordPolicyConfig": {
        "wordsConfig": [{"text": "durian", "inputEnabled": False}],
        "managedWordListsConfig": [{"type": "PROFANITY"}],
    },
    "sensitiveInformationPolicyConfig": {
        "piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}],
        "regexesConfig": [{"name": "ticket", "pattern": r"T-\d{6}", "action": "BLOCK", "outputAction": "ANONYMIZE"}],
    },
    "contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "GROUNDING", "threshold": 0.7}]},
    "crossRegionConfig": {"guardrailProfileIdentifier": PROFILE},
}


def named(**members: Any) -> dict[str, Any]:
    """A request of CreateGuardrail, with a name of its own."""
    return {"name": f"g-{uuid.uuid4().hex}", **SAID, **members}


def made(bedrock: Any, **members: Any) -> str:
    """The id of a new guardrail with these policies, or with a word."""
    answer = bedrock.create_guardrail(**named(**(members or WORDS)))
    return str(answer["guardrailId"])

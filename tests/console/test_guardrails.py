"""The guardrails in the console: from nothing to a version that programs use."""

from collections.abc import Iterator

import pytest

from tests.console.conftest import Journey, clean
from tests.console.stage import stage
from tests.serving import Server


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose models play a script, and which has no guardrail yet."""
    home = tmp_path_factory.mktemp("guardrails") / "home"
    stage(home)
    with Server(home) as running:
        yield running


def test_a_guardrail_is_made_tried_frozen_used_enforced_and_deleted(journey: Journey, place: Server) -> None:
    found = journey("guardrails")
    refused = found.pop("complaints")
    assert ["400 (Bad Request)" in complaint for complaint in refused] == [True, True], "a bad name, and one in use"
    clean(found | {"complaints": []}, place)
    assert "regular expression pattern" in found["refused"], "what is refused stands at its field"
    assert found["requestId"] >= 1

    assert "Decided by: Words (durian)." in found["blocked"]
    assert "I cannot talk about this." in found["blocked"], "what the user gets instead"
    assert [mark.split() for mark in found["marks"]] == [["durian", "Words"], ["orla@example.org", "{EMAIL}"]]
    assert found["address"].startswith("/console/guardrails/")
    assert "Write to {EMAIL}." in found["masked"]
    assert "Sensitive information (E-mail addresses)" in found["masked"]

    assert found["unsaved"] == 1
    assert "Is durian sold? Write to {EMAIL}." in found["after"], "what was taken from the list blocks no more"
    assert "durian" in found["compared"]
    assert "mango" not in found["compared"], "what is alike is no difference"
    assert "version=1" in found["tested"]
    assert "{EMAIL}" in found["printed"]
    assert "I cannot talk about this." in found["chat"]
    assert "Version 1" in found["goes"], "what goes with it is told before it goes"
    assert place.client("bedrock").list_guardrails()["guardrails"] == []


def test_they_can_be_read_on_a_phone_in_german(journey: Journey, place: Server) -> None:
    bedrock = place.client("bedrock")
    made = bedrock.create_guardrail(
        name="Losung",
        blockedInputMessaging="Darüber kann ich nicht sprechen.",
        blockedOutputsMessaging="Das kann ich nicht beantworten.",
        wordPolicyConfig={"wordsConfig": [{"text": "Schwertfisch"}, {"text": "Ein Wort und noch eines"}]},
        sensitiveInformationPolicyConfig={
            "piiEntitiesConfig": [{"type": "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "action": "BLOCK"}],
            "regexesConfig": [{"name": "ticket", "pattern": r"T-\d{6}", "action": "ANONYMIZE"}],
        },
    )["guardrailId"]
    bedrock.create_guardrail_version(guardrailIdentifier=made, description="Die erste")
    found = journey("guardrails_phone", GUARDRAIL=made)
    bedrock.delete_guardrail(guardrailIdentifier=made)
    clean(found, place)
    assert all(width <= 0 for width in found["widths"].values()), found["widths"]


def test_rules_are_proved_and_answers_refuted(journey: Journey, place: Server) -> None:
    pytest.importorskip("z3", reason="the solver is an extra: pip install craton[reasoning]")
    found = journey("reasoning")
    clean(found, place)
    assert "(=> (and isFullTime (> tenureMonths 12)) eligibleForParentalLeave)" in found["rules"]
    assert len(found["tests"]) == 2
    refuted = next(test for test in found["tests"] if "tenureMonths is 6" in test)
    assert "Found: Contradicts the rules" in refuted
    assert "(<= tenureMonths 12)" in refuted, "the rule that speaks against it is shown"
    assert place.client("bedrock").list_automated_reasoning_policies()["automatedReasoningPolicySummaries"] == []

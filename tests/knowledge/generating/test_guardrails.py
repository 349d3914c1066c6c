"""Answers from knowledge bases under a guardrail."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.guardrails.making import made
from tests.knowledge.answers import LIGHTHOUSE, MODEL_ARN, asking, island
from tests.knowledge.house import VECTORS_ARN, House

EMAIL = {
    "sensitiveInformationPolicyConfig": {"regexesConfig": [{"name": "who", "pattern": "Anna", "action": "ANONYMIZE"}]}
}
RED = {"wordPolicyConfig": {"wordsConfig": [{"text": "red"}]}}
NAMES = {"wordPolicyConfig": {"wordsConfig": [{"text": "Anna"}]}}


@pytest.fixture(scope="module")
def base(house: House) -> str:
    return island(house)


def guarded(house: House, base: str, question: str, **policies: Any) -> dict[str, Any]:
    guardrail = made(house.account.client("bedrock"), **policies)
    config = {"guardrailConfiguration": {"guardrailId": guardrail, "guardrailVersion": "DRAFT"}}
    return asking(base, question, generationConfiguration=config)


def test_what_passes_is_told_to_have_passed(house: House, base: str) -> None:
    request = guarded(house, base, "who built the lighthouse?")
    answer = house.runtime.retrieve_and_generate(**request)
    assert answer["guardrailAction"] == "NONE"
    assert answer["citations"][0]["retrievedReferences"][0]["content"]["text"] == LIGHTHOUSE
    events = list(house.runtime.retrieve_and_generate_stream(**request)["stream"])
    assert [event["guardrail"] for event in events if "guardrail" in event] == [{"action": "NONE"}]


def test_a_question_that_is_blocked_gets_the_guardrails_message(house: House, base: str) -> None:
    answer = house.runtime.retrieve_and_generate(**guarded(house, base, "who built the durian?"))
    assert (answer["output"]["text"], answer["guardrailAction"]) == ("Not here.", "INTERVENED")
    assert all(not citation["retrievedReferences"] for citation in answer["citations"])


def test_what_is_found_is_not_judged(house: House, base: str) -> None:
    """The guardrail's word stands in the passage, not in the question or the answer."""
    answer = house.runtime.retrieve_and_generate(
        **guarded(house, base, "And how high is the lighthouse of Skarholm?", **NAMES)
    )
    assert (answer["output"]["text"], answer["guardrailAction"]) == ("The lighthouse is 41 metres high.", "NONE")


def test_an_answer_that_is_blocked_is_not_told(house: House, base: str) -> None:
    request = guarded(house, base, "who built the lighthouse?", **RED)
    answer = house.runtime.retrieve_and_generate(**request)
    assert (answer["output"]["text"], answer["guardrailAction"]) == ("Not from me.", "INTERVENED")
    events = list(house.runtime.retrieve_and_generate_stream(**request)["stream"])
    text = "".join(event["output"]["text"] for event in events if "output" in event)
    assert "red" not in text and text.endswith("Not from me.")
    assert events[-1] == {"guardrail": {"action": "INTERVENED"}}


def test_what_a_guardrail_changed_is_not_remembered(house: House, base: str) -> None:
    first = house.runtime.retrieve_and_generate(**guarded(house, base, "who built the lighthouse?", **EMAIL))
    assert first["output"]["text"].startswith("It was built in 1874 by {who}")
    # Without a conversation nothing tells what "it" is: the model is not asked for queries.
    only = {"retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 1}}}
    request = asking(base, "And how high is the ferry from Torsvik?", **only)
    second = house.runtime.retrieve_and_generate(**request, sessionId=first["sessionId"])
    assert second["citations"][0]["retrievedReferences"] == []


def test_what_the_account_enforces_holds_without_being_asked_for(house: House) -> None:
    """In a region of its own, for it holds for all that the account does there."""
    there = House(house.account, "eu-central-1")
    vectors, model = (arn.replace(house.region, there.region) for arn in (VECTORS_ARN, MODEL_ARN))
    kind = {"type": "VECTOR", "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": vectors}}
    base = there.base(kind)["knowledgeBaseId"]
    there.ingested(base, there.source(base)["dataSourceId"], "one", LIGHTHOUSE)
    bedrock = there.account.client("bedrock", there.region)
    guardrail = made(bedrock)
    version = bedrock.create_guardrail_version(guardrailIdentifier=guardrail)["version"]
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": version}
    bedrock.put_enforced_guardrail_configuration(guardrailInferenceConfig=config)
    request = asking(base, "who built the durian?", modelArn=model)
    assert there.runtime.retrieve_and_generate(**request)["output"]["text"] == "Not here."
    events = there.runtime.retrieve_and_generate_stream(**request)["stream"]
    assert "".join(event["output"]["text"] for event in events if "output" in event) == "Not here."
    attribute = {"key": "fruit", "type": "STRING", "description": "The fruit."}
    implied = {"implicitFilterConfiguration": {"modelArn": model, "metadataAttributes": [attribute]}}
    with pytest.raises(ClientError, match="A guardrail of the account refused"):
        there.runtime.retrieve(
            knowledgeBaseId=base,
            retrievalQuery={"text": "durian"},
            retrievalConfiguration={"vectorSearchConfiguration": implied},
        )

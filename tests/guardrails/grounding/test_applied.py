"""Contextual grounding through ApplyGuardrail: an answer with its source and its question."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from craton.models.files.library import Library
from tests.conftest import pulled
from tests.guardrails.grounding.test_judge import EMBEDDING_MODEL
from tests.serving import Server

SOURCE = "Tickets can be returned until two days before the concert. After that half of the price is charged."
QUERY = "Until when can I return my ticket?"
BLOCKED = "I do not know."


@pytest.fixture(scope="module")
def guardrail(server: Server, library: Library) -> Iterator[str]:
    pulled(library, EMBEDDING_MODEL)
    bedrock = server.client("bedrock")
    kinds = ({"type": "GROUNDING", "threshold": 0.7}, {"type": "RELEVANCE", "threshold": 0.5})
    made = bedrock.create_guardrail(
        name="grounded",
        blockedInputMessaging=BLOCKED,
        blockedOutputsMessaging=BLOCKED,
        contextualGroundingPolicyConfig={"filtersConfig": kinds},
    )
    yield made["guardrailId"]
    bedrock.delete_guardrail(guardrailIdentifier=made["guardrailId"])


def applied(server: Server, guardrail: str, answer: str, source: str = SOURCE, query: str = QUERY) -> Any:
    content = [
        {"text": {"text": source, "qualifiers": ["grounding_source"]}},
        {"text": {"text": query, "qualifiers": ["query"]}},
        {"text": {"text": answer, "qualifiers": ["guard_content"]}},
    ]
    return server.client("bedrock-runtime").apply_guardrail(
        guardrailIdentifier=guardrail, guardrailVersion="DRAFT", source="OUTPUT", content=content, outputScope="FULL"
    )


def scores(answer: Any) -> dict[str, Any]:
    return {each["type"]: each for each in answer["assessments"][0]["contextualGroundingPolicy"]["filters"]}


def test_an_answer_that_the_source_supports_passes(server: Server, guardrail: str) -> None:
    answer = applied(server, guardrail, "You can return tickets until two days before the concert.")
    assert answer["action"] == "NONE"
    assert scores(answer)["GROUNDING"]["score"] >= 0.7
    assert scores(answer)["GROUNDING"]["action"] == "NONE"
    assert answer["usage"]["contextualGroundingPolicyUnits"] == 1


def test_an_invented_one_is_replaced(server: Server, guardrail: str) -> None:
    answer = applied(server, guardrail, "You can return tickets until nine days before the concert.")
    assert answer["action"] == "GUARDRAIL_INTERVENED"
    assert answer["outputs"] == [{"text": BLOCKED}]
    assert scores(answer)["GROUNDING"]["action"] == "BLOCKED"
    assert scores(answer)["GROUNDING"]["threshold"] == 0.7


def test_one_that_speaks_of_something_else_is_irrelevant(server: Server, guardrail: str) -> None:
    answer = applied(server, guardrail, "The orchestra has eighty members.")
    assert scores(answer)["RELEVANCE"]["action"] == "BLOCKED"


def test_what_is_too_long_is_refused(server: Server, guardrail: str) -> None:
    with pytest.raises(ClientError, match=r"query has 1001 characters.*at most 1000"):
        applied(server, guardrail, "Yes.", query="q" * 1001)


def test_an_answer_without_its_source_is_refused_and_no_pass(server: Server, guardrail: str) -> None:
    content = [{"text": {"text": QUERY, "qualifiers": ["query"]}}, {"text": {"text": "Yes."}}]
    with pytest.raises(ClientError, match="does not contain the grounding source"):
        server.client("bedrock-runtime").apply_guardrail(
            guardrailIdentifier=guardrail, guardrailVersion="DRAFT", source="OUTPUT", content=content
        )

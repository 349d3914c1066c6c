"""Retrieval instructions: drafts, versions, and what is refused."""

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.knowledge.house import House

GUIDANCE = {"retrievalGuidance": "Prefer the newest."}


FIELDS = ("persona", "answerFormat", "answerPolicy", "retrievalGuidance")


@pytest.fixture
def agent(house: House) -> Any:
    return house.agent


def create(agent: Any, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = agent.create_retrieval_instruction(
        **{"name": f"i-{uuid.uuid4().hex}", "instruction": GUIDANCE} | more
    )
    return made


def test_a_draft_is_served_at_once_and_changes_as_a_whole(agent: Any) -> None:
    made = create(agent, description="first")
    assert (made["status"], made["lastTransitionStatus"]) == ("ACTIVE", "CREATE_SUCCESSFUL")
    name = made["retrievalInstructionId"]
    shown = agent.get_retrieval_instruction(retrievalInstructionId=name)
    assert (shown["instruction"], shown["description"], shown["version"]) == (GUIDANCE, "first", "DRAFT")
    assert "latestVersion" not in shown
    changed = agent.update_retrieval_instruction(retrievalInstructionId=name, instruction={"persona": "A pilot."})
    assert changed["lastTransitionStatus"] == "UPDATE_SUCCESSFUL"
    shown = agent.get_retrieval_instruction(retrievalInstructionId=name)
    assert shown["instruction"] == {"persona": "A pilot."}
    assert "description" not in shown
    listed = agent.list_retrieval_instructions(status="ACTIVE")["retrievalInstructionSummaries"]
    assert name in {each["retrievalInstructionId"] for each in listed}
    assert agent.list_retrieval_instructions(status="INACTIVE")["retrievalInstructionSummaries"] == []


def test_versions_never_change_and_keep_the_draft_from_being_deleted(agent: Any) -> None:
    name = create(agent)["retrievalInstructionId"]
    place = {"retrievalInstructionId": name}
    assert agent.create_retrieval_instruction_version(**place, description="one")["version"] == "1"
    agent.update_retrieval_instruction(**place, instruction={"persona": "A pilot."})
    assert agent.create_retrieval_instruction_version(**place)["version"] == "2"
    first = agent.get_retrieval_instruction(**place, retrievalInstructionVersion="1")
    assert (first["instruction"], first["description"], first["version"]) == (GUIDANCE, "one", "1")
    assert agent.get_retrieval_instruction(**place)["latestVersion"] == "2"
    page = agent.list_retrieval_instruction_versions(**place, maxResults=1)
    rest = agent.list_retrieval_instruction_versions(**place, maxResults=1, nextToken=page["nextToken"])
    told = page["retrievalInstructionVersionSummaries"] + rest["retrievalInstructionVersionSummaries"]
    assert [each["version"] for each in told] == ["2", "1"]
    with pytest.raises(ClientError, match="has versions") as refused:
        agent.delete_retrieval_instruction(**place)
    assert refused.value.response["Error"]["Code"] == "ConflictException"
    for version in ("1", "2"):
        gone = agent.delete_retrieval_instruction(**place, retrievalInstructionVersion=version)
        assert gone["version"] == version
    assert "version" not in agent.delete_retrieval_instruction(**place)
    with pytest.raises(ClientError, match="does not exist"):
        agent.get_retrieval_instruction(**place)


def test_a_retried_create_makes_one(agent: Any) -> None:
    token, name = uuid.uuid4().hex + "x", f"i-{uuid.uuid4().hex}"
    first, second = (create(agent, name=name, clientToken=token) for _ in range(2))
    assert first["retrievalInstructionId"] == second["retrievalInstructionId"]
    with pytest.raises(ClientError) as refused:
        create(agent, name=name)
    assert refused.value.response["Error"]["Code"] == "ConflictException"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"instruction": {}}, "is empty"),
        ({"instruction": {"persona": "x" * 4001}}, "'persona' has 4001 characters"),
        (
            {"instruction": dict.fromkeys(FIELDS, "x" * 3000)},
            "12000",
        ),
        ({"customerEncryptionKeyArn": f"arn:aws:kms:us-east-1:123456789012:key/{'a' * 36}"}, "no KMS keys"),
    ],
)
def test_what_cannot_be_kept_is_refused(agent: Any, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ClientError, match=sentence) as refused:
        create(agent, **given)
    assert refused.value.response["Error"]["Code"] == "ValidationException"

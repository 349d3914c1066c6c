"""Versions of guardrails: frozen drafts with numbers of their own."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.guardrails.making import SAID, made, named
from tests.serving import Server

KIWI: dict[str, Any] = {"wordPolicyConfig": {"wordsConfig": [{"text": "kiwi"}]}}


@pytest.fixture(scope="module")
def bedrock(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock")


def words(bedrock: Any, key: str, version: str) -> list[str]:
    found = bedrock.get_guardrail(guardrailIdentifier=key, guardrailVersion=version)
    assert found["version"] == version
    return [each["text"] for each in found["wordPolicy"]["words"]]


def test_a_version_stays_as_it_was_frozen(bedrock: Any) -> None:
    key = made(bedrock)
    assert bedrock.create_guardrail_version(guardrailIdentifier=key, description="First")["version"] == "1"
    bedrock.update_guardrail(guardrailIdentifier=key, **named(**KIWI))
    assert bedrock.create_guardrail_version(guardrailIdentifier=key)["version"] == "2"
    assert words(bedrock, key, "1") == ["durian"]
    assert words(bedrock, key, "2") == words(bedrock, key, "DRAFT") == ["kiwi"]
    first = bedrock.get_guardrail(guardrailIdentifier=key, guardrailVersion="1")
    assert first["description"] == "First"
    assert "description" not in bedrock.get_guardrail(guardrailIdentifier=key)
    assert first["guardrailArn"] == bedrock.get_guardrail(guardrailIdentifier=key)["guardrailArn"]


def test_the_versions_of_one_are_listed_with_its_draft(bedrock: Any) -> None:
    key = made(bedrock)
    for _ in range(2):
        bedrock.create_guardrail_version(guardrailIdentifier=key)
    pages = bedrock.get_paginator("list_guardrails").paginate(guardrailIdentifier=key, PaginationConfig={"PageSize": 2})
    assert [each["version"] for page in pages for each in page["guardrails"]] == ["DRAFT", "1", "2"]


def test_the_number_of_a_deleted_version_is_not_given_again(bedrock: Any) -> None:
    key = made(bedrock)
    for _ in range(2):
        bedrock.create_guardrail_version(guardrailIdentifier=key)
    bedrock.delete_guardrail(guardrailIdentifier=key, guardrailVersion="2")
    with pytest.raises(ClientError) as error:
        bedrock.get_guardrail(guardrailIdentifier=key, guardrailVersion="2")
    assert error.value.response["Error"]["Code"] == "ResourceNotFoundException"
    assert words(bedrock, key, "1") == words(bedrock, key, "DRAFT") == ["durian"]
    assert bedrock.create_guardrail_version(guardrailIdentifier=key)["version"] == "3"


def test_the_same_token_freezes_once(bedrock: Any) -> None:
    key = made(bedrock)
    for _ in range(2):
        assert (
            bedrock.create_guardrail_version(guardrailIdentifier=key, clientRequestToken=f"t-{key}")["version"] == "1"
        )
    assert len(bedrock.list_guardrails(guardrailIdentifier=key)["guardrails"]) == 2


def test_versions_go_with_their_guardrail(bedrock: Any) -> None:
    key = made(bedrock)
    bedrock.create_guardrail_version(guardrailIdentifier=key)
    bedrock.delete_guardrail(guardrailIdentifier=key)
    with pytest.raises(ClientError) as error:
        bedrock.get_guardrail(guardrailIdentifier=key, guardrailVersion="1")
    assert error.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_draft_cannot_be_deleted_alone(bedrock: Any) -> None:
    key = made(bedrock)
    with pytest.raises(ClientError) as error:
        bedrock.delete_guardrail(guardrailIdentifier=key, guardrailVersion="DRAFT")
    assert error.value.response["Error"]["Code"] == "ValidationException"
    assert bedrock.get_guardrail(guardrailIdentifier=key)["blockedInputMessaging"] == SAID["blockedInputMessaging"]

"""Guardrails as boto3 makes, reads, changes, lists and deletes them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.command import craton
from tests.guardrails.making import EVERYTHING, PROFILE, SAID, WORDS, made, named
from tests.iam.people import User
from tests.serving import REGION, Server

OTHER = "666655554444"
ON = {"inputAction": "BLOCK", "outputAction": "BLOCK", "inputEnabled": True, "outputEnabled": True}


@pytest.fixture(scope="module")
def bedrock(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock")


@pytest.fixture(scope="module")
def other(scripted_server: Server) -> Any:
    """Another account."""
    done = craton("keys", "create", "--account", OTHER, "--json", "--home", str(scripted_server.home))
    key = json.loads(done.stdout)
    return scripted_server.client(
        "bedrock", aws_access_key_id=key["accessKeyId"], aws_secret_access_key=key["secretAccessKey"]
    )


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def test_what_is_configured_reads_back_under_the_names_of_the_answers(bedrock: Any) -> None:
    created = bedrock.create_guardrail(**named(**EVERYTHING))
    assert created["version"] == "DRAFT"
    arn = created["guardrailArn"]
    assert arn == f"arn:aws:bedrock:{REGION}:123456789012:guardrail/{created['guardrailId']}"
    found = bedrock.get_guardrail(guardrailIdentifier=arn)
    assert found["guardrailArn"] == arn
    assert found["status"] == "READY"
    assert found["statusReasons"] == found["failureRecommendations"] == []
    assert found["createdAt"] == created["createdAt"] == found["updatedAt"]
    assert found["description"] == "All policies at once"
    assert {member: found[member] for member in SAID} == SAID
    topic = EVERYTHING["topicPolicyConfig"]["topicsConfig"][0]
    assert found["topicPolicy"] == {"topics": [{**ON, **topic}], "tier": {"tierName": "STANDARD"}}
    sexual, attack = EVERYTHING["contentPolicyConfig"]["filtersConfig"]
    assert found["contentPolicy"] == {
        "filters": [
            {**ON, **sexual, "outputModalities": ["TEXT"]},
            {**ON, **attack, "inputModalities": ["TEXT"], "outputModalities": ["TEXT"]},
        ],
        "tier": {"tierName": "CLASSIC"},
    }
    assert found["wordPolicy"] == {
        "words": [{**ON, "text": "durian", "inputEnabled": False}],
        "managedWordLists": [{**ON, "type": "PROFANITY"}],
    }
    email = {"type": "EMAIL", "action": "ANONYMIZE", "inputAction": "ANONYMIZE", "outputAction": "ANONYMIZE"}
    ticket = {"name": "ticket", "pattern": r"T-\d{6}", "action": "BLOCK"}
    assert found["sensitiveInformationPolicy"] == {
        "piiEntities": [{**ON, **email}],
        "regexes": [{**ON, **ticket, "outputAction": "ANONYMIZE"}],
    }
    assert found["contextualGroundingPolicy"] == {
        "filters": [{"type": "GROUNDING", "threshold": 0.7, "action": "BLOCK", "enabled": True}],
        "tier": {"tierName": "CLASSIC"},
    }
    assert found["crossRegionDetails"] == {
        "guardrailProfileId": PROFILE,
        "guardrailProfileArn": f"arn:aws:bedrock:{REGION}:123456789012:guardrail-profile/{PROFILE}",
    }


def test_an_update_replaces_the_whole_draft(bedrock: Any) -> None:
    request = named(**EVERYTHING)
    key = bedrock.create_guardrail(**request)["guardrailId"]
    name = f"{request['name']}-2"
    answer = bedrock.update_guardrail(guardrailIdentifier=key, name=name, **SAID, **WORDS)
    assert answer["version"] == "DRAFT"
    found = bedrock.get_guardrail(guardrailIdentifier=key, guardrailVersion="DRAFT")
    assert found["name"] == name
    assert found["updatedAt"] == answer["updatedAt"] > found["createdAt"]
    assert not {"description", "contentPolicy", "crossRegionDetails"} & set(found)
    bedrock.create_guardrail(**request)  # the old name is free again


def test_a_name_is_given_once(bedrock: Any) -> None:
    request = named(**WORDS)
    bedrock.create_guardrail(**request)
    with pytest.raises(ClientError, match="Another guardrail has the name") as error:
        bedrock.create_guardrail(**request)
    assert refused(error)[0] == "ConflictException"
    other = made(bedrock)
    with pytest.raises(ClientError, match="Another guardrail has the name"):
        bedrock.update_guardrail(guardrailIdentifier=other, **request)


def test_the_same_token_makes_one_guardrail(bedrock: Any) -> None:
    request = named(**WORDS, clientRequestToken="the-same-token-twice")
    assert bedrock.create_guardrail(**request)["guardrailId"] == bedrock.create_guardrail(**request)["guardrailId"]
    with pytest.raises(ClientError) as error:
        bedrock.create_guardrail(**request | {"blockedInputMessaging": "Else."})
    assert refused(error)[0] == "ConflictException"


def test_tags_are_kept_by_the_arn(bedrock: Any) -> None:
    arn = bedrock.create_guardrail(**named(**WORDS, tags=[{"key": "team", "value": "blue"}]))["guardrailArn"]
    bedrock.tag_resource(resourceARN=arn, tags=[{"key": "stage", "value": "test"}])
    bedrock.untag_resource(resourceARN=arn, tagKeys=["team"])
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "stage", "value": "test"}]


def test_all_guardrails_are_listed_page_by_page(bedrock: Any) -> None:
    ids = [made(bedrock) for _ in range(3)]
    pages = bedrock.get_paginator("list_guardrails").paginate(PaginationConfig={"PageSize": 2})
    listed = {each["id"]: each for page in pages for each in page["guardrails"]}
    assert set(ids) <= set(listed)
    one = listed[ids[0]]
    assert one["version"] == "DRAFT"
    assert one["status"] == "READY"
    assert one["arn"].endswith(f"guardrail/{ids[0]}")
    assert "wordPolicy" not in one


def test_what_is_deleted_is_gone(bedrock: Any) -> None:
    key = made(bedrock)
    bedrock.delete_guardrail(guardrailIdentifier=key)
    for call in (bedrock.get_guardrail, bedrock.delete_guardrail, bedrock.create_guardrail_version):
        with pytest.raises(ClientError) as error:
            call(guardrailIdentifier=key)
        assert refused(error)[0] == "ResourceNotFoundException"


def test_a_key_to_encrypt_with_is_refused(bedrock: Any) -> None:
    with pytest.raises(ClientError, match="Leave out 'kmsKeyId'") as error:
        bedrock.create_guardrail(**named(**WORDS, kmsKeyId="alias/mine"))
    assert refused(error)[0] == "ValidationException"


def test_another_accounts_guardrail_is_read_only_where_it_is_shared(bedrock: Any, other: Any) -> None:
    key = made(bedrock)
    arn = bedrock.get_guardrail(guardrailIdentifier=key)["guardrailArn"]
    with pytest.raises(ClientError) as error:
        other.get_guardrail(guardrailIdentifier=arn)
    assert refused(error)[0] == "AccessDeniedException"
    shared = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"},
        "Action": ["bedrock:GetGuardrail", "bedrock:UpdateGuardrail"],
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [shared]})
    bedrock.put_resource_policy(resourceArn=arn, resourcePolicy=policy)
    assert other.get_guardrail(guardrailIdentifier=arn)["guardrailArn"] == arn
    with pytest.raises(ClientError, match="belongs to another account"):
        other.update_guardrail(guardrailIdentifier=arn, name="mine-now", **SAID, **WORDS)
    assert other.list_guardrails()["guardrails"] == []


def test_another_regions_guardrail_is_not_found(scripted_server: Server, bedrock: Any) -> None:
    arn = bedrock.get_guardrail(guardrailIdentifier=made(bedrock))["guardrailArn"]
    with pytest.raises(ClientError, match="is of region") as error:
        scripted_server.client("bedrock", "eu-central-1").get_guardrail(guardrailIdentifier=arn)
    assert refused(error)[0] == "ResourceNotFoundException"


def test_changes_stand_in_the_audit_trail(scripted_server: Server, bedrock: Any) -> None:
    key = made(bedrock)
    bedrock.delete_guardrail(guardrailIdentifier=key)
    events = User(scripted_server).client("craton").list_audit_events()["events"]
    assert {"CreateGuardrail", "DeleteGuardrail"} <= {each["eventName"] for each in events}

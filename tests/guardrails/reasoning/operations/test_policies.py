"""Automated reasoning policies as boto3 makes, changes, freezes, exports and deletes them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.guardrails.making import made, named
from tests.guardrails.reasoning.policies import DEFINITION, FULL, PART, policy, started
from tests.serving import REGION, Server


@pytest.fixture(scope="module")
def bedrock(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock")


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def exported(bedrock: Any, arn: str) -> Any:
    return bedrock.export_automated_reasoning_policy_version(policyArn=arn)["policyDefinition"]


def frozen(bedrock: Any, arn: str, **more: Any) -> dict[str, Any]:
    seen = bedrock.get_automated_reasoning_policy(policyArn=arn)["definitionHash"]
    request = {"policyArn": arn, "lastUpdatedDefinitionHash": seen, **more}
    return dict(bedrock.create_automated_reasoning_policy_version(**request))


def test_a_policy_is_kept_as_it_was_sent(bedrock: Any) -> None:
    arn = policy(bedrock, description="Who may take leave")
    found = bedrock.get_automated_reasoning_policy(policyArn=arn)
    assert (
        found["policyArn"]
        == arn
        == f"arn:aws:bedrock:{REGION}:123456789012:automated-reasoning-policy/{found['policyId']}"
    )
    assert (found["version"], found["description"]) == ("DRAFT", "Who may take leave")
    assert len(found["definitionHash"]) == 128
    assert exported(bedrock, arn) == DEFINITION


def test_a_policy_may_begin_empty(bedrock: Any) -> None:
    arn = bedrock.create_automated_reasoning_policy(name="empty at first")["policyArn"]
    assert exported(bedrock, arn) == {"version": "1.0", "types": [], "rules": [], "variables": []}


def test_an_update_changes_the_draft_alone(bedrock: Any) -> None:
    arn = policy(bedrock, description="Before")
    version = frozen(bedrock, arn)
    assert (version["policyArn"], version["version"]) == (f"{arn}:1", "1")
    one_rule = {**DEFINITION, "rules": [FULL]}
    updated = bedrock.update_automated_reasoning_policy(policyArn=arn, policyDefinition=one_rule)
    assert updated["definitionHash"] != version["definitionHash"]
    assert exported(bedrock, arn)["rules"] == [FULL]
    assert exported(bedrock, f"{arn}:1")["rules"] == [FULL, PART]
    assert bedrock.get_automated_reasoning_policy(policyArn=arn)["description"] == "Before"
    listed = bedrock.list_automated_reasoning_policies(policyArn=arn)["automatedReasoningPolicySummaries"]
    assert [each["version"] for each in listed] == ["DRAFT", "1"]
    with pytest.raises(ClientError, match="which never changes") as error:
        bedrock.update_automated_reasoning_policy(policyArn=f"{arn}:1", policyDefinition=one_rule)
    assert code(error) == "ValidationException"


def test_a_version_is_made_of_the_definition_that_was_seen(bedrock: Any) -> None:
    arn = policy(bedrock)
    seen = bedrock.get_automated_reasoning_policy(policyArn=arn)["definitionHash"]
    bedrock.update_automated_reasoning_policy(policyArn=arn, policyDefinition={**DEFINITION, "rules": [FULL]})
    with pytest.raises(ClientError, match="has changed") as error:
        bedrock.create_automated_reasoning_policy_version(policyArn=arn, lastUpdatedDefinitionHash=seen)
    assert code(error) == "ConflictException"


def test_a_definition_that_makes_no_sense_is_refused_at_once(bedrock: Any) -> None:
    arn = policy(bedrock)
    broken = {**DEFINITION, "rules": [{**FULL, "expression": "(=> (= kind HALF) eligible)"}]}
    for request in (
        lambda: bedrock.create_automated_reasoning_policy(name="broken", policyDefinition=broken),
        lambda: bedrock.update_automated_reasoning_policy(policyArn=arn, policyDefinition=broken),
    ):
        with pytest.raises(ClientError, match=r"'HALF' .* is no variable and no value of a type; define") as error:
            request()
        assert code(error) == "ValidationException"
    assert exported(bedrock, arn) == DEFINITION


def test_a_name_is_given_once(bedrock: Any) -> None:
    bedrock.create_automated_reasoning_policy(name="only one")
    with pytest.raises(ClientError, match="'only one'") as error:
        bedrock.create_automated_reasoning_policy(name="only one")
    assert code(error) == "ConflictException"


def test_tags_are_those_of_a_policy_or_of_a_version(bedrock: Any) -> None:
    arn = policy(bedrock, tags=[{"key": "of", "value": "policy"}])
    version = frozen(bedrock, arn, tags=[{"key": "of", "value": "version"}])["policyArn"]
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "of", "value": "policy"}]
    assert bedrock.list_tags_for_resource(resourceARN=version)["tags"] == [{"key": "of", "value": "version"}]


def test_a_policy_with_parts_is_deleted_by_force(bedrock: Any) -> None:
    arn = policy(bedrock)
    frozen(bedrock, arn)
    started(bedrock, arn)
    with pytest.raises(ClientError, match="2 in all") as error:
        bedrock.delete_automated_reasoning_policy(policyArn=arn)
    assert code(error) == "ResourceInUseException"
    bedrock.delete_automated_reasoning_policy(policyArn=arn, force=True)
    bedrock.delete_automated_reasoning_policy(policyArn=arn)  # twice is no mistake
    for gone in (arn, f"{arn}:1"):
        with pytest.raises(ClientError) as error:
            bedrock.get_automated_reasoning_policy(policyArn=gone)
        assert code(error) == "ResourceNotFoundException"


def test_a_policy_that_a_guardrail_uses_stays(bedrock: Any) -> None:
    arn = policy(bedrock)
    version = frozen(bedrock, arn)["policyArn"]
    key = made(bedrock, automatedReasoningPolicyConfig={"policies": [version], "confidenceThreshold": 0.8})
    found = bedrock.get_guardrail(guardrailIdentifier=key)["automatedReasoningPolicy"]
    assert found == {"policies": [version], "confidenceThreshold": 0.8}
    for used in (arn, version):
        with pytest.raises(ClientError, match=f"The guardrail '{key}'") as error:
            bedrock.delete_automated_reasoning_policy(policyArn=used, force=True)
        assert code(error) == "ResourceInUseException"
    bedrock.delete_guardrail(guardrailIdentifier=key)
    bedrock.delete_automated_reasoning_policy(policyArn=version)
    bedrock.delete_automated_reasoning_policy(policyArn=arn)


def test_a_guardrail_uses_only_a_policy_that_there_is(bedrock: Any) -> None:
    arn = policy(bedrock)
    with pytest.raises(ClientError, match="does not exist") as error:
        bedrock.create_guardrail(**named(automatedReasoningPolicyConfig={"policies": [f"{arn}:7"]}))
    assert code(error) == "ResourceNotFoundException"
    theirs = arn.replace(":123456789012:", ":999999999999:")
    with pytest.raises(ClientError, match="belongs to another account") as error:
        bedrock.create_guardrail(**named(automatedReasoningPolicyConfig={"policies": [theirs]}))
    assert code(error) == "AccessDeniedException"


def test_a_key_to_encrypt_with_is_refused(bedrock: Any) -> None:
    with pytest.raises(ClientError, match="Leave out 'kmsKeyId'"):
        bedrock.create_automated_reasoning_policy(name="secret", kmsKeyId="alias/mine")

"""Roles, as a boto3 program administers them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.admin.identity.conftest import READ_ONLY, code, document, name, trust
from tests.fronts import Account


def test_a_role_is_made_found_changed_and_deleted(service: Any) -> None:
    role, text = name("role"), trust("123456789012")
    made = service.create_role(
        roleName=role, assumeRolePolicyDocument=text, description="Reads.", tags=[{"key": "team", "value": "red"}]
    )["role"]
    assert made["arn"] == f"arn:aws:iam::123456789012:role/{role}"
    assert made["roleId"].startswith("AROA")
    assert (made["maxSessionDuration"], made["assumeRolePolicyDocument"]) == (3600, text)
    assert service.get_role(roleName=role)["role"] == made
    assert role in {each["roleName"] for each in service.list_roles(maxResults=1000)["roles"]}
    changed = service.update_role(roleName=role, maxSessionDuration=7200)["role"]
    assert changed == made | {"maxSessionDuration": 7200}
    service.update_assume_role_policy(roleName=role, policyDocument=trust("404040404040"))
    assert service.get_role(roleName=role)["role"]["assumeRolePolicyDocument"] == trust("404040404040")
    service.delete_role(roleName=role)
    with pytest.raises(ClientError, match=f"The role with name {role} cannot be found") as refused:
        service.get_role(roleName=role)
    assert code(refused) == "ResourceNotFoundException"


def test_policies_and_tags_of_a_role(service: Any) -> None:
    role, text = name("role"), document("bedrock:*")
    service.create_role(roleName=role, assumeRolePolicyDocument=trust("123456789012"))
    service.put_role_policy(roleName=role, policyName="own", policyDocument=text)
    service.attach_role_policy(roleName=role, policyArn=READ_ONLY)
    service.put_role_permissions_boundary(roleName=role, permissionsBoundary=READ_ONLY)
    service.tag_role(roleName=role, tags=[{"key": "team", "value": "red"}])
    assert service.list_role_policies(roleName=role)["policyNames"] == ["own"]
    assert service.get_role_policy(roleName=role, policyName="own")["policyDocument"] == text
    assert service.list_attached_role_policies(roleName=role)["attachedPolicies"][0]["policyArn"] == READ_ONLY
    assert service.get_role(roleName=role)["role"]["permissionsBoundary"] == READ_ONLY
    assert service.list_role_tags(roleName=role)["tags"] == [{"key": "team", "value": "red"}]
    service.delete_role_policy(roleName=role, policyName="own")
    service.detach_role_policy(roleName=role, policyArn=READ_ONLY)
    service.delete_role_permissions_boundary(roleName=role)
    service.untag_role(roleName=role, tagKeys=["team"])
    assert service.list_role_policies(roleName=role)["policyNames"] == []
    assert service.list_attached_role_policies(roleName=role)["attachedPolicies"] == []
    assert service.get_role(roleName=role)["role"]["tags"] == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (trust("123456789012", Resource="*"), "Resource"),
        ('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}', "Principal"),
        ("[]", "JSON object"),
    ],
)
def test_a_trust_policy_that_is_none_is_refused(service: Any, text: str, complaint: str) -> None:
    with pytest.raises(ClientError, match=complaint) as refused:
        service.create_role(roleName=name("role"), assumeRolePolicyDocument=text)
    assert code(refused) == "ValidationException"


def test_a_trust_policy_has_a_largest_size(service: Any) -> None:
    long = trust(*(f"arn:aws:iam::123456789012:user/{'x' * 40}{number}" for number in range(40)))
    with pytest.raises(ClientError, match="ACLSizePerRole: 2048") as refused:
        service.create_role(roleName=name("role"), assumeRolePolicyDocument=long)
    assert code(refused) == "ServiceQuotaExceededException"


def test_one_account_s_roles_are_none_of_another_s(service: Any, stranger: Account) -> None:
    role = name("role")
    service.create_role(roleName=role, assumeRolePolicyDocument=trust("123456789012"))
    theirs = stranger.client("craton")
    for attempt in (
        lambda: theirs.get_role(roleName=role),
        lambda: theirs.update_role(roleName=role, description="mine"),
        lambda: theirs.update_assume_role_policy(roleName=role, policyDocument=trust("404040404040")),
        lambda: theirs.put_role_policy(roleName=role, policyName="p", policyDocument=document("*")),
        lambda: theirs.delete_role(roleName=role),
    ):
        with pytest.raises(ClientError) as refused:
            attempt()
        assert code(refused) == "ResourceNotFoundException"
    assert role not in {each["roleName"] for each in theirs.list_roles()["roles"]}
    theirs.create_role(roleName=role, assumeRolePolicyDocument=trust("404040404040"))
    service.get_role(roleName=role)

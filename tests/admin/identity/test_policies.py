"""Managed policies, as a boto3 program administers them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.admin.identity.conftest import FULL_ACCESS, code, document, name


def test_a_policy_of_one_s_own_is_made_changed_and_deleted(service: Any) -> None:
    policy, text = name("policy"), document("bedrock:InvokeModel")
    made = service.create_policy(policyName=policy, policyDocument=text, description="Invokes.")["policy"]
    assert made["policyArn"] == f"arn:aws:iam::123456789012:policy/{policy}"
    assert service.get_policy(policyArn=made["policyArn"])["policy"] == made
    with pytest.raises(ClientError) as refused:
        service.create_policy(policyName=policy, policyDocument=text)
    assert code(refused) == "ConflictException"
    changed = service.update_policy(policyArn=made["policyArn"], policyDocument=document("*"))["policy"]
    assert changed["policyDocument"] == document("*")
    service.delete_policy(policyArn=made["policyArn"])
    with pytest.raises(ClientError, match="does not exist") as refused:
        service.get_policy(policyArn=made["policyArn"])
    assert code(refused) == "ResourceNotFoundException"


def test_a_policy_that_is_attached_is_not_deleted(service: Any) -> None:
    user = name()
    arn = service.create_policy(policyName=name("policy"), policyDocument=document("*"))["policy"]["policyArn"]
    service.create_user(userName=user, permissionsBoundary=arn)
    with pytest.raises(ClientError, match="Cannot delete a policy attached to entities") as refused:
        service.delete_policy(policyArn=arn)
    assert code(refused) == "ConflictException"
    service.delete_user_permissions_boundary(userName=user)
    service.delete_policy(policyArn=arn)


def test_policies_of_all_accounts_can_be_read_and_not_changed(service: Any) -> None:
    given = {policy["policyName"] for policy in service.list_policies(scope="AWS")["policies"]}
    assert given >= {"AmazonBedrockFullAccess", "AmazonBedrockLimitedAccess", "AmazonBedrockReadOnly"}
    assert "bedrock:*" in service.get_policy(policyArn=FULL_ACCESS)["policy"]["policyDocument"]
    for attempt in (
        lambda: service.update_policy(policyArn=FULL_ACCESS, policyDocument=document("*")),
        lambda: service.delete_policy(policyArn=FULL_ACCESS),
    ):
        with pytest.raises(ClientError) as refused:
            attempt()
        assert code(refused) == "ResourceNotFoundException"


def test_own_policies_are_listed_page_by_page(service: Any) -> None:
    made = [
        service.create_policy(policyName=name("policy"), policyDocument=document("*"))["policy"]["policyArn"]
        for _ in range(3)
    ]
    found: list[str] = []
    page = service.list_policies(scope="LOCAL", maxResults=2)
    while "nextToken" in page:
        found += [policy["policyArn"] for policy in page["policies"]]
        page = service.list_policies(scope="LOCAL", maxResults=2, nextToken=page["nextToken"])
    found += [policy["policyArn"] for policy in page["policies"]]
    assert [arn for arn in found if arn in made] == made

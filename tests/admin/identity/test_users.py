"""Users and what they may, as a boto3 program administers them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.admin.identity.conftest import FULL_ACCESS, OTHER, READ_ONLY, code, document, name, user_of
from tests.fronts import Account


def test_a_user_is_made_found_renamed_and_deleted(service: Any) -> None:
    user, new = name(), name()
    made = service.create_user(userName=user, tags=[{"key": "team", "value": "red"}])["user"]
    assert made["arn"] == f"arn:aws:iam::123456789012:user/{user}"
    assert made["userId"].startswith("AIDA")
    assert service.get_user(userName=user)["user"] == made
    renamed = service.update_user(userName=user, newUserName=new)["user"]
    assert renamed == made | {"userName": new, "arn": f"arn:aws:iam::123456789012:user/{new}"}
    service.delete_user(userName=new)
    for gone in (user, new):
        with pytest.raises(ClientError, match=f"The user with name {gone} cannot be found") as refused:
            service.get_user(userName=gone)
        assert code(refused) == "ResourceNotFoundException"


def test_a_name_is_taken_once_in_an_account(service: Any, stranger: Account) -> None:
    user = name()
    service.create_user(userName=user)
    with pytest.raises(ClientError, match=f"User with name {user} already exists") as refused:
        service.create_user(userName=user.upper())
    assert code(refused) == "ConflictException"
    made = stranger.client("craton").create_user(userName=user)["user"]
    assert made["arn"] == f"arn:aws:iam::{OTHER}:user/{user}"
    with pytest.raises(ClientError, match="that of the account itself"):
        service.create_user(userName="root")


def test_users_are_listed_page_by_page(stranger: Account) -> None:
    client = stranger.client("craton")
    made = [name() for _ in range(5)]
    for user in made:
        client.create_user(userName=user)
    found: list[str] = []
    page = client.list_users(maxResults=2)
    while True:
        assert len(page["users"]) <= 2
        found += [user["userName"] for user in page["users"]]
        if "nextToken" not in page:
            break
        page = client.list_users(maxResults=2, nextToken=page["nextToken"])
    assert found[-5:] == made


def test_a_user_may_do_what_policies_allow_and_nothing_else(service: Any, account: Account) -> None:
    user = name()
    mine = user_of(account, named=user)
    bedrock = mine.client("bedrock")
    with pytest.raises(ClientError, match="no identity-based policy allows") as refused:
        bedrock.list_foundation_models()
    assert code(refused) == "AccessDeniedException"
    service.attach_user_policy(userName=user, policyArn=READ_ONLY)
    bedrock.list_foundation_models()
    service.put_user_policy(userName=user, policyName="not", policyDocument=document("bedrock:List*", effect="Deny"))
    with pytest.raises(ClientError, match="explicit deny in an identity-based policy"):
        bedrock.list_foundation_models()
    service.delete_user_policy(userName=user, policyName="not")
    bedrock.list_foundation_models()
    service.put_user_permissions_boundary(
        userName=user,
        permissionsBoundary=service.create_policy(
            policyName=name("policy"), policyDocument=document("bedrock:InvokeModel")
        )["policy"]["policyArn"],
    )
    with pytest.raises(ClientError, match="no permissions boundary allows"):
        bedrock.list_foundation_models()
    service.delete_user_permissions_boundary(userName=user)
    bedrock.list_foundation_models()
    service.detach_user_policy(userName=user, policyArn=READ_ONLY)
    with pytest.raises(ClientError, match="AccessDenied"):
        bedrock.list_foundation_models()


def test_policies_of_a_user_are_told(service: Any) -> None:
    user, text = name(), document("bedrock:*")
    service.create_user(userName=user)
    for policy in ("one", "two"):
        service.put_user_policy(userName=user, policyName=policy, policyDocument=text)
    service.attach_user_policy(userName=user, policyArn=FULL_ACCESS)
    service.attach_user_policy(userName=user, policyArn=FULL_ACCESS)
    assert service.list_user_policies(userName=user)["policyNames"] == ["one", "two"]
    assert service.get_user_policy(userName=user, policyName="one")["policyDocument"] == text
    assert service.list_attached_user_policies(userName=user)["attachedPolicies"] == [
        {"policyName": "AmazonBedrockFullAccess", "policyArn": FULL_ACCESS}
    ]
    for refuse in (
        lambda: service.get_user_policy(userName=user, policyName="three"),
        lambda: service.delete_user_policy(userName=user, policyName="three"),
        lambda: service.detach_user_policy(userName=user, policyArn=READ_ONLY),
        lambda: service.attach_user_policy(userName=user, policyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess"),
        lambda: service.delete_user_permissions_boundary(userName=user),
    ):
        with pytest.raises(ClientError) as refused:
            refuse()
        assert code(refused) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "Syntax errors in policy"),
        ("{}", "Statement"),
        ('{"Version": "2012-10-17", "Statement": [{"Effect": "Maybe", "Action": "*", "Resource": "*"}]}', "Effect"),
    ],
)
def test_a_malformed_policy_is_refused(service: Any, text: str, complaint: str) -> None:
    user = name()
    service.create_user(userName=user)
    with pytest.raises(ClientError, match=complaint) as refused:
        service.put_user_policy(userName=user, policyName="p", policyDocument=text)
    assert code(refused) == "ValidationException"
    assert service.list_user_policies(userName=user)["policyNames"] == []


def test_the_limits_of_iam_hold(service: Any) -> None:
    user = name()
    service.create_user(userName=user)
    long = document([f"bedrock:Get{'x' * 60}{number}" for number in range(20)])
    service.put_user_policy(userName=user, policyName="one", policyDocument=long)
    with pytest.raises(ClientError, match="Maximum policy size of 2048 bytes exceeded") as refused:
        service.put_user_policy(userName=user, policyName="two", policyDocument=long)
    assert code(refused) == "ServiceQuotaExceededException"
    arns = [
        service.create_policy(policyName=name("policy"), policyDocument=document("bedrock:*"))["policy"]["policyArn"]
        for _ in range(11)
    ]
    for arn in arns[:10]:
        service.attach_user_policy(userName=user, policyArn=arn)
    with pytest.raises(ClientError, match="PoliciesPerUser: 10") as refused:
        service.attach_user_policy(userName=user, policyArn=arns[10])
    assert code(refused) == "ServiceQuotaExceededException"
    with pytest.raises(ClientError, match="more than 50 tags") as refused:
        for start in (0, 50):
            tags = [{"key": str(number), "value": ""} for number in range(start, start + 50)]
            service.tag_user(userName=user, tags=tags)
    assert code(refused) == "ServiceQuotaExceededException"


def test_tags_of_a_user(service: Any) -> None:
    user = name()
    service.create_user(userName=user, tags=[{"key": "team", "value": "red"}])
    service.tag_user(userName=user, tags=[{"key": "team", "value": "blue"}, {"key": "site", "value": "a b"}])
    assert service.list_user_tags(userName=user)["tags"] == [
        {"key": "site", "value": "a b"},
        {"key": "team", "value": "blue"},
    ]
    service.untag_user(userName=user, tagKeys=["site", "absent"])
    assert service.get_user(userName=user)["user"]["tags"] == [{"key": "team", "value": "blue"}]


def test_a_renamed_user_s_keys_work_and_a_deleted_one_s_do_not(service: Any, account: Account) -> None:
    user, new = name(), name()
    mine = user_of(account, READ_ONLY, named=user)
    bedrock = mine.client("bedrock")
    bedrock.list_foundation_models()
    service.update_user(userName=user, newUserName=new)
    bedrock.list_foundation_models()
    listed = service.list_keys(userName=new)["keys"]
    assert [key["keyId"] for key in listed] == [mine.access_key_id]
    service.delete_user(userName=new)
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        bedrock.list_foundation_models()
    assert service.list_keys(userName=new)["keys"] == []


def test_a_user_is_renamed_by_who_may_change_both_names(service: Any, account: Account) -> None:
    user, other = name(), name()
    mine = user_of(account, named=user).client("craton")
    service.create_user(userName=other)
    arn = f"arn:aws:iam::123456789012:user/{other}"
    service.put_user_policy(userName=user, policyName="rename", policyDocument=document("craton:UpdateUser", arn))
    with pytest.raises(ClientError, match="user/admin"):
        mine.update_user(userName=other, newUserName="admin")
    service.put_user_policy(userName=user, policyName="rename", policyDocument=document("craton:UpdateUser", arn + "*"))
    mine.update_user(userName=other, newUserName=other + "-2")


def test_one_account_s_users_are_none_of_another_s(service: Any, stranger: Account) -> None:
    user = name()
    service.create_user(userName=user)
    service.put_user_policy(userName=user, policyName="p", policyDocument=document("bedrock:*"))
    own = service.create_policy(policyName=name("policy"), policyDocument=document("bedrock:*"))["policy"]
    theirs, mine = stranger.client("craton"), name()
    theirs.create_user(userName=mine)
    for attempt in (
        lambda: theirs.get_user(userName=user),
        lambda: theirs.delete_user(userName=user),
        lambda: theirs.update_user(userName=user, newUserName=name()),
        lambda: theirs.tag_user(userName=user, tags=[{"key": "a", "value": "b"}]),
        lambda: theirs.list_user_tags(userName=user),
        lambda: theirs.put_user_policy(userName=user, policyName="q", policyDocument=document("bedrock:*")),
        lambda: theirs.get_user_policy(userName=user, policyName="p"),
        lambda: theirs.attach_user_policy(userName=user, policyArn=FULL_ACCESS),
        lambda: theirs.create_access_key(userName=user),
        lambda: theirs.attach_user_policy(userName=mine, policyArn=own["policyArn"]),
        lambda: theirs.put_user_permissions_boundary(userName=mine, permissionsBoundary=own["policyArn"]),
        lambda: theirs.get_policy(policyArn=own["policyArn"]),
        lambda: theirs.update_policy(policyArn=own["policyArn"], policyDocument=document("*")),
        lambda: theirs.delete_policy(policyArn=own["policyArn"]),
    ):
        with pytest.raises(ClientError) as refused:
            attempt()
        assert code(refused) in {"ResourceNotFoundException", "AccessDeniedException"}, refused.value
    assert user not in {each["userName"] for each in theirs.list_users()["users"]}
    assert own["policyName"] not in {each["policyName"] for each in theirs.list_policies()["policies"]}

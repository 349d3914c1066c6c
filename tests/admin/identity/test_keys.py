"""Access keys and API keys, as a boto3 program administers them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.admin.identity.conftest import FULL_ACCESS, READ_ONLY, code, document, name, user_of
from tests.fronts import Account
from tests.serving import ACCESS_KEY_ID, Server


def status(server: Server, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{server.endpoint}/foundation-models", headers=headers).status_code


def test_the_last_use_of_a_key_is_told(service: Any, account: Account) -> None:
    user = name()
    mine = user_of(account, READ_ONLY, named=user)
    (fresh,) = service.list_keys(userName=user)["keys"]
    assert "lastUsedAt" not in fresh
    mine.client("bedrock", region="eu-central-1").list_foundation_models()
    (used,) = service.list_keys(userName=user)["keys"]
    assert (used["lastUsedService"], used["lastUsedRegion"]) == ("bedrock", "eu-central-1")
    assert abs(used["lastUsedAt"] - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_rotated_key_leaves_the_old_one_working_for_the_grace_period(service: Any, account: Account) -> None:
    user = name()
    old = user_of(account, READ_ONLY, named=user)
    made = service.rotate_key(keyId=old.access_key_id, gracePeriodSeconds=3600)
    assert made["userName"] == user
    assert made["replaced"]["keyId"] == old.access_key_id
    new = Account(account.server, made["keyId"], made["secretAccessKey"])
    for each in (old, new):
        each.client("bedrock").list_foundation_models()
    with pytest.raises(ClientError, match="rotated already") as refused:
        service.rotate_key(keyId=old.access_key_id)
    assert code(refused) == "ConflictException"
    made = service.rotate_key(keyId=new.access_key_id, gracePeriodSeconds=0)
    with pytest.raises(ClientError, match="expired") as refused:
        new.client("bedrock").list_foundation_models()
    assert code(refused) == "ExpiredTokenException"
    statuses = [key["status"] for key in service.list_keys(userName=user)["keys"]]
    assert statuses == ["ACTIVE", "EXPIRED", "ACTIVE"]


def test_an_api_key_is_rotated_revoked_and_deleted(service: Any, account: Account) -> None:
    made = service.create_api_key()
    assert made["userName"].startswith("BedrockAPIKey-")
    attached = service.list_attached_user_policies(userName=made["userName"])["attachedPolicies"]
    assert [policy["policyName"] for policy in attached] == ["AmazonBedrockLimitedAccess"]
    assert status(account.server, made["apiKey"]) == 200
    new = service.rotate_key(keyId=made["keyId"], gracePeriodSeconds=0)
    assert status(account.server, made["apiKey"]) == 403
    assert status(account.server, new["apiKey"]) == 200
    service.revoke_key(keyId=new["keyId"])
    assert status(account.server, new["apiKey"]) == 403
    assert [key["status"] for key in service.list_keys(userName=made["userName"])["keys"]] == ["EXPIRED", "REVOKED"]
    for key in (made, new):
        service.delete_key(keyId=key["keyId"])
    assert service.list_keys(userName=made["userName"])["keys"] == []
    with pytest.raises(ClientError) as refused:
        service.delete_key(keyId=new["keyId"])
    assert code(refused) == "ResourceNotFoundException"


def test_keys_are_listed_page_by_page(service: Any) -> None:
    user = name()
    service.create_user(userName=user)
    made = [service.create_access_key(userName=user)["accessKeyId"] for _ in range(5)]
    first = service.list_keys(userName=user, maxResults=3)
    second = service.list_keys(userName=user, maxResults=3, nextToken=first["nextToken"])
    assert [key["keyId"] for key in first["keys"] + second["keys"]] == made
    assert "nextToken" not in second


def test_a_user_makes_keys_of_its_own_and_of_nobody_else(service: Any, account: Account) -> None:
    user, other = name(), name()
    mine = user_of(account, named=user).client("craton")
    service.create_user(userName=other)
    with pytest.raises(ClientError, match="not authorized to perform: craton:CreateAccessKey"):
        mine.create_access_key()
    own = f"arn:aws:iam::123456789012:user/{user}"
    service.put_user_policy(userName=user, policyName="keys", policyDocument=document("craton:*", own))
    made = mine.create_access_key()
    assert made["userName"] == user
    mine.revoke_key(keyId=made["accessKeyId"])
    theirs = service.create_access_key(userName=other)["accessKeyId"]
    for attempt in (
        lambda: mine.create_access_key(userName=other),
        lambda: mine.create_api_key(userName=other),
        lambda: mine.create_api_key(),
        lambda: mine.rotate_key(keyId=theirs),
        lambda: mine.revoke_key(keyId=theirs),
        lambda: mine.delete_key(keyId=theirs),
        lambda: mine.list_keys(userName=other),
        lambda: mine.list_keys(),
    ):
        with pytest.raises(ClientError) as refused:
            attempt()
        assert code(refused) == "AccessDeniedException"


def test_nobody_but_root_has_root_s_keys(service: Any, account: Account) -> None:
    """Who may everything with keys could else make himself root."""
    user = name()
    mine = user_of(account, FULL_ACCESS, named=user).client("craton")
    service.put_user_policy(userName=user, policyName="keys", policyDocument=document("craton:*"))
    for attempt in (
        lambda: mine.create_access_key(userName="root"),
        lambda: mine.create_api_key(userName="root"),
        lambda: mine.rotate_key(keyId=ACCESS_KEY_ID),
        lambda: mine.revoke_key(keyId=ACCESS_KEY_ID),
        lambda: mine.delete_key(keyId=ACCESS_KEY_ID),
    ):
        with pytest.raises(ClientError, match="only the root of an account") as refused:
            attempt()
        assert code(refused) == "AccessDeniedException"
    assert service.get_caller_identity()["arn"].endswith(":root")


def test_a_key_for_a_user_who_is_not_there_is_refused(service: Any) -> None:
    for create in (service.create_access_key, service.create_api_key):
        with pytest.raises(ClientError, match="cannot be found") as refused:
            create(userName=name())
        assert code(refused) == "ResourceNotFoundException"


def test_keys_of_one_account_are_none_of_another_s(service: Any, stranger: Account) -> None:
    theirs = stranger.client("craton")
    made = service.create_access_key()["accessKeyId"]
    for attempt in (theirs.rotate_key, theirs.revoke_key, theirs.delete_key):
        with pytest.raises(ClientError) as refused:
            attempt(keyId=made)
        assert code(refused) == "ResourceNotFoundException"
    token = service.list_keys(maxResults=1)["nextToken"]
    with pytest.raises(ClientError, match="nextToken"):
        theirs.list_keys(nextToken=token)
    service.delete_key(keyId=made)


def test_the_tags_of_a_user_guard_the_keys_too(service: Any, account: Account) -> None:
    guarded, eve = name(), name()
    service.create_user(userName=guarded, tags=[{"key": "guarded", "value": "yes"}])
    kept = service.create_access_key(userName=guarded)["accessKeyId"]
    mine = user_of(account, named=eve)
    service.put_user_policy(userName=eve, policyName="all", policyDocument=document("craton:*"))
    conditions = {"StringEquals": {"aws:ResourceTag/guarded": "yes"}}
    denied = document("craton:*", effect="Deny", Condition=conditions)
    service.put_user_policy(userName=eve, policyName="but-guarded", policyDocument=denied)
    craton = mine.client("craton")
    for call, request in (
        (craton.create_access_key, {"userName": guarded}),
        (craton.create_api_key, {"userName": guarded}),
        (craton.list_keys, {"userName": guarded}),
        (craton.rotate_key, {"keyId": kept}),
        (craton.revoke_key, {"keyId": kept}),
        (craton.delete_key, {"keyId": kept}),
    ):
        with pytest.raises(ClientError, match="explicit deny") as refused:
            call(**request)
        assert code(refused) == "AccessDeniedException"
    assert [key["status"] for key in service.list_keys(userName=guarded)["keys"]] == ["ACTIVE"]

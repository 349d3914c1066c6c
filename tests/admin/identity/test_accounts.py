"""Accounts, as a boto3 program administers them, and as one that may not."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.admin.identity.conftest import FULL_ACCESS, OTHER, code, document, name, user_of
from tests.admin.identity.test_sessions import assumed
from tests.command import craton
from tests.fronts import Account


def test_an_account_is_made_found_renamed_and_deleted(service: Any) -> None:
    made = service.create_account(accountName="Research")["account"]
    assert (made["accountName"], made["status"]) == ("Research", "ACTIVE")
    assert len(made["accountId"]) == 12
    assert service.get_account(accountId=made["accountId"])["account"] == made
    renamed = service.update_account(accountId=made["accountId"], accountName="Forschung")["account"]
    assert renamed == made | {"accountName": "Forschung"}
    with pytest.raises(ClientError) as refused:
        service.create_account(accountName="Again", accountId=made["accountId"])
    assert code(refused) == "ConflictException"
    service.delete_account(accountId=made["accountId"])
    with pytest.raises(ClientError) as refused:
        service.get_account(accountId=made["accountId"])
    assert code(refused) == "ResourceNotFoundException"


def test_the_operator_s_principals_may_enter_an_account_that_lets_them(
    service: Any, account: Account, stranger: Account
) -> None:
    """As those of the management account of AWS Organizations."""
    made = service.create_account(accountName="Entered")["account"]["accountId"]
    arn = f"arn:aws:iam::{made}:role/OrganizationAccountAccessRole"
    inside = assumed(account.server, "craton", service.assume_role(roleArn=arn, roleSessionName="me"))
    inside.create_user(userName="first")
    assert [each["arn"] for each in inside.list_users()["users"]] == [f"arn:aws:iam::{made}:user/first"]
    plain, allowed = name(), name()
    clients = {each: user_of(account, FULL_ACCESS, named=each).client("craton") for each in (plain, allowed)}
    service.put_user_policy(userName=allowed, policyName="enter", policyDocument=document("sts:AssumeRole", arn))
    clients[allowed].assume_role(roleArn=arn, roleSessionName="me")
    for client in (clients[plain], stranger.client("craton")):
        with pytest.raises(ClientError) as refused:
            client.assume_role(roleArn=arn, roleSessionName="me")
        assert code(refused) == "AccessDeniedException"
    inside.delete_role(roleName="OrganizationAccountAccessRole")
    with pytest.raises(ClientError, match="AccessDenied"):
        service.assume_role(roleArn=arn, roleSessionName="me")
    service.delete_account(accountId=made)


def test_accounts_are_listed_page_by_page(service: Any) -> None:
    made = [service.create_account(accountName=f"Number {number}")["account"] for number in range(3)]
    found: list[Any] = []
    page = service.list_accounts(maxResults=2)
    while "nextToken" in page:
        found += page["accounts"]
        page = service.list_accounts(maxResults=2, nextToken=page["nextToken"])
    found += page["accounts"]
    assert found[0]["accountId"] == "123456789012"
    assert found[-3:] == made
    for account in made:
        service.delete_account(accountId=account["accountId"])


def test_only_principals_of_the_operator_s_account_administer_accounts(stranger: Account, account: Account) -> None:
    client = stranger.client("craton")
    assert client.get_account(accountId=OTHER)["account"]["accountId"] == OTHER
    assert [each["accountId"] for each in client.list_accounts()["accounts"]] == [OTHER]
    for attempt in (
        lambda: client.create_account(accountName="Mine"),
        lambda: client.get_account(accountId="123456789012"),
        lambda: client.get_account(accountId="999999999999"),
        lambda: client.update_account(accountId=OTHER, accountName="Mine"),
        lambda: client.suspend_account(accountId="123456789012"),
        lambda: client.activate_account(accountId=OTHER),
        lambda: client.delete_account(accountId=OTHER),
    ):
        with pytest.raises(ClientError, match="operates this server") as refused:
            attempt()
        assert code(refused) == "AccessDeniedException"
    user = name()
    mine = user_of(account, FULL_ACCESS, named=user).client("craton")
    with pytest.raises(ClientError, match="craton:ListAccounts"):
        mine.list_accounts()
    account.client("craton").put_user_policy(
        userName=user, policyName="accounts", policyDocument=document("craton:ListAccounts")
    )
    assert len(mine.list_accounts()["accounts"]) > 1


def test_a_suspended_account_s_callers_are_refused_until_it_is_activated(service: Any, account: Account) -> None:
    made = service.create_account(accountName="Late payer")["account"]["accountId"]
    done = craton("keys", "create", "--account", made, "--home", str(account.server.home))
    assert done.returncode == 0, done.stderr
    secrets = dict(line.removeprefix("export ").split("=", 1) for line in done.stdout.splitlines())
    mine = Account(account.server, secrets["AWS_ACCESS_KEY_ID"], secrets["AWS_SECRET_ACCESS_KEY"]).client("bedrock")
    mine.list_foundation_models()
    assert service.suspend_account(accountId=made)["account"]["status"] == "SUSPENDED"
    with pytest.raises(ClientError, match=f"The account {made} is suspended") as refused:
        mine.list_foundation_models()
    assert code(refused) == "AccessDeniedException"
    service.activate_account(accountId=made)
    mine.list_foundation_models()
    service.delete_account(accountId=made)
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        mine.list_foundation_models()


def test_the_operator_cannot_lock_itself_out(service: Any) -> None:
    for attempt in (service.suspend_account, service.delete_account):
        with pytest.raises(ClientError, match="operates this server") as refused:
            attempt(accountId="123456789012")
        assert code(refused) == "ValidationException"


def test_an_account_with_resources_is_not_deleted(service: Any, stranger: Account) -> None:
    agent = stranger.client("bedrock-agent")
    prompt = agent.create_prompt(name=name("prompt"))["id"]
    with pytest.raises(ClientError, match=r"still has resources \(prompt\)") as refused:
        service.delete_account(accountId=OTHER)
    assert code(refused) == "ConflictException"
    agent.delete_prompt(promptIdentifier=prompt)

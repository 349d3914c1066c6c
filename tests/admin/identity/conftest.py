"""Two accounts of a running server, and what tests of users and roles need."""

import itertools
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.command import craton
from tests.fronts import Account
from tests.serving import Server

OTHER = "404040404040"
FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonBedrockFullAccess"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonBedrockReadOnly"

_numbers = itertools.count()


def name(kind: str = "user") -> str:
    """One that no other test has."""
    return f"{kind}-{next(_numbers)}"


def document(action: str | list[str], resource: str = "*", effect: str = "Allow", **more: Any) -> str:
    statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(*principals: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    found: str = error.value.response["Error"]["Code"]
    return found


@pytest.fixture(scope="session")
def account(scripted_server: Server) -> Account:
    """The operator's account, as root."""
    return Account(scripted_server)


@pytest.fixture(scope="session")
def stranger(scripted_server: Server) -> Account:
    """Another account, as root."""
    Account(scripted_server).client("craton").create_account(accountName="Other", accountId=OTHER)
    done = craton("keys", "create", "--account", OTHER, "--json", "--home", str(scripted_server.home))
    made = json.loads(done.stdout)
    return Account(scripted_server, made["accessKeyId"], made["secretAccessKey"])


@pytest.fixture(scope="session")
def service(account: Account) -> Any:
    """boto3's client of Craton's own operations, as root of the operator's account."""
    return account.client("craton")


def user_of(account: Account, *policies: str, named: str | None = None) -> Account:
    """A new user of the account, with these managed policies."""
    client, user = account.client("craton"), named or name()
    client.create_user(userName=user)
    for policy in policies:
        client.attach_user_policy(userName=user, policyArn=policy)
    made = client.create_access_key(userName=user)
    return Account(account.server, made["accessKeyId"], made["secretAccessKey"])

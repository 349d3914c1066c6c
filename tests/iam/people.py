"""Users with policies of their own, on a running server, for tests to act as."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError

from tests.fronts import MODELS, Account, stranger_on
from tests.serving import CLIENT, REGION, Server

_numbers = itertools.count()


@cache
def _session() -> boto3.Session:
    """One for all, which reads the service models once."""
    core = botocore.session.Session()
    core.set_config_variable("data_path", str(MODELS))
    return boto3.Session("none", "none", region_name=REGION, botocore_session=core)


Statement = Mapping[str, Any]


@dataclass(frozen=True)
class User(Account):
    """A user: an access key of its own, and a Bedrock API key."""

    name: str = ""
    token: str = ""

    def client(self, service: str, region: str = REGION) -> Any:
        return _session().client(
            service,
            region,
            endpoint_url=self.server.endpoint,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret,
            config=CLIENT,
        )


def document(*statements: Statement) -> str:
    """A policy; a statement allows, and is about all resources, unless it says otherwise."""
    defaults = {"Effect": "Allow", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**defaults, **each} for each in statements]})


def user(root: Account, *statements: Statement, tags: Mapping[str, str] | None = None) -> User:
    """A new user of the account, who may do what the statements say."""
    craton = root.client("craton")
    name = f"someone-{next(_numbers)}"
    craton.create_user(userName=name, tags=[{"key": key, "value": value} for key, value in (tags or {}).items()])
    if statements:
        craton.put_user_policy(userName=name, policyName="own", policyDocument=document(*statements))
    key = craton.create_access_key(userName=name)
    token = craton.create_api_key(userName=name)["apiKey"]
    return User(root.server, key["accessKeyId"], key["secretAccessKey"], name, token)


def refusal(call: Callable[..., object], **request: object) -> str:
    """The message of the AccessDeniedException that the call is answered with."""
    with pytest.raises(ClientError) as refused:
        call(**request)
    error = refused.value.response["Error"]
    assert error["Code"] == "AccessDeniedException", error
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    message: str = error["Message"]
    return message


@pytest.fixture(scope="session")
def root(scripted_server: Server) -> Account:
    """The root of the default account."""
    return User(scripted_server)


@pytest.fixture(scope="session")
def other_root(scripted_server: Server) -> Account:
    """The root of another account of the same server."""
    made = stranger_on(scripted_server)
    return User(scripted_server, made.access_key_id, made.secret)

"""What was said in a request, as GetRequest tells it: where the account logs it, to whoever may read the log."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.fronts import Account
from tests.iam.people import user
from tests.scripted import ANSWER, MODEL
from tests.serving import Server

ROLE = "arn:aws:iam::123456789012:role/logs"
GROUP = {"cloudWatchConfig": {"logGroupName": "/said", "roleArn": ROLE}}
BUCKET = {"s3Config": {"bucketName": "said", "keyPrefix": "here"}}
BOTH = {"logGroupName": "/large", "roleArn": ROLE, "largeDataDeliveryS3Config": {"bucketName": "said"}}
MAY_ASK = {"Action": ["craton:GetRequest", "bedrock:*"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("contents") / "home"
    scripted.install(home)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    return Account(server)


def converse(account: Account, text: str, region: str = "us-east-1") -> str:
    """The request's id."""
    message = {"role": "user", "content": [{"text": text}]}
    answer = account.client("bedrock-runtime", region).converse(modelId=MODEL, messages=[message])
    request_id: str = answer["ResponseMetadata"]["RequestId"]
    return request_id


def configure(account: Account, region: str, config: dict[str, Any]) -> None:
    account.client("bedrock", region).put_model_invocation_logging_configuration(loggingConfig=config)


def content(account: Account, request_id: str) -> dict[str, Any]:
    """Records are written some seconds after their requests have ended."""
    client = account.client("craton")
    deadline = time.monotonic() + 30
    while True:
        found: dict[str, Any] = client.get_request(requestId=request_id)["content"]
        if found["status"] != "NOT_YET":
            return found
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(("region", "config"), [("eu-central-1", GROUP), ("eu-west-1", BUCKET)])
def test_both_bodies_are_told(account: Account, region: str, config: dict[str, Any]) -> None:
    configure(account, region, config)
    converse(account, "of others", region)
    found = content(account, converse(account, "What is a pear?", region))
    assert (found["status"], found["modelId"]) == ("LOGGED", MODEL)
    assert '"What is a pear?"' in found["input"]
    assert ANSWER in found["output"]
    assert "message" not in found


@pytest.mark.parametrize(
    ("region", "config"), [("eu-north-1", BUCKET), ("eu-south-1", {"cloudWatchConfig": BOTH}), ("eu-south-2", GROUP)]
)
def test_long_bodies_are_told_wherever_they_lie(account: Account, region: str, config: dict[str, Any]) -> None:
    configure(account, region, config)
    found = content(account, converse(account, "pear " * 30_000, region))
    assert found["input"].count("pear ") == 30_000
    assert ANSWER in found["output"]


def test_bodies_that_are_too_long_are_not(account: Account) -> None:
    configure(account, "ap-south-1", GROUP)
    found = content(account, converse(account, "pear " * 500_000, "ap-south-1"))
    assert (found["status"], "input" in found) == ("LOGGED", False)
    assert "longer than the 2 MiB" in found["message"]
    assert ANSWER in found["output"]


def test_a_refusal_is_told_with_what_was_asked(account: Account) -> None:
    configure(account, "eu-central-1", GROUP)
    with pytest.raises(ClientError) as raised:
        converse(account, "fail before", "eu-central-1")
    found = content(account, raised.value.response["ResponseMetadata"]["RequestId"])
    assert "fail before" in found["input"]
    assert "output" not in found


def test_how_to_turn_it_on(account: Account) -> None:
    found = content(account, converse(account, "Hello", "sa-east-1"))
    assert found["status"] == "LOGGING_OFF"
    assert "PutModelInvocationLoggingConfiguration" in found["message"]


def test_what_was_asked_before_it_was_on(account: Account) -> None:
    request_id = converse(account, "Hello", "ca-central-1")
    configure(account, "ca-central-1", GROUP)
    assert content(account, request_id)["status"] == "NOT_LOGGED"


def test_a_request_that_asks_no_model(account: Account) -> None:
    answer = account.client("bedrock", "eu-central-1").list_guardrails()
    assert content(account, answer["ResponseMetadata"]["RequestId"])["status"] == "NO_MODEL"


@pytest.mark.parametrize(
    ("region", "config", "action", "resource"),
    [
        ("eu-central-1", GROUP, "logs:GetLogEvents", "arn:aws:logs:eu-central-1:123456789012:log-group:/said:*"),
        ("eu-west-1", BUCKET, "s3:GetObject", "arn:aws:s3:::said/here/AWSLogs/123456789012/*"),
    ],
)
def test_only_who_may_read_the_log(
    account: Account, region: str, config: dict[str, Any], action: str, resource: str
) -> None:
    configure(account, region, config)
    request_id = converse(account, "a secret", region)
    assert content(account, request_id)["status"] == "LOGGED"
    found = content(user(account, MAY_ASK), request_id)
    assert found["status"] == "DENIED"
    assert f"not authorized to perform: {action}" in found["message"]
    assert "input" not in found
    assert content(user(account, MAY_ASK, {"Action": action, "Resource": resource}), request_id)["status"] == "LOGGED"


def test_an_object_that_is_none_of_ours_is_passed_over(account: Account, server: Server) -> None:
    configure(account, "us-west-2", {"s3Config": {"bucketName": "shared"}})
    request_id = converse(account, "Hello", "us-west-2")
    assert content(account, request_id)["status"] == "LOGGED"
    for path in (server.home / "buckets" / "shared").rglob("*.json.gz"):
        path.write_bytes(b"no gzip")
    assert content(account, request_id)["status"] in ("NOT_YET", "NOT_LOGGED")

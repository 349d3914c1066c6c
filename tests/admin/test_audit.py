"""The audit trail as operations: an account's own events, and whether nobody changed them."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.command import craton
from tests.fronts import Account, stranger_on
from tests.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("audit") / "home"
    scripted.install(home)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    return Account(server)


def events(account: Account, **wanted: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = account.client("craton").list_audit_events(**wanted)["events"]
    return listed


def test_a_change_is_told_when_it_is_acknowledged(account: Account) -> None:
    made = account.client("craton").create_api_key()
    event = events(account)[0]
    told = json.loads(event["cloudTrailEvent"])
    assert event["eventName"] == told["eventName"] == "CreateApiKey"
    assert event["requestId"] == told["requestID"] == made["ResponseMetadata"]["RequestId"]
    assert told["sourceIPAddress"] == "127.0.0.1"
    assert told["userAgent"].startswith("Boto3/")
    assert made["keyId"] in [each.get("id") for each in told["resources"]]
    assert made["apiKey"] not in event["cloudTrailEvent"]


def test_a_refused_change_is_told(account: Account) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        account.client("craton").revoke_key(keyId="AKIANOBODYS")
    event = events(account)[0]
    assert (event["eventName"], event["errorCode"]) == ("RevokeKey", "ResourceNotFoundException")


def test_a_change_that_nobody_permitted_is_told(account: Account) -> None:
    craton = account.client("craton")
    craton.create_user(userName="mallory")
    key = craton.create_access_key(userName="mallory")
    mallory = Account(account.server, key["accessKeyId"], key["secretAccessKey"]).client("bedrock")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        mallory.create_inference_profile(
            inferenceProfileName="mine",
            modelSource={"copyFrom": f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"},
        )
    event = events(account, principal="arn:aws:iam::123456789012:user/mallory")[0]
    told = json.loads(event["cloudTrailEvent"])
    assert (event["eventName"], event["errorCode"]) == ("CreateInferenceProfile", "AccessDeniedException")
    assert told["userIdentity"]["type"] == "IAMUser"
    assert told["requestParameters"]["inferenceProfileName"] == "mine"


def test_reads_and_invocations_are_not(account: Account) -> None:
    before = len(events(account, maxResults=1000))
    account.client("bedrock").list_foundation_models()
    message = {"role": "user", "content": [{"text": "Hello"}]}
    account.client("bedrock-runtime").converse(modelId=scripted.MODEL, messages=[message])
    assert len(events(account, maxResults=1000)) == before


def test_the_log_tells_the_records_hash(account: Account) -> None:
    account.client("craton").create_api_key()
    event = events(account)[0]
    (line,) = [line for line in account.server.requests_logged() if line["request_id"] == event["requestId"]]
    assert line["audit"] == event["hash"]


def test_what_the_command_changes_is_told_too(account: Account) -> None:
    made = craton("keys", "create", "--days", "3", "--json", "--home", str(account.server.home))
    assert made.returncode == 0, made.stderr
    told = json.loads(events(account, eventName="craton keys create")[0]["cloudTrailEvent"])
    assert told["userIdentity"]["type"] == "Operator"
    assert "--days" in told["requestParameters"]["arguments"]
    assert json.loads(made.stdout)["secretAccessKey"] not in json.dumps(told)


def test_another_account_sees_and_counts_its_own_alone(account: Account) -> None:
    account.client("craton").create_api_key()
    stranger = stranger_on(account.server)
    stranger.client("craton").create_api_key()
    theirs = [json.loads(event["cloudTrailEvent"]) for event in events(stranger)]
    assert {event["recipientAccountId"] for event in theirs} == {"111122223333"}
    verdict = stranger.client("craton").verify_audit()
    assert (verdict["valid"], verdict["events"]) == (True, len(theirs))


def test_it_is_verified_while_changes_go_on(account: Account) -> None:
    stop = threading.Event()
    failures: list[Exception] = []

    def change() -> None:
        client = account.client("craton")
        try:
            while not stop.is_set():
                client.create_api_key()
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)

    writers = [threading.Thread(target=change) for _ in range(3)]
    for writer in writers:
        writer.start()
    client = account.client("craton")
    head = events(account)[0]["hash"]
    verdicts = [client.verify_audit(head=head) for _ in range(10)]
    stop.set()
    for writer in writers:
        writer.join()
    assert not failures
    assert all(verdict["valid"] for verdict in verdicts)


def test_an_unknown_head_is_not_valid(account: Account) -> None:
    account.client("craton").create_api_key()
    verdict = account.client("craton").verify_audit(head="0" * 64)
    assert not verdict["valid"]
    assert "No record has the hash" in verdict["fault"]


def test_a_killed_server_keeps_the_record_of_what_it_acknowledged(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    running = Server(home)
    with running:
        made = Account(running).client("craton").create_api_key()
        running.kill()
    with sqlite3.connect(home / "craton.db") as connection:
        records = [json.loads(record) for (record,) in connection.execute("SELECT record FROM chain")]
    connection.close()
    assert made["ResponseMetadata"]["RequestId"] in [record["requestID"] for record in records]

"""`craton keys` on the home of a running server: what it makes works, what it ends does not."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.command import craton
from tests.scripted import MODEL
from tests.serving import Server


def keys(server: Server, *arguments: str) -> str:
    done = craton("keys", *arguments, "--home", str(server.home))
    assert done.returncode == 0, done.stderr
    return done.stdout


def bedrock(server: Server, made: dict[str, str]) -> Any:
    return server.client(
        "bedrock", aws_access_key_id=made["accessKeyId"], aws_secret_access_key=made["secretAccessKey"]
    )


def refused_soon(call: Callable[[], object], code: str) -> None:
    """Within a second, but for the time that this machine needs."""
    deadline = time.monotonic() + 5
    with pytest.raises(ClientError, match=code):
        while time.monotonic() < deadline:
            call()


def test_an_access_key_works_until_it_is_revoked(scripted_server: Server) -> None:
    made = json.loads(keys(scripted_server, "create", "--json"))
    client = bedrock(scripted_server, made)
    client.list_foundation_models()
    listed = {key["keyId"]: key for key in json.loads(keys(scripted_server, "list", "--json"))}
    assert listed[made["accessKeyId"]]["userName"] == "root"
    assert "secret" not in json.dumps(listed).lower()
    keys(scripted_server, "revoke", made["accessKeyId"])
    refused_soon(client.list_foundation_models, "UnrecognizedClientException")


def test_a_key_of_a_new_user_says_what_the_user_may(scripted_server: Server) -> None:
    arguments = ("keys", "create", "--json", "--user", "cli-ada", "--home", str(scripted_server.home))
    first = craton(*arguments)
    assert "The user cli-ada is new and has AmazonBedrockFullAccess" in first.stderr
    bedrock(scripted_server, json.loads(first.stdout)).list_foundation_models()
    second = craton(*arguments)
    assert "is new" not in second.stderr
    listed = json.loads(keys(scripted_server, "list", "--user", "cli-ada", "--json"))
    assert [key["keyId"] for key in listed] == [json.loads(each.stdout)["accessKeyId"] for each in (first, second)]


def test_an_api_key_works_as_a_bearer_token(scripted_server: Server) -> None:
    made = json.loads(keys(scripted_server, "create", "--api-key", "--json"))

    def status(token: str, method: str = "GET", path: str = "/foundation-models") -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.request(method, scripted_server.endpoint + path, headers=headers).status_code

    assert status(made["apiKey"]) == 200
    assert status(made["apiKey"][:-8] + "AAAAAAA=") == 403
    assert status(made["apiKey"], "POST", "/agents/") == 403, "only bedrock and bedrock-runtime take API keys"


def test_an_api_key_without_a_user_serves_every_door(scripted_server: Server) -> None:
    made = json.loads(keys(scripted_server, "create", "--api-key", "--json"))
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hi there"}]}
    address = f"{scripted_server.endpoint}/v1/messages/count_tokens"
    answer = httpx.post(address, headers={"x-api-key": made["apiKey"]}, json=body)
    assert answer.json() == {"input_tokens": 2}


def test_a_rotated_key_works_beside_the_new_one_until_it_expires(scripted_server: Server) -> None:
    old = json.loads(keys(scripted_server, "create", "--json"))
    done = craton("keys", "rotate", old["accessKeyId"], "--json", "--home", str(scripted_server.home))
    new = json.loads(done.stdout)
    assert f"{old['accessKeyId']} expires at" in done.stderr
    for each in (old, new):
        bedrock(scripted_server, each).list_foundation_models()
    keys(scripted_server, "rotate", new["accessKeyId"], "--grace", "0")
    refused_soon(bedrock(scripted_server, new).list_foundation_models, "ExpiredTokenException")


def test_an_expired_key_is_refused(scripted_server: Server) -> None:
    made = json.loads(keys(scripted_server, "create", "--json", "--days", "0"))
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        bedrock(scripted_server, made).list_foundation_models()


def test_a_deleted_key_is_listed_no_more(scripted_server: Server) -> None:
    made = json.loads(keys(scripted_server, "create", "--json"))["accessKeyId"]
    keys(scripted_server, "delete", made)
    assert made not in keys(scripted_server, "list")


def test_a_key_that_is_not_there_cannot_be_revoked(scripted_server: Server) -> None:
    done = craton("keys", "revoke", "AKIANOTTHERE", "--home", str(scripted_server.home))
    assert done.returncode == 1
    assert "does not exist" in done.stderr

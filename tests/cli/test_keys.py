"""`craton keys` on the home of a running server: what it makes works, what it revokes does not."""

import json
import time
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.command import craton
from tests.serving import Server

pytestmark = pytest.mark.model


def keys(server: Server, *arguments: str) -> Any:
    done = craton("keys", *arguments, "--home", str(server.home))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_access_key_works_until_it_is_revoked(server: Server) -> None:
    made = json.loads(keys(server, "create", "--json", "--user", "ada"))
    client = server.client(
        "bedrock", aws_access_key_id=made["accessKeyId"], aws_secret_access_key=made["secretAccessKey"]
    )
    client.list_foundation_models()
    listed = {key["keyId"]: key for key in json.loads(keys(server, "list", "--json"))}
    assert listed[made["accessKeyId"]]["userName"] == "ada"
    assert "secret" not in json.dumps(listed).lower()
    keys(server, "revoke", made["accessKeyId"])
    deadline = time.monotonic() + 5
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        while time.monotonic() < deadline:
            client.list_foundation_models()


def test_an_api_key_works_as_a_bearer_token(server: Server) -> None:
    made = json.loads(keys(server, "create", "--api-key", "--json"))

    def status(token: str, method: str = "GET", path: str = "/foundation-models") -> int:
        return httpx.request(method, server.endpoint + path, headers={"Authorization": f"Bearer {token}"}).status_code

    assert status(made["apiKey"]) == 200
    assert status(made["apiKey"][:-8] + "AAAAAAA=") == 403
    assert status(made["apiKey"], "POST", "/agents/") == 403, "only bedrock and bedrock-runtime take API keys"


def test_an_expired_key_is_refused(server: Server) -> None:
    made = json.loads(keys(server, "create", "--json", "--days", "0"))
    client = server.client(
        "bedrock", aws_access_key_id=made["accessKeyId"], aws_secret_access_key=made["secretAccessKey"]
    )
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        client.list_foundation_models()


def test_a_key_that_is_not_there_cannot_be_revoked(server: Server) -> None:
    done = craton("keys", "revoke", "AKIANOTTHERE", "--home", str(server.home))
    assert done.returncode == 1
    assert "does not exist" in done.stderr

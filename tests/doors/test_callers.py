"""Who calls, at a running server: short-term API keys, and addresses behind a proxy."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import sign
from tests.doors.wires import exchange
from tests.fronts import Account
from tests.serving import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, Server

MODEL = scripted.MODEL
LIMITED = "arn:aws:iam::aws:policy/AmazonBedrockLimitedAccess"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its peer on the loopback interface is a trusted proxy."""
    home = tmp_path_factory.mktemp("callers") / "home"
    scripted.install(home)
    (home / "craton.toml").write_text('trusted_proxies = ["127.0.0.0/8"]\n')
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def service(server: Server) -> Any:
    return Account(server).client("craton")


def short_term(
    access_key_id: str,
    secret: str,
    session: str | None = None,
    *,
    region: str = REGION,
    expires: int = 43200,
    ago: timedelta = timedelta(0),
) -> str:
    """A short-term API key, as aws-bedrock-token-generator makes it; `ago` tells how long ago."""
    request = AWSRequest(
        method="POST",
        url="https://bedrock.amazonaws.com/",
        headers={"host": "bedrock.amazonaws.com"},
        params={"Action": "CallWithBearerToken"},
    )

    class Then(SigV4QueryAuth):
        def _modify_request_before_signing(self, request: AWSRequest) -> None:
            request.context["timestamp"] = (datetime.now(UTC) - ago).strftime("%Y%m%dT%H%M%SZ")
            super()._modify_request_before_signing(request)

    Then(Credentials(access_key_id, secret, session), "bedrock", region, expires).add_auth(request)
    url = request.url.replace("https://", "") + "&Version=1"
    return "bedrock-api-key-" + b64encode(url.encode()).decode()


def converse(server: Server, token: str) -> httpx.Response:
    return httpx.post(
        f"{server.endpoint}/model/{MODEL}/converse",
        headers={"Authorization": f"Bearer {token}"},
        json={"messages": [{"role": "user", "content": [{"text": "Hello"}]}]},
    )


def test_a_short_term_key_is_its_signer_s(server: Server, service: Any) -> None:
    service.create_user(userName="ada")
    made = service.create_access_key(userName="ada")
    token = short_term(made["accessKeyId"], made["secretAccessKey"])
    refused = converse(server, token)
    assert refused.status_code == 403
    assert "user/ada is not authorized to perform: bedrock:CallWithBearerToken" in refused.json()["message"]
    service.attach_user_policy(userName="ada", policyArn=LIMITED)
    assert converse(server, token).status_code == 200
    (key,) = service.list_keys(userName="ada")["keys"]
    assert key["lastUsedService"] == "bedrock"
    with httpx.Client(base_url=server.endpoint, headers={"Authorization": f"Bearer {token}"}) as client:
        assert client.get("/v1/models").status_code == 200
        assert client.post("/agents/", json={}).status_code == 403, "only bedrock and bedrock-runtime take API keys"
    service.revoke_key(keyId=made["accessKeyId"])
    assert converse(server, token).status_code == 403


def test_a_short_term_key_of_a_session(server: Server, service: Any) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = service.create_role(roleName="talker", assumeRolePolicyDocument=trust)["role"]["arn"]
    service.attach_role_policy(roleName="talker", policyArn=LIMITED)
    made = service.assume_role(roleArn=arn, roleSessionName="me")["credentials"]
    session = (made["accessKeyId"], made["secretAccessKey"])
    assert converse(server, short_term(*session, made["sessionToken"])).status_code == 200
    for token in (None, "another"):
        assert converse(server, short_term(*session, token)).status_code == 403


def test_a_short_term_key_is_for_the_region_it_was_made_in(server: Server, service: Any) -> None:
    made = service.create_access_key()
    token = short_term(made["accessKeyId"], made["secretAccessKey"], region="eu-central-1")
    assert converse(server, token).status_code == 200
    (used,) = [key for key in service.list_keys()["keys"] if key["keyId"] == made["accessKeyId"]]
    assert used["lastUsedRegion"] == "eu-central-1"


@pytest.mark.parametrize(
    ("token", "complaint"),
    [
        (short_term(ACCESS_KEY_ID, "another secret"), "make sure your API Key is valid"),
        (short_term("AKIANOBODYEVERMADE", SECRET_ACCESS_KEY), "make sure your API Key is valid"),
        (short_term(ACCESS_KEY_ID, SECRET_ACCESS_KEY, expires=43201), "make sure your API Key is valid"),
        (short_term(ACCESS_KEY_ID, SECRET_ACCESS_KEY, expires=60, ago=timedelta(minutes=2)), "has expired"),
        (short_term(ACCESS_KEY_ID, SECRET_ACCESS_KEY)[:-12], "make sure your API Key is valid"),
        ("bedrock-api-key-", "make sure your API Key is valid"),
    ],
)
def test_a_short_term_key_that_proves_nothing_is_refused(server: Server, token: str, complaint: str) -> None:
    refused = converse(server, token)
    assert refused.status_code == 403
    assert refused.headers["x-amzn-errortype"].startswith("AccessDeniedException")
    assert complaint in refused.json()["message"]


def test_policies_see_the_address_that_a_trusted_proxy_tells(server: Server, service: Any) -> None:
    service.create_user(userName="remote")
    made = service.create_access_key(userName="remote")
    condition = {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
    statement = {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*", "Condition": condition}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    service.put_user_policy(userName="remote", policyName="office", policyDocument=text)
    credentials = Credentials(made["accessKeyId"], made["secretAccessKey"])

    def status(*forwarded: str) -> int:
        headers = tuple(("x-forwarded-for", each) for each in forwarded)
        host = f"127.0.0.1:{server.port}"
        signed = sign(Request("GET", "/foundation-models"), credentials=credentials, host=host)
        return exchange(server, Request("GET", "/foundation-models", headers=(*signed.headers, *headers))).status

    assert status("198.51.100.7") == 200
    assert status("198.51.100.7, 203.0.113.9") == 403, "what the client says of itself counts for nothing"
    assert status() == 403

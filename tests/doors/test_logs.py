"""What the server's log tells of requests, and what it never tells: secrets, and what was said."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests import scripted
from tests.fronts import Account
from tests.scripted import ANSWER, MODEL
from tests.serving import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, Server

SAID = "the-words-of-a-client"
SECRETS = {
    "bearer": "ABSKc2VjcmV0LXRva2VuLW9mLWEtY2xpZW50",
    "provider": "sk-proj-a1b2c3d4e5f6a7b8c9d0",
    "cookie": "session-cookie-of-a-client",
    "session": "FwoGZXIvYXdzEXAMPLEsessiontoken",
}


def test_a_request_has_one_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home)
    with Server(home) as server:
        message = {"role": "user", "content": [{"text": "Hello"}]}
        client = Account(server).client("bedrock-runtime")
        answer = client.converse(modelId=MODEL, messages=[message])
        with pytest.raises(ClientError):
            client.converse(modelId="nobody.nothing", messages=[message])
    done, refused = server.requests_logged()
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert done["request_id"] == request_id
    assert done["trace_id"] == request_id.replace("-", "")
    assert (done["operation"], done["account"], done["status"]) == ("bedrock-runtime.Converse", "123456789012", 200)
    assert done["ms"] > 0
    assert "error" not in done
    assert (refused["status"], refused["error"]) == (400, "ValidationException")


def signed(server: Server, path: str, body: bytes, *, query: bool = False) -> AWSRequest:
    request = AWSRequest(method="POST", url=server.endpoint + path, data=body)
    maker = SigV4QueryAuth if query else SigV4Auth
    maker(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), "bedrock", REGION).add_auth(request)
    return request


def attack(server: Server) -> list[str]:
    """Requests with secrets and contents in every place, most of them wrong; the signatures that were sent."""
    converse = f"/model/{MODEL}/converse"
    body = json.dumps({"messages": [{"role": "user", "content": [{"text": SAID}]}]}).encode()
    signatures: list[str] = []
    sent = {"cookie": SECRETS["cookie"], "x-api-key": SECRETS["provider"], "x-amz-security-token": SECRETS["session"]}
    with httpx.Client(base_url=server.endpoint, timeout=60) as client:
        for query in (False, True):
            request = signed(server, converse, body, query=query)
            marked = request.headers.get("Authorization", "") or request.url
            signatures.append(marked.rpartition("ignature=")[2])
            # As it is, with another body, with another path.
            client.post(request.url, content=body, headers=dict(request.headers))
            client.post(request.url, content=body + b" ", headers=dict(request.headers))
            client.post(request.url.replace("converse", "invoke"), content=body, headers=dict(request.headers))
        for path in (converse, "/v1/chat/completions", "/v1/messages", f"/{SAID}", f"/model/{SAID}/converse"):
            for headers in (
                sent,
                {"authorization": f"Bearer {SECRETS['bearer']}"},
                {"authorization": SECRETS["bearer"]},
            ):
                client.post(path, content=body, headers=headers)
                client.post(f"{path}?X-Amz-Signature={SECRETS['session']}&prompt={SAID}", content=body, headers=headers)
                client.post(path, content=b'{"messages": ' + SAID.encode(), headers=headers)
                client.request(SAID.upper(), path, headers=headers)
    wrong: list[dict[str, Any]] = [
        {"messages": [{"role": SAID, "content": [{"text": SAID}]}]},
        {"messages": [{"role": "user", "content": [{"text": SAID}]}], "inferenceConfig": {"maxTokens": SAID}},
        {"messages": [{"role": "user", "content": [{"text": f"fail before {SAID}"}]}]},
        {"messages": [{"role": "user", "content": [{"text": f"fail after {SAID}"}]}]},
        {"messages": [{"role": "user", "content": [{"text": SAID}]}], "system": [{SAID: SAID}]},
    ]
    with httpx.Client(base_url=server.endpoint, timeout=60) as client:
        for each in wrong:
            request = signed(server, converse, json.dumps(each).encode())
            client.post(converse, content=request.data, headers=dict(request.headers))
    return signatures


def test_neither_secrets_nor_contents_are_ever_in_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home)
    with Server(home) as server:
        account = Account(server)
        signatures = attack(server)
        craton = account.client("craton")
        token = craton.create_api_key()["apiKey"]
        secret = craton.create_access_key()["secretAccessKey"]
        made = craton.create_provider(
            providerName="mine",
            kind="openai",
            baseUrl="http://127.0.0.1:9/v1",
            models=[{"model": "m", "id": "mine.far"}],
        )
        assert made["providerName"] == "mine"
        message = {"role": "user", "content": [{"text": SAID}]}
        with pytest.raises(ClientError):
            account.client("bedrock-runtime").converse(modelId="mine.far", messages=[message])
        httpx.get(f"{server.endpoint}/v1/models", headers={"authorization": f"Bearer {token}"})
    log = server.log.read_text()
    assert len(server.requests_logged()) > 60
    hidden = [*SECRETS.values(), *signatures, token, secret, SECRET_ACCESS_KEY, SAID, SAID.upper(), ANSWER]
    assert [text for text in hidden if text and text in log] == []

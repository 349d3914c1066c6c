"""boto3, and requests that botocore signs and another client sends: who may call, and every form of a model's name."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.clients.conftest import logged
from tests.clients.tls import certificate, proxy
from tests.serving import ACCESS_KEY_ID, CLIENT, MODEL, REGION, SECRET_ACCESS_KEY, Server

pytestmark = pytest.mark.model

ACCOUNT = "123456789012"
MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"
PROFILE_ARN = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/us.{MODEL}"
FORMS = {"id": MODEL, "profile": f"us.{MODEL}", "model-arn": MODEL_ARN, "profile-arn": PROFILE_ARN}

QUESTION: list[dict[str, Any]] = [{"role": "user", "content": [{"text": "What is the capital of France?"}]}]
CONFIGURED = {"temperature": 0, "maxTokens": 30}


@pytest.fixture(scope="module")
def over_tls(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    """Makes a client that reaches the server over TLS: without it, boto3 sends no API key."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl on this machine to make a certificate with")
    pem = certificate(tmp_path_factory.mktemp("tls"))
    with proxy(server.port, pem) as endpoint:
        session = boto3.Session(region_name=REGION)
        yield lambda: session.client("bedrock-runtime", endpoint_url=endpoint, config=CLIENT, verify=str(pem))


@pytest.fixture
def bearer(over_tls: Callable[[], Any], api_key: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client that knows nothing but an API key in its environment."""
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", api_key)
    return over_tls()


def signed(server: Server, path: str, body: Any) -> dict[str, Any]:
    """A POST for httpx, signed as it will be sent."""
    content = json.dumps(body).encode()
    request = AWSRequest("POST", server.endpoint + path, {"Content-Type": "application/json"}, content)
    SigV4Auth(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), "bedrock", REGION).add_auth(request)
    return {"url": server.endpoint + path, "content": content, "headers": dict(request.headers)}


def refusal(caught: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


@pytest.mark.parametrize("model", FORMS.values(), ids=FORMS)
def test_every_form_of_a_models_name(server: Server, model: str) -> None:
    runtime = server.client("bedrock-runtime")
    answer = runtime.converse(modelId=model, messages=QUESTION, inferenceConfig=CONFIGURED)
    assert "Paris" in answer["output"]["message"]["content"][0]["text"]
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0


@pytest.mark.parametrize("arn", [MODEL_ARN, PROFILE_ARN], ids=["model-arn", "profile-arn"])
def test_an_arn_whose_slash_is_not_encoded(server: Server, arn: str) -> None:
    request = signed(server, f"/model/{arn}/converse", {"messages": QUESTION, "inferenceConfig": CONFIGURED})
    response = httpx.post(**request, timeout=300)
    assert f"/model/{arn}/converse" == response.request.url.raw_path.decode()
    assert response.status_code == 200, response.text
    assert "Paris" in response.json()["output"]["message"]["content"][0]["text"]


def test_http_2_with_prior_knowledge(server: Server) -> None:
    body = {"messages": QUESTION, "inferenceConfig": CONFIGURED}
    with httpx.Client(http1=False, http2=True, timeout=300) as client:
        answers = [client.post(**signed(server, f"/model/{model}/converse", body)) for model in FORMS.values()]
    assert {answer.http_version for answer in answers} == {"HTTP/2"}
    assert [answer.status_code for answer in answers] == [200] * len(FORMS)
    assert len({json.dumps(answer.json()["output"]) for answer in answers}) == 1


BODIES: dict[str, dict[str, Any]] = {
    "anthropic.claude-3-haiku-20240307-v1:0": {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 30,
        "temperature": 0,
        "messages": [{"role": "user", "content": "What is the capital of France?"}],
    },
    "amazon.nova-lite-v1:0": {"messages": QUESTION, "inferenceConfig": CONFIGURED},
    "amazon.titan-text-express-v1": {
        "inputText": "What is the capital of France?",
        "textGenerationConfig": {"temperature": 0, "maxTokenCount": 30},
    },
    "meta.llama3-8b-instruct-v1:0": {
        "prompt": "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n"
        "What is the capital of France?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        "temperature": 0,
        "max_gen_len": 30,
    },
    "openai.gpt-oss-20b-1:0": {
        "messages": [{"role": "user", "content": "What is the capital of France?"}],
        "temperature": 0,
        "max_completion_tokens": 30,
    },
}


@pytest.mark.parametrize("model", BODIES)
def test_invoke_model_in_each_vendors_words(server: Server, model: str) -> None:
    request = {"modelId": model, "body": json.dumps(BODIES[model])}
    runtime = server.client("bedrock-runtime")
    plain = runtime.invoke_model(**request)
    headers = plain["ResponseMetadata"]["HTTPHeaders"]
    assert "Paris" in plain["body"].read().decode()
    assert headers["x-craton-served-by"] == MODEL
    assert int(headers["x-amzn-bedrock-output-token-count"]) > 0
    events = runtime.invoke_model_with_response_stream(**request)["body"]
    chunks = [json.loads(event["chunk"]["bytes"]) for event in events]
    assert len(chunks) > 3
    assert "amazon-bedrock-invocationMetrics" in chunks[-1]


def test_an_api_key_in_the_environment(bearer: Any, server: Server) -> None:
    answer = bearer.converse(modelId=MODEL, messages=QUESTION, inferenceConfig=CONFIGURED)
    assert "Paris" in answer["output"]["message"]["content"][0]["text"]
    assert ":user/BedrockAPIKey-" in logged(server, answer["ResponseMetadata"]["RequestId"])["caller"]


def test_an_api_key_that_nobody_made(over_tls: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "ABSKbm9ib2R5OnNlY3JldA==")
    with pytest.raises(ClientError, match="make sure your API Key is valid") as caught:
        over_tls().converse(modelId=MODEL, messages=QUESTION)
    assert refusal(caught) == (403, "AccessDeniedException")


def test_an_api_key_once_revoked(bearer: Any, server: Server) -> None:
    request = {"modelId": MODEL, "input": {"converse": {"messages": QUESTION}}}
    assert bearer.count_tokens(**request)["inputTokens"] > 0
    craton = [sys.executable, "-m", "craton", "keys"]
    listed = subprocess.run([*craton, "list", "--home", server.home, "--json"], capture_output=True, check=True)
    newest = [key["keyId"] for key in json.loads(listed.stdout) if key["type"] == "API_KEY"][-1]
    subprocess.run([*craton, "revoke", newest, "--home", server.home], capture_output=True, check=True)
    with pytest.raises(ClientError, match="make sure your API Key is valid") as caught:
        deadline = time.monotonic() + 10  # The server learns within a second of what another process has done.
        while time.monotonic() < deadline:
            bearer.count_tokens(**request)
    assert refusal(caught) == (403, "AccessDeniedException")


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        ({"aws_access_key_id": ACCESS_KEY_ID, "aws_secret_access_key": "another"}, "InvalidSignatureException"),
        (
            {"aws_access_key_id": "AKIANOBODY", "aws_secret_access_key": SECRET_ACCESS_KEY},
            "UnrecognizedClientException",
        ),
        (
            {
                "aws_access_key_id": ACCESS_KEY_ID,
                "aws_secret_access_key": SECRET_ACCESS_KEY,
                "aws_session_token": "made-up",
            },
            "UnrecognizedClientException",
        ),
    ],
    ids=["secret", "key", "token"],
)
def test_credentials_that_are_wrong(server: Server, credentials: dict[str, str], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        server.client("bedrock", **credentials).list_foundation_models()
    assert refusal(caught) == (403, code)
    assert server.client("bedrock").list_foundation_models()["modelSummaries"], "a wrong try must not lock out"


def test_a_presigned_url_needs_no_client_that_signs(server: Server) -> None:
    url = server.client("bedrock").generate_presigned_url(
        "get_foundation_model", Params={"modelIdentifier": MODEL_ARN}, ExpiresIn=60, HttpMethod="GET"
    )
    fetched = httpx.get(url)
    assert fetched.status_code == 200, fetched.text
    assert fetched.json()["modelDetails"]["modelId"] == MODEL
    changed = httpx.get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"))
    assert (changed.status_code, error_type(changed)) == (403, "InvalidSignatureException")


def test_a_request_that_is_not_signed(server: Server) -> None:
    response = httpx.get(f"{server.endpoint}/foundation-models")
    assert (response.status_code, error_type(response)) == (403, "MissingAuthenticationTokenException")


def error_type(response: httpx.Response) -> str:
    return str(response.headers["x-amzn-errortype"]).partition(":")[0]

"""The screens of requests and of API coverage: followed, filtered, explained and opened in a browser."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.console.conftest import Journey, clean
from tests.fronts import Account
from tests.iam.people import user
from tests.scripted import MODEL
from tests.serving import Server

ROLE = "arn:aws:iam::123456789012:role/logs"


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("requests") / "home"
    scripted.install(home)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def asked(place: Server) -> dict[str, str]:
    """A request that was refused, and one that was guarded, logged and answered."""
    account = Account(place)
    bedrock = account.client("bedrock")
    group = {"logGroupName": "/said", "roleArn": ROLE}
    bedrock.put_model_invocation_logging_configuration(loggingConfig={"cloudWatchConfig": group})
    guardrail = bedrock.create_guardrail(
        name="fruit",
        wordPolicyConfig={"wordsConfig": [{"text": "durian"}]},
        blockedInputMessaging="No.",
        blockedOutputsMessaging="No.",
    )["guardrailId"]
    said = account.client("bedrock-runtime").converse(
        modelId=MODEL,
        messages=[{"role": "user", "content": [{"text": "What is a pear?"}]}],
        guardrailConfig={"guardrailIdentifier": guardrail, "guardrailVersion": "DRAFT"},
    )
    with pytest.raises(ClientError) as raised:
        user(account, {"Action": "bedrock:List*"}).client("bedrock-runtime").converse(
            modelId=MODEL, messages=[{"role": "user", "content": [{"text": "Hello"}]}]
        )
    failed = raised.value.response["ResponseMetadata"]["RequestId"]
    return {"SAID": said["ResponseMetadata"]["RequestId"], "FAILED": failed}


def test_requests_are_followed_explained_and_opened(journey: Journey, place: Server, asked: dict[str, str]) -> None:
    answer = (
        Account(place)
        .client("bedrock-runtime")
        .converse_stream(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "talk forever"}]}])
    )
    try:
        next(iter(answer["stream"]))
        found = journey("requests", RUNNING=answer["ResponseMetadata"]["RequestId"], **asked)
    finally:
        answer["stream"].close()
    clean(found, place)
    assert "Running" in found["running"]
    assert found["first"].endswith(answer["ResponseMetadata"]["RequestId"]), "what runs stands first"
    assert found["last"] == found["before"], "End leads to the last row"
    assert found["errors"] == ["403 AccessDenied"]
    assert found["back"] == "#outcome=CLIENT_ERROR"
    for told in ("The caller may not do bedrock:InvokeModel", '"Action": "bedrock:InvokeModel"', "is not authorized"):
        assert told in found["why"]
    assert found["steps"] == [
        "The whole request",
        "Quotas and budgets",
        "Guardrail on the input",
        "Waits for the model",
        "Model at work",
        "Reads the input",
        "Writes the answer",
        "Guardrail on the answer",
    ]
    assert "craton.guardrail.intervened" in found["told"]
    assert "What is a pear?" in found["said"]
    assert scripted.ANSWER in found["said"]
    assert found["play"] == "/console/playground"


def test_they_can_be_read_on_a_phone(journey: Journey, place: Server, asked: dict[str, str]) -> None:
    found = journey("requests", LOOK="german", **asked)
    clean(found, place)
    assert all(width <= 0 for width in found["widths"].values()), found["widths"]

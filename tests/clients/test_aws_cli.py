"""The AWS CLI, as it is typed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import Finished, printed
from tests.serving import MODEL, REGION

pytestmark = [pytest.mark.clients, pytest.mark.model]

Aws = Callable[..., Finished]

ACCOUNT = "123456789012"
MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"
PROFILE_ARN = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/us.{MODEL}"
QUESTION = json.dumps([{"role": "user", "content": [{"text": "What is the capital of France?"}]}])


def converse(aws: Aws, model: str) -> Any:
    words = ["--model-id", model, "--messages", QUESTION, "--inference-config", "temperature=0,maxTokens=30"]
    return printed(aws("bedrock-runtime", "converse", *words))


def test_list_foundation_models(aws: Aws) -> None:
    models = printed(aws("bedrock", "list-foundation-models", "--by-output-modality", "TEXT"))["modelSummaries"]
    assert MODEL_ARN in [model["modelArn"] for model in models]


@pytest.mark.parametrize("identifier", [MODEL, MODEL_ARN], ids=["id", "arn"])
def test_get_foundation_model(aws: Aws, identifier: str) -> None:
    details = printed(aws("bedrock", "get-foundation-model", "--model-identifier", identifier))["modelDetails"]
    assert (details["modelId"], details["modelArn"]) == (MODEL, MODEL_ARN)
    assert details["modelLifecycle"] == {"status": "ACTIVE"}


def test_the_pages_of_inference_profiles_are_joined(aws: Aws) -> None:
    answer = printed(aws("bedrock", "list-inference-profiles", "--page-size", "1"))
    assert "nextToken" not in answer
    ids = [profile["inferenceProfileId"] for profile in answer["inferenceProfileSummaries"]]
    assert f"us.{MODEL}" in ids
    assert len(ids) == len(set(ids)) > 1


@pytest.mark.parametrize("model", [MODEL, MODEL_ARN, PROFILE_ARN], ids=["id", "model-arn", "profile-arn"])
def test_converse(aws: Aws, model: str) -> None:
    answer = converse(aws, model)
    assert "Paris" in answer["output"]["message"]["content"][0]["text"]
    assert answer["usage"]["totalTokens"] > 0


def test_invoke_model_writes_the_body_to_a_file(aws: Aws, tmp_path: Path) -> None:
    body = {"inputText": "What is the capital of France?", "textGenerationConfig": {"temperature": 0}}
    outfile = tmp_path / "answer.json"
    words = ["--model-id", "amazon.titan-text-express-v1", "--body", json.dumps(body), str(outfile)]
    assert printed(aws("bedrock-runtime", "invoke-model", *words)) == {"contentType": "application/json"}
    assert "Paris" in json.loads(outfile.read_text())["results"][0]["outputText"]


def test_an_error_is_worded_and_ends_with_a_status(aws: Aws) -> None:
    finished = aws("bedrock-runtime", "converse", "--model-id", "nothing.here-v1:0", "--messages", QUESTION)
    assert finished.returncode == 255
    assert finished.stdout == ""
    assert finished.stderr.strip() == (
        "An error occurred (ValidationException) when calling the Converse operation: "
        "The provided model identifier is invalid."
    )


def test_a_wrong_secret_is_told(aws: Aws) -> None:
    finished = aws("bedrock", "list-foundation-models", AWS_SECRET_ACCESS_KEY="another")
    assert finished.returncode == 255
    assert "(InvalidSignatureException)" in finished.stderr
    assert "Check your AWS Secret Access Key and signing method." in finished.stderr

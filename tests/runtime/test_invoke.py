"""InvokeModel, its stream and CountTokens as a boto3 program sees them, answered by the real default model."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.serving import MODEL, Server

pytestmark = pytest.mark.model

BODY = {"messages": [{"role": "user", "content": "Name three fruits."}], "temperature": 0, "max_tokens": 40}


@pytest.fixture
def runtime(server: Server) -> Any:
    return server.client("bedrock-runtime")


def test_the_stream_folds_to_the_plain_answer(runtime: Any) -> None:
    plain = runtime.invoke_model(modelId=MODEL, body=json.dumps(BODY))
    headers = plain["ResponseMetadata"]["HTTPHeaders"]
    whole = json.loads(plain["body"].read())
    assert headers["x-amzn-bedrock-input-token-count"] == str(whole["usage"]["prompt_tokens"])
    assert headers["x-amzn-bedrock-output-token-count"] == str(whole["usage"]["completion_tokens"])
    assert int(headers["x-amzn-bedrock-invocation-latency"]) > 0

    stream = runtime.invoke_model_with_response_stream(modelId=MODEL, body=json.dumps(BODY))
    chunks = [json.loads(event["chunk"]["bytes"]) for event in stream["body"]]
    text = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
    assert text == whole["choices"][0]["message"]["content"]
    metrics = chunks[-1]["amazon-bedrock-invocationMetrics"]
    assert metrics["inputTokenCount"] == whole["usage"]["prompt_tokens"]
    assert 0 < metrics["firstByteLatency"] <= metrics["invocationLatency"]


def test_tokens_are_counted_as_they_are_billed(runtime: Any) -> None:
    messages = [{"role": "user", "content": [{"text": "Wie viele Zeichen hat „Größe“?"}]}]
    answer = runtime.converse(modelId=MODEL, messages=messages, inferenceConfig={"maxTokens": 1})
    counted = runtime.count_tokens(modelId=MODEL, input={"converse": {"messages": messages}})
    assert counted["inputTokens"] == answer["usage"]["inputTokens"]
    native = runtime.count_tokens(modelId=MODEL, input={"invokeModel": {"body": json.dumps(BODY)}})
    billed = runtime.invoke_model(modelId=MODEL, body=json.dumps(BODY))["ResponseMetadata"]["HTTPHeaders"]
    assert str(native["inputTokens"]) == billed["x-amzn-bedrock-input-token-count"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"body": "{"}, "not JSON"),
        ({"body": "[]"}, "must be a JSON object"),
        ({"body": json.dumps({**BODY, "colour": "red"})}, "colour"),
        ({"body": json.dumps(BODY), "contentType": "text/plain"}, "content type 'text/plain'"),
        ({"body": json.dumps(BODY), "accept": "image/png"}, "does not answer in 'image/png'"),
        ({"body": json.dumps(BODY), "guardrailIdentifier": "g1", "guardrailVersion": "1"}, "does not exist"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(runtime: Any, arguments: dict[str, str], says: str) -> None:
    with pytest.raises(ClientError, match=says) as refused:
        runtime.invoke_model(modelId=MODEL, **arguments)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize(
    "metadata",
    [
        {f"key-{number}": "value" for number in range(17)},
        {"key": "v" * 257},
        {"k" * 257: "value"},
        {"": "value"},
        {"key": "one\u0000two"},
        {"key": "=cmd|' /c calc'!A1"},
        {"key": 7},
        {},
        [],
    ],
)
def test_metadata_that_converse_would_not_take_is_refused(scripted_server: Server, metadata: Any) -> None:
    runtime = scripted_server.client("bedrock-runtime")
    with pytest.raises(ClientError, match="X-Amzn-Bedrock-Request-Metadata") as refused:
        runtime.invoke_model(
            modelId=scripted.MODEL,
            body=json.dumps({"messages": [{"role": "user", "content": "Hello"}]}),
            requestMetadata=json.dumps(metadata),
        )
    assert refused.value.response["Error"]["Code"] == "ValidationException"

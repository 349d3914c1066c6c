"""What is recorded of an invocation, whichever operation or API it comes by, and however it ends."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.doors import wires
from tests.doors.wires import connection, converse, head, signed
from tests.fronts import Account
from tests.scripted import ANSWER, MODEL
from tests.serving import REGION
from tests.usage.invocation_logs.conftest import EMBEDDER
from tests.usage.invocation_logs.reading import ACCOUNT, ROLE, Place


def said(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": text}]}]


def test_converse(place: Place) -> None:
    place.configure()
    answer = place.client("bedrock-runtime").converse(
        modelId=MODEL, messages=said("Hello."), inferenceConfig={"maxTokens": 50}, requestMetadata={"tenant": "a"}
    )
    (record,) = place.records(1)
    usage = answer["usage"]
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "accountId": ACCOUNT,
        "identity": {"arn": f"arn:aws:iam::{ACCOUNT}:root"},
        "region": place.region,
        "requestId": answer["ResponseMetadata"]["RequestId"],
        "operation": "Converse",
        "modelId": MODEL,
        "input": {
            "inputContentType": "application/json",
            "inputBodyJson": {"messages": said("Hello."), "inferenceConfig": {"maxTokens": 50}},
            "inputTokenCount": usage["inputTokens"],
            "cacheReadInputTokenCount": 0,
            "cacheWriteInputTokenCount": 0,
        },
        "output": {
            "outputContentType": "application/json",
            "outputBodyJson": {
                "output": answer["output"],
                "stopReason": "end_turn",
                "usage": usage,
                "metrics": answer["metrics"],
            },
            "outputTokenCount": usage["outputTokens"],
        },
        "inferenceRegion": place.region,
        "requestMetadata": {"tenant": "a"},
    }


def test_a_streamed_conversation_is_one_answer(place: Place) -> None:
    place.configure()
    stream = place.client("bedrock-runtime").converse_stream(modelId=MODEL, messages=said("call two tools"))["stream"]
    usage = list(stream)[-1]["metadata"]["usage"]
    (record,) = place.records(1)
    body = record["output"]["outputBodyJson"]
    content = body["output"]["message"]["content"]
    tools = [block["toolUse"]["input"] for block in content if "toolUse" in block]
    assert (record["operation"], body["usage"], tools) == ("ConverseStream", usage, [{"city": "Ulm"}, {"city": "Köln"}])
    assert record["output"]["outputTokenCount"] == usage["outputTokens"]


def test_invoke_model_with_the_bodies_of_the_model(place: Place) -> None:
    place.configure()
    body = {"messages": [{"role": "user", "content": "Hello."}]}
    # Spread over lines, as a program may send it: a record is one line all the same.
    answer = place.client("bedrock-runtime").invoke_model(modelId=MODEL, body=json.dumps(body, indent=2))
    told = json.loads(answer["body"].read())
    (record,) = place.records(1)
    assert record["operation"] == "InvokeModel"
    assert (record["input"]["inputBodyJson"], record["output"]["outputBodyJson"]) == (body, told)


def test_a_streamed_body_is_the_list_of_its_chunks(place: Place) -> None:
    place.configure()
    body = json.dumps({"messages": [{"role": "user", "content": "Hello."}]})
    stream = place.client("bedrock-runtime").invoke_model_with_response_stream(modelId=MODEL, body=body)["body"]
    chunks = [json.loads(event["chunk"]["bytes"]) for event in stream]
    (record,) = place.records(1)
    assert record["operation"] == "InvokeModelWithResponseStream"
    assert record["output"]["outputBodyJson"] == chunks


def test_an_error_before_the_answer(place: Place) -> None:
    place.configure()
    runtime = place.client("bedrock-runtime")
    for call in (runtime.converse, runtime.converse_stream):
        with pytest.raises(ClientError, match="The script is busy"):
            call(modelId=MODEL, messages=said("fail before"))
    for record in place.records(2):
        assert (record["errorCode"], "output" in record) == ("ThrottlingException", False)
        assert record["input"]["inputBodyJson"] == {"messages": said("fail before")}


def test_an_error_in_the_middle_of_a_stream(place: Place) -> None:
    place.configure()
    with closing(place.client("bedrock-runtime")) as runtime:
        stream = runtime.converse_stream(modelId=MODEL, messages=said("fail after"))["stream"]
        with closing(stream), pytest.raises(ClientError, match="broke off"):
            list(stream)
    (record,) = place.records(1)
    assert record["errorCode"] == "ModelStreamErrorException"
    (block,) = record["output"]["outputBodyJson"]["output"]["message"]["content"]
    assert block["text"] and ANSWER.startswith(block["text"])


def test_an_inference_profile_is_named_by_its_arn(place: Place) -> None:
    source = f"arn:aws:bedrock:{place.region}::foundation-model/{MODEL}"
    profile = place.client("bedrock").create_inference_profile(
        inferenceProfileName="billed", modelSource={"copyFrom": source}
    )["inferenceProfileArn"]
    place.configure()
    place.client("bedrock-runtime").converse(modelId=profile.rpartition("/")[2], messages=said("Hello."))
    (record,) = place.records(1)
    assert record["modelId"] == profile


def test_nothing_is_logged_without_a_configuration(place: Place) -> None:
    runtime = place.client("bedrock-runtime")
    runtime.converse(modelId=MODEL, messages=said("unseen before"))
    place.configure()
    runtime.converse(modelId=MODEL, messages=said("seen"))
    place.client("bedrock").delete_model_invocation_logging_configuration()
    runtime.converse(modelId=MODEL, messages=said("unseen after"))
    (record,) = place.records(1)
    assert record["input"]["inputBodyJson"]["messages"] == said("seen")


def test_contents_are_not_in_the_servers_own_log(place: Place) -> None:
    place.configure()
    place.client("bedrock-runtime").converse(modelId=MODEL, messages=said("a very private matter"))
    place.records(1)
    assert "a very private matter" not in place.server.log.read_text()


@pytest.fixture
def home_region(place: Place) -> Iterator[Place]:
    """The region of API keys, which name none."""
    there = Place(place.server, REGION)
    group = "/models/" + place.region
    there.configure(cloudWatchConfig={"logGroupName": group, "roleArn": ROLE})
    yield replace(there, group=group)
    there.client("bedrock").delete_model_invocation_logging_configuration()


def post(place: Place, path: str, body: dict[str, Any]) -> bytes:
    token = Account(place.server).client("craton").create_api_key()["apiKey"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(place.server.endpoint + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        data: bytes = answer.read()
        return data


def test_the_other_apis_are_logged_with_their_own_bodies(home_region: Place) -> None:
    chat = {"model": MODEL, "messages": [{"role": "user", "content": "Hello."}]}
    streamed = {**chat, "stream": True}
    message = {**chat, "max_tokens": 50}
    response = {"model": MODEL, "input": "Hello."}
    vectors = {"model": EMBEDDER, "input": "Hello."}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("openai.chat.completions", "/v1/chat/completions", chat),
        ("openai.chat.completions", "/v1/chat/completions", streamed),
        ("anthropic.messages", "/anthropic/v1/messages", message),
        ("openai.responses.create", "/v1/responses", response),
        ("openai.embeddings", "/v1/embeddings", vectors),
    ]
    answers = [post(home_region, path, body) for _, path, body in calls]
    records = home_region.records(len(calls))
    for (operation, _, body), answer, record in zip(calls, answers, records, strict=True):
        assert (record["operation"], record["modelId"]) == (operation, body["model"])
        assert record["input"]["inputBodyJson"] == body
        told = record["output"]["outputBodyJson"]
        if "stream" in body:
            events = [line.removeprefix(b"data: ") for line in answer.split(b"\n") if line.startswith(b"data: {")]
            assert told == [json.loads(event) for event in events]
        else:
            assert told == json.loads(answer)
        assert record["input"]["inputTokenCount"] > 0
        assert (record["output"]["outputTokenCount"] > 0) == (body is not vectors)


def test_a_client_that_vanished(home_region: Place) -> None:
    server = home_region.server
    chat = {"model": MODEL, "messages": [{"role": "user", "content": "talk forever"}], "stream": True}
    for request in (converse("talk forever", stream=True), wires.post("/v1/chat/completions", chat)):
        whole = signed(server, request)
        with connection(server) as line:
            line.sendall(head(whole, {"content-length": str(len(whole.body))}) + whole.body)
            received = b""
            while received.count(b"tick") < 20:
                received += line.recv(65536)
    folded, streamed = home_region.records(2)
    assert (folded["errorCode"], streamed["errorCode"]) == ("CANCELLED", "CANCELLED")
    (block,) = folded["output"]["outputBodyJson"]["output"]["message"]["content"]
    assert block["text"].count("tick") >= 20
    assert len(streamed["output"]["outputBodyJson"]) >= 20
    assert min(record["output"]["outputTokenCount"] for record in (folded, streamed)) >= 20


def test_what_runs_in_the_background(home_region: Place) -> None:
    body = {"model": MODEL, "input": "Hello.", "background": True}
    queued = json.loads(post(home_region, "/v1/responses", body))
    asked, made = home_region.records(2)
    assert (asked["input"]["inputBodyJson"], asked["output"]["outputBodyJson"]) == (body, queued)
    response = made["output"]["outputBodyJson"]
    assert (response["id"], response["status"], made["output"]["outputTokenCount"]) == (queued["id"], "completed", 7)
    assert made["requestId"] == asked["requestId"]


def test_an_asynchronous_invocation(place: Place) -> None:
    place.configure()
    body = {"messages": [{"role": "user", "content": "Hello."}]}
    place.client("bedrock-runtime").start_async_invoke(
        modelId=MODEL, modelInput=body, outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://answers/here"}}
    )
    (record,) = place.records(1)
    assert (record["operation"], record["input"]["inputBodyJson"]) == ("StartAsyncInvoke", body)
    assert record["output"]["outputBodyJson"]["choices"][0]["message"]["content"] == ANSWER

"""The operations that say where invocations are logged, and what becomes of bodies under each of their settings."""

import base64
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from craton.usage.invocation_logs.targets import STREAM
from tests import scripted
from tests.fronts import stranger_on
from tests.scripted import MODEL
from tests.serving import Server
from tests.usage.invocation_logs.conftest import EMBEDDER
from tests.usage.invocation_logs.reading import ACCOUNT, ROLE, Place

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FLAGS = ("text", "image", "embedding", "video", "audio")


def said(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": text}]}]


def test_put_get_delete(place: Place) -> None:
    bedrock = place.client("bedrock")
    assert "loggingConfig" not in bedrock.get_model_invocation_logging_configuration()
    config = {
        "s3Config": {"bucketName": "put-get-delete", "keyPrefix": "calls"},
        "cloudWatchConfig": {
            "logGroupName": "/calls",
            "roleArn": ROLE,
            "largeDataDeliveryS3Config": {"bucketName": "put-get-delete-large"},
        },
        "imageDataDeliveryEnabled": False,
    }
    bedrock.put_model_invocation_logging_configuration(loggingConfig=config)
    on = {f"{flag}DataDeliveryEnabled": True for flag in FLAGS}
    assert bedrock.get_model_invocation_logging_configuration()["loggingConfig"] == on | config
    bedrock.put_model_invocation_logging_configuration(loggingConfig={"s3Config": {"bucketName": "another-one"}})
    told = bedrock.get_model_invocation_logging_configuration()["loggingConfig"]
    assert told == on | {"s3Config": {"bucketName": "another-one"}}
    for _ in range(2):
        bedrock.delete_model_invocation_logging_configuration()
    assert "loggingConfig" not in bedrock.get_model_invocation_logging_configuration()


def test_each_account_has_its_own(place: Place) -> None:
    place.configure()
    stranger = stranger_on(place.server)
    others = stranger.client("bedrock", place.region)
    assert "loggingConfig" not in others.get_model_invocation_logging_configuration()
    stranger.client("bedrock-runtime", place.region).converse(modelId=MODEL, messages=said("theirs"))
    others.delete_model_invocation_logging_configuration()
    place.client("bedrock-runtime").converse(modelId=MODEL, messages=said("mine"))
    (record,) = place.records(1)
    assert record["input"]["inputBodyJson"]["messages"] == said("mine")


def test_the_bucket_is_tried(place: Place) -> None:
    place.configure(s3Config={"bucketName": "is-tried", "keyPrefix": "a/b/"})
    below = place.server.home / "buckets" / "is-tried" / "a" / "b" / "AWSLogs" / ACCOUNT / "BedrockModelInvocationLogs"
    assert (below / "amazon-bedrock-logs-permission-check").is_file()


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({}, "Give it an 's3Config' or a 'cloudWatchConfig'"),
        ({"s3Config": {"bucketName": "No_Bucket"}}, "No_Bucket"),
        ({"s3Config": {"bucketName": "a-bucket", "keyPrefix": "a/../b"}}, "a/../b"),
        (
            {"cloudWatchConfig": {"logGroupName": "/a/../../b", "roleArn": ROLE}},
            "log group name '/a/../../b' is not valid",
        ),
        ({"cloudWatchConfig": {"logGroupName": "a//b", "roleArn": ROLE}}, "not valid"),
        (
            {"cloudWatchConfig": {"logGroupName": f"a/{STREAM}/2026-11-22.jsonl", "roleArn": ROLE}},
            "not valid",  # else no file of that name could be made for the group a
        ),
        ({"cloudWatchConfig": {"logGroupName": "a" * 300, "roleArn": ROLE}}, "File name too long"),
        ({"cloudWatchConfig": {"logGroupName": "a", "roleArn": "arn:aws:iam::111122223333:role/r"}}, "another account"),
    ],
)
def test_a_place_that_cannot_be_used_is_refused(place: Place, config: dict[str, Any], reason: str) -> None:
    bedrock = place.client("bedrock")
    with pytest.raises(ClientError, match=reason) as refused:
        bedrock.put_model_invocation_logging_configuration(loggingConfig=config)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert "loggingConfig" not in bedrock.get_model_invocation_logging_configuration()


def test_a_bucket_of_another_account_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("others") / "home"
    home.mkdir()
    (home / "craton.toml").write_text('[s3.buckets]\n"theirs-*" = "111122223333"\n')
    with Server(home) as server, pytest.raises(ClientError, match="belongs to another account"):
        Place(server, "us-east-1").configure(s3Config={"bucketName": "theirs-1"})


def test_records_in_a_bucket(place: Place) -> None:
    place.configure(s3Config={"bucketName": "records", "keyPrefix": "calls"})
    runtime = place.client("bedrock-runtime")
    for number in range(3):
        runtime.converse(modelId=MODEL, messages=said(f"number {number}"))
    texts = [record["input"]["inputBodyJson"]["messages"] for record in place.delivered("records", "calls", 3)]
    assert texts == [said(f"number {number}") for number in range(3)]


def test_large_bodies_lie_apart(place: Place) -> None:
    group = {"logGroupName": place.group, "roleArn": ROLE, "largeDataDeliveryS3Config": {"bucketName": "large-ones"}}
    place.configure(cloudWatchConfig=group)
    text = "long " * 30_000
    place.client("bedrock-runtime").converse(modelId=MODEL, messages=said(text))
    (record,) = place.records(1)
    address = record["input"]["inputBodyS3Path"]
    assert address.endswith(f"/data/{record['requestId']}_input.json.gz")
    assert address.startswith(f"s3://large-ones/AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/{place.region}/")
    assert "inputBodyJson" not in record["input"]
    assert place.object(address)["messages"] == said(text)


def test_a_large_body_stays_in_the_log_group_where_it_has_no_other_place(place: Place) -> None:
    place.configure()
    text = "long " * 30_000
    place.client("bedrock-runtime").converse(modelId=MODEL, messages=said(text))
    (record,) = place.records(1)
    assert record["input"]["inputBodyJson"]["messages"] == said(text)


def test_text_that_is_withheld(place: Place) -> None:
    place.configure(textDataDeliveryEnabled=False)
    place.client("bedrock-runtime").converse(modelId=MODEL, messages=said("secret"))
    (record,) = place.records(1)
    assert "secret" not in json.dumps(record)
    assert (record["input"]["inputTokenCount"], record["output"]["outputTokenCount"]) == (1, 7)
    assert not {"inputBodyJson", "inputBodyS3Path"} & record["input"].keys()
    assert not {"outputBodyJson", "outputBodyS3Path"} & record["output"].keys()


@pytest.mark.parametrize("delivered", [True, False])
def test_vectors(place: Place, delivered: bool) -> None:
    place.configure(embeddingDataDeliveryEnabled=delivered)
    answer = place.client("bedrock-runtime").invoke_model(modelId=EMBEDDER, body=json.dumps({"inputText": "one"}))
    told = json.loads(answer["body"].read())
    (record,) = place.records(1)
    body = record["output"]["outputBodyJson"]
    assert record["input"]["inputBodyJson"] == {"inputText": "one"}
    assert body.get("embedding") == (told["embedding"] if delivered else None)
    assert body["inputTextTokenCount"] == told["inputTextTokenCount"]


@pytest.mark.parametrize("delivered", [True, False])
def test_images(place: Place, delivered: bool) -> None:
    place.configure(imageDataDeliveryEnabled=delivered)
    content = [{"text": "fail before"}, {"image": {"format": "png", "source": {"bytes": PIXEL}}}]
    with pytest.raises(ClientError):  # the model reads text alone
        place.client("bedrock-runtime").converse(modelId=MODEL, messages=[{"role": "user", "content": content}])
    (record,) = place.records(1)
    text, image = record["input"]["inputBodyJson"]["messages"][0]["content"]
    assert text == {"text": "fail before"}
    kept = {"bytes": base64.b64encode(PIXEL).decode()} if delivered else {}
    assert image == {"image": {"format": "png", "source": kept}}


def test_what_waits_is_written_when_the_server_ends(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("ending") / "home"
    scripted.install(home)
    with Server(home) as server:
        place = Place(server, "us-east-1")
        place.configure(s3Config={"bucketName": "ending"})
        place.client("bedrock-runtime").converse(modelId=MODEL, messages=said("Hello."))
    assert len(place.delivered("ending", "", 1)) == 1

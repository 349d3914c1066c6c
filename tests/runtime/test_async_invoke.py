"""StartAsyncInvoke, GetAsyncInvoke and ListAsyncInvokes as a boto3 program sees them."""

import contextlib
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.fronts import Account
from tests.serving import REGION, Server

OUTPUT = {"s3OutputDataConfig": {"s3Uri": "s3://results/nightly/"}}
EMBEDDER = "craton.scripted-embedder-v1:0"
SPARE = "craton.scripted-spare-v1:0"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("async-invoke") / "home"
    scripted.install(home)
    scripted.install(home, EMBEDDER, output="EMBEDDING")
    scripted.install(home, SPARE)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def runtime(server: Server) -> Any:
    return server.client("bedrock-runtime")


@pytest.fixture(scope="module")
def stranger(server: Server) -> Any:
    """The same client for another account."""
    command = [sys.executable, "-m", "craton", "keys", "create", "--account", "999999999999", "--json"]
    made = json.loads(subprocess.run([*command, "--home", str(server.home)], capture_output=True, check=True).stdout)
    keys = {"aws_access_key_id": made["accessKeyId"], "aws_secret_access_key": made["secretAccessKey"]}
    return server.client("bedrock-runtime", **keys)


def asked(text: str = "Hello") -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def start(runtime: Any, text: str = "Hello", **more: Any) -> str:
    made = {"modelId": scripted.MODEL, "modelInput": asked(text), "outputDataConfig": OUTPUT} | more
    arn: str = runtime.start_async_invoke(**made)["invocationArn"]
    return arn


def ended(runtime: Any, arn: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        told: dict[str, Any] = runtime.get_async_invoke(invocationArn=arn)
        if told["status"] != "InProgress":
            return told
        time.sleep(0.02)
    raise TimeoutError(f"{arn} did not end")


def output(server: Server, told: dict[str, Any]) -> Any:
    """The answer, where GetAsyncInvoke says that it lies."""
    folder = told["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"].removeprefix("s3://")
    return json.loads((server.home / "buckets" / folder / "output.json").read_bytes())


def test_the_answer_of_invoke_model_comes_to_its_address(server: Server, runtime: Any) -> None:
    arn = start(runtime, clientRequestToken="first")
    name = arn.rpartition("/")[2]
    assert arn == f"arn:aws:bedrock:{REGION}:123456789012:async-invoke/{name}"
    told = ended(runtime, arn)
    assert told.pop("ResponseMetadata")
    assert told.pop("submitTime") <= told["endTime"] <= told.pop("lastModifiedTime") + timedelta(seconds=1)
    assert told.pop("endTime")
    assert told == {
        "invocationArn": arn,
        "modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/{scripted.MODEL}",
        "clientRequestToken": "first",
        "status": "Completed",
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://results/nightly/{name}"}},
    }
    plain = json.loads(runtime.invoke_model(modelId=scripted.MODEL, body=json.dumps(asked()))["body"].read())
    written = output(server, told)
    assert written["choices"] == plain["choices"]
    assert written["usage"] == plain["usage"]


def test_a_model_of_vectors_answers_too(server: Server, runtime: Any) -> None:
    arn = start(runtime, modelId=EMBEDDER, modelInput={"inputText": "a text"})
    assert len(output(server, ended(runtime, arn))["embedding"]) == 256


def test_a_model_that_fails_is_told(runtime: Any) -> None:
    told = ended(runtime, start(runtime, "fail before"))
    assert (told["status"], told["failureMessage"]) == ("Failed", "The script is busy.")
    assert told["endTime"]


def test_the_same_token_starts_one_invocation(runtime: Any) -> None:
    arn = start(runtime, clientRequestToken="once")
    assert start(runtime, clientRequestToken="once") == arn
    with pytest.raises(ClientError, match="was used for another") as refused:
        start(runtime, "Something else", clientRequestToken="once")
    assert refused.value.response["Error"]["Code"] == "ConflictException"


def test_tags_are_those_of_the_arn(server: Server, runtime: Any) -> None:
    arn = start(runtime, tags=[{"key": "team", "value": "a"}])
    listed = server.client("bedrock").list_tags_for_resource(resourceARN=arn)
    assert listed["tags"] == [{"key": "team", "value": "a"}]


def test_lists_are_filtered_sorted_and_paged(server: Server) -> None:
    runtime = server.client("bedrock-runtime", region="eu-central-1")
    arns = [start(runtime, text) for text in ("Hello", "fail before", "Hello", "Hello")]
    submitted = [ended(runtime, arn)["submitTime"] for arn in arns]

    def listed(**wanted: Any) -> list[str]:
        pages = runtime.get_paginator("list_async_invokes").paginate(**wanted, PaginationConfig={"PageSize": 2})
        return [each["invocationArn"] for page in pages for each in page["asyncInvokeSummaries"]]

    assert listed() == arns[::-1]
    assert listed(sortBy="SubmissionTime", sortOrder="Ascending") == arns
    assert listed(statusEquals="Failed") == arns[1:2]
    assert listed(statusEquals="InProgress") == []
    assert listed(submitTimeAfter=submitted[0] + timedelta(hours=1)) == []
    assert listed(submitTimeBefore=submitted[0] - timedelta(hours=1)) == []
    assert listed(submitTimeAfter=submitted[0] - timedelta(hours=1), sortOrder="Ascending") == arns


def test_another_account_sees_nothing_and_writes_into_its_own_buckets(
    server: Server, runtime: Any, stranger: Any
) -> None:
    arn = start(runtime)
    with pytest.raises(ClientError, match="not authorized to perform: bedrock:GetAsyncInvoke") as refused:
        stranger.get_async_invoke(invocationArn=arn)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    assert stranger.list_async_invokes()["asyncInvokeSummaries"] == []
    own = arn.replace("123456789012", "999999999999")
    with pytest.raises(ClientError, match="There is no invocation"):
        stranger.get_async_invoke(invocationArn=own)
    told = ended(stranger, start(stranger))
    folder = told["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"].removeprefix("s3://")
    assert (server.home / "buckets" / "@999999999999" / folder / "output.json").is_file()
    assert not (server.home / "buckets" / folder).exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"modelId": "nothing.here-v1:0"}, "model identifier is invalid"),
        ({"modelInput": {**asked(), "colour": "red"}}, "colour"),
        ({"modelInput": ["a"]}, "must be a JSON object"),
        ({"modelInput": {"messages": []}}, "messages"),
        ({"outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://results/a//b"}}}, "names no object"),
        (
            {"outputDataConfig": {"s3OutputDataConfig": {**OUTPUT["s3OutputDataConfig"], "bucketOwner": "9" * 12}}},
            "only its own",
        ),
        (
            {
                "outputDataConfig": {
                    "s3OutputDataConfig": {
                        **OUTPUT["s3OutputDataConfig"],
                        "kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012",
                    }
                }
            },
            "encrypts no objects",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(runtime: Any, arguments: dict[str, Any], says: str) -> None:
    before = len(runtime.list_async_invokes()["asyncInvokeSummaries"])
    with pytest.raises(ClientError, match=says):
        start(runtime, **arguments)
    assert len(runtime.list_async_invokes()["asyncInvokeSummaries"]) == before


def test_an_invocation_survives_a_server_that_is_killed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home)
    with Server(home) as server:
        arn = start(server.client("bedrock-runtime"), "talk for a second")
        server.kill()
    with Server(home) as server:
        told = ended(server.client("bedrock-runtime"), arn)
        assert told["status"] == "Completed"
        assert output(server, told)["choices"][0]["message"]["content"].startswith("tick tick")


def test_what_waits_reaches_no_model_that_was_not_permitted_when_it_was_asked_for(server: Server, runtime: Any) -> None:
    source = {"copyFrom": f"arn:aws:bedrock:{REGION}::foundation-model/{scripted.MODEL}"}
    made = server.client("bedrock").create_inference_profile(inferenceProfileName="later", modelSource=source)
    profile, craton = made["inferenceProfileArn"], Account(server).client("craton")
    before = [start(runtime, "talk for a second") for _ in range(8)]
    same, other = (start(runtime, modelId=profile) for _ in range(2))
    craton.put_inference_profile_targets(inferenceProfileIdentifier=profile, targets=[{"modelId": scripted.MODEL}])
    assert ended(runtime, same)["status"] == "Completed"
    assert {ended(runtime, arn)["status"] for arn in (*before, other)} == {"Completed"}
    before = [start(runtime, "talk for a second") for _ in range(8)]
    other = start(runtime, modelId=profile)
    craton.put_inference_profile_targets(inferenceProfileIdentifier=profile, targets=[{"modelId": SPARE}])
    told = ended(runtime, other)
    assert (told["status"], f"foundation-model/{SPARE}" in told["failureMessage"]) == ("Failed", True)
    assert {ended(runtime, arn)["status"] for arn in before} == {"Completed"}


def test_what_waits_is_not_done_for_an_account_that_is_suspended_meanwhile(server: Server, stranger: Any) -> None:
    craton = Account(server).client("craton")
    running = [start(stranger, "talk for a second") for _ in range(8)]
    waiting = start(stranger)
    craton.suspend_account(accountId="999999999999")
    deadline = time.monotonic() + 60
    while waits(server, waiting) and time.monotonic() < deadline:
        time.sleep(0.05)
    craton.activate_account(accountId="999999999999")
    told = ended(stranger, waiting)
    assert (told["status"], "suspended" in told["failureMessage"]) == ("Failed", True)
    for arn in running:
        ended(stranger, arn)


def waits(server: Server, arn: str) -> bool:
    """Whether there is still something to do for an invocation, as its document in the store tells."""
    with contextlib.closing(sqlite3.connect(server.home / "craton.db")) as store:
        (body,) = store.execute("SELECT body FROM documents WHERE arn = ?", (arn,)).fetchone()
    return b"InProgress" in body

"""Every invocation of a model is told once, whichever way it was asked for and however it ended.

What is told is read from the ledger's file, as its table documents it.
"""

import contextlib
import json
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError

from craton.runtime.metering import size_of
from tests import scripted
from tests.doors.wires import connection, converse, head, signed
from tests.fronts import Account
from tests.serving import ACCESS_KEY_ID, Server

EMBEDDER = "craton.scripted-embed-v1:0"
SPARE = "craton.scripted-spare-v1:0"
HELLO = [{"role": "user", "content": [{"text": "Hello there"}]}]
PRICES = f"""
[prices."{scripted.MODEL}"]
input = 1.0
output = 2.0
currency = "EUR"

[prices."craton.scripted-embed-*"]
input = 10
search = 2
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("metering") / "home"
    prepare(home)
    with Server(home, "--stand-in", f"*.rerank*={EMBEDDER}") as running:
        yield running


def prepare(home: Path) -> None:
    scripted.install(home)
    scripted.install(home, SPARE)
    scripted.install(home, EMBEDDER, output="EMBEDDING")
    (home / "craton.toml").write_text(PRICES)


@pytest.fixture(scope="module")
def runtime(server: Server) -> Any:
    return server.client("bedrock-runtime")


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    command = [sys.executable, "-m", "craton", "keys", "create", "--api-key", "--json", "--home", str(server.home)]
    return str(json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["apiKey"])


Rows = list[dict[str, Any]]


def rows(home: Path, where: str = "1", *values: object) -> Rows:
    with contextlib.closing(sqlite3.connect(home / "usage.db")) as ledger:
        ledger.row_factory = sqlite3.Row
        query = f"SELECT * FROM invocations WHERE {where} ORDER BY at"
        return [dict(row) for row in ledger.execute(query, values)]


@pytest.fixture
def told(server: Server, runtime: Any) -> Iterator[Callable[[], Rows]]:
    """What has been told since the test began, when all of it is."""
    began = time.time_ns() // 1000

    def read() -> Rows:
        # Rows come in the order in which invocations end, so that all before this one are there with it.
        last = runtime.converse(modelId=scripted.MODEL, messages=HELLO)["ResponseMetadata"]["RequestId"]
        deadline = time.monotonic() + 30
        while not rows(server.home, "request_id = ?", last):
            assert time.monotonic() < deadline, "the ledger does not tell what was used"
            time.sleep(0.02)
        return rows(server.home, "at >= ? AND request_id != ?", began, last)

    yield read


def tokens(row: dict[str, Any]) -> tuple[int, int]:
    return row["input_tokens"], row["output_tokens"]


def post(server: Server, key: str, path: str, body: Any, **headers: str) -> Any:
    sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **headers}
    request = urllib.request.Request(f"{server.endpoint}{path}", json.dumps(body).encode(), sent)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def test_an_answer_is_told_with_all_that_is_known_of_it(runtime: Any, told: Callable[[], Rows]) -> None:
    answer = runtime.converse(
        modelId=f"us.{scripted.MODEL}",
        messages=HELLO,
        requestMetadata={"project": "apollo"},
        serviceTier={"type": "flex"},
    )
    (row,) = told()
    assert tokens(row) == (answer["usage"]["inputTokens"], answer["usage"]["outputTokens"]) == (2, 7)
    assert (row["status"], row["operation"], row["model"]) == ("OK", "bedrock-runtime.Converse", scripted.MODEL)
    assert row["request_id"] == answer["ResponseMetadata"]["RequestId"]
    assert (row["account"], row["region"]) == ("123456789012", "us-east-1")
    assert (row["principal"], row["key_id"]) == ("arn:aws:iam::123456789012:root", ACCESS_KEY_ID)
    assert row["profile"] == f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{scripted.MODEL}"
    assert (row["tier"], json.loads(row["metadata"])) == ("flex", {"project": "apollo"})
    assert (row["cost"], row["currency"], row["estimated"]) == (2 * 1000 + 7 * 2000, "EUR", 0)
    assert 0 <= row["first_token"] <= row["latency"]


def test_a_stream_is_told_once(runtime: Any, told: Callable[[], Rows]) -> None:
    list(runtime.converse_stream(modelId=scripted.MODEL, messages=HELLO)["stream"])
    (row,) = told()
    assert (row["operation"], row["status"], tokens(row)) == ("bedrock-runtime.ConverseStream", "OK", (2, 7))


def test_tags_of_a_profile_are_told(server: Server, runtime: Any, told: Callable[[], Rows]) -> None:
    profile = server.client("bedrock").create_inference_profile(
        inferenceProfileName="blue",
        modelSource={"copyFrom": f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"},
        tags=[{"key": "team", "value": "blue"}],
    )["inferenceProfileArn"]
    runtime.converse(modelId=profile, messages=HELLO)
    (row,) = told()
    assert (row["profile"], json.loads(row["tags"])) == (profile, {"team": "blue"})


def test_tags_of_the_caller_are_told_apart_from_them(server: Server, told: Callable[[], Rows]) -> None:
    craton = Account(server).client("craton")
    craton.create_user(userName="grace", tags=[{"key": "team", "value": "red"}])
    craton.attach_user_policy(userName="grace", policyArn="arn:aws:iam::aws:policy/AmazonBedrockFullAccess")
    made = craton.create_access_key(userName="grace")
    keys = {"aws_access_key_id": made["accessKeyId"], "aws_secret_access_key": made["secretAccessKey"]}
    server.client("bedrock-runtime", **keys).converse(modelId=scripted.MODEL, messages=HELLO)
    (row,) = told()
    assert row["principal"] == "arn:aws:iam::123456789012:user/grace"
    assert (row["key_id"], json.loads(row["tags"])) == (made["accessKeyId"], {"iamPrincipal/team": "red"})


def test_each_of_several_answers_is_an_invocation(server: Server, key: str, told: Callable[[], Rows]) -> None:
    body = {"model": scripted.MODEL, "messages": [{"role": "user", "content": "Hello there"}], "n": 3}
    answer = json.loads(post(server, key, "/v1/chat/completions", body | {"user": "ada", "metadata": {"a": "b"}}))
    found = told()
    assert len(found) == 3 and len({row["request_id"] for row in found}) == 1
    assert {row["operation"] for row in found} == {"openai.chat.completions"}
    assert sum(row["output_tokens"] for row in found) == answer["usage"]["completion_tokens"] == 21
    assert {row["metadata"] for row in found} == {'{"a":"b","user":"ada"}'}
    assert {row["key_id"][:4] for row in found} == {"ACCA"}


def test_metadata_of_bodies_and_headers_is_told(runtime: Any, told: Callable[[], Rows]) -> None:
    body = {"messages": [{"role": "user", "content": "Hello there"}], "user": "ada"}
    request = {"modelId": scripted.MODEL, "body": json.dumps(body)}
    runtime.invoke_model(**request, requestMetadata='{"run": "7"}')
    list(runtime.invoke_model_with_response_stream(**request)["body"])
    first, second = told()
    assert (first["operation"], json.loads(first["metadata"])) == (
        "bedrock-runtime.InvokeModel",
        {"run": "7", "user": "ada"},
    )
    assert second["operation"] == "bedrock-runtime.InvokeModelWithResponseStream"
    assert json.loads(second["metadata"]) == {"user": "ada"}
    with pytest.raises(ClientError, match="JSON object of texts"):
        runtime.invoke_model(**request, requestMetadata='{"run": 7}')


def test_messages_begin_with_their_input_tokens(server: Server, key: str, told: Callable[[], Rows]) -> None:
    body = {"model": scripted.MODEL, "max_tokens": 50, "messages": [{"role": "user", "content": "Hello there"}]}
    text = post(server, key, "/anthropic/v1/messages", body | {"stream": True, "metadata": {"user_id": "ada"}}).decode()
    events = [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]
    (start,) = [event["message"] for event in events if event["type"] == "message_start"]
    assert (start["usage"]["input_tokens"], start["usage"]["output_tokens"]) == (2, 0)
    (end,) = [event["usage"] for event in events if event["type"] == "message_delta"]
    assert (end["input_tokens"], end["output_tokens"]) == (2, 7)
    (row,) = told()
    assert (tokens(row), json.loads(row["metadata"])) == ((2, 7), {"user_id": "ada"})


def test_an_error_before_the_first_event_is_told(runtime: Any, told: Callable[[], Rows]) -> None:
    with pytest.raises(ClientError):
        runtime.converse_stream(modelId=scripted.MODEL, messages=said("fail before"))
    (row,) = told()
    assert (row["status"], tokens(row), row["cost"]) == ("ThrottlingException", (0, 0), 0)


def test_an_error_in_the_middle_is_told_with_what_came(runtime: Any, told: Callable[[], Rows]) -> None:
    answer = runtime.converse_stream(modelId=scripted.MODEL, messages=said("fail after"))
    with contextlib.closing(answer["stream"]) as stream, pytest.raises(EventStreamError):
        list(stream)
    (row,) = told()
    assert (row["status"], tokens(row), row["cost"]) == ("ModelStreamErrorException", (2, 3), 8000)


def test_what_is_refused_before_a_model_is_asked_is_not_told(runtime: Any, told: Callable[[], Rows]) -> None:
    with pytest.raises(ClientError):
        runtime.converse(modelId=scripted.MODEL, messages=[{"role": "user", "content": []}])
    runtime.count_tokens(modelId=scripted.MODEL, input={"converse": {"messages": HELLO}})
    assert told() == []


def said(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": text}]}]


def test_each_target_that_was_tried_is_told(server: Server, runtime: Any, told: Callable[[], Rows]) -> None:
    fails = server.client("bedrock").create_inference_profile(
        inferenceProfileName="falls-back",
        modelSource={"copyFrom": f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"},
    )["inferenceProfileArn"]
    targets = [{"modelId": scripted.MODEL}, {"modelId": SPARE, "priority": 1}]
    Account(server).client("craton").put_inference_profile_targets(inferenceProfileIdentifier=fails, targets=targets)
    with pytest.raises(ClientError):
        runtime.converse(modelId=fails, messages=said("fail before"))
    found = told()
    assert [(row["model"], row["status"], tokens(row)) for row in found] == [
        (scripted.MODEL, "ThrottlingException", (0, 0)),
        (SPARE, "ThrottlingException", (0, 0)),
    ]
    assert len({row["request_id"] for row in found}) == 1 and {row["profile"] for row in found} == {fails}


def test_a_client_that_vanishes_is_told_with_what_was_made(server: Server, told: Callable[[], Rows]) -> None:
    request = signed(server, converse("Please talk forever.", stream=True))
    with connection(server) as line:
        line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
        received = b""
        while received.count(b"contentBlockDelta") < 20:
            received += line.recv(65536)
    (row,) = told()
    assert (row["status"], row["input_tokens"]) == ("CANCELLED", 3)
    assert row["output_tokens"] >= 20
    assert row["cost"] == 3000 + 2000 * row["output_tokens"]


def test_vectors_are_told(runtime: Any, server: Server, key: str, told: Callable[[], Rows]) -> None:
    runtime.invoke_model(modelId=EMBEDDER, body=json.dumps({"inputText": "one two three"}))
    post(server, key, "/v1/embeddings", {"model": EMBEDDER, "input": ["one", "two"], "user": "ada"})
    first, second = told()
    assert (first["operation"], tokens(first), first["cost"]) == ("bedrock-runtime.InvokeModel", (3, 0), 30_000)
    assert (tokens(second), json.loads(second["metadata"])) == ((2, 0), {"user": "ada"})


def test_a_reranking_is_one_invocation(server: Server, told: Callable[[], Rows]) -> None:
    arn = "arn:aws:bedrock:us-east-1::foundation-model/cohere.rerank-v3-5:0"
    source = {"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": "green apples"}}}
    server.client("bedrock-agent-runtime").rerank(
        queries=[{"type": "TEXT", "textQuery": {"text": "apples"}}],
        sources=[source] * 101,
        rerankingConfiguration={
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {"modelConfiguration": {"modelArn": arn}},
        },
    )
    (row,) = told()
    assert (row["operation"], row["model"]) == ("bedrock-agent-runtime.Rerank", EMBEDDER)
    assert (tokens(row), row["searches"]) == ((1 + 202, 0), 2)
    assert row["cost"] == 203 * 10_000 + 2 * 2_000_000


def test_what_is_made_later_is_told_of_who_asked(
    server: Server, runtime: Any, key: str, told: Callable[[], Rows]
) -> None:
    output = {"s3OutputDataConfig": {"s3Uri": "s3://results/nightly/"}}
    body = {"messages": [{"role": "user", "content": "Hello there"}], "user": "ada"}
    started = runtime.start_async_invoke(modelId=scripted.MODEL, modelInput=body, outputDataConfig=output)
    while runtime.get_async_invoke(invocationArn=started["invocationArn"])["status"] == "InProgress":
        time.sleep(0.02)
    asked = {"model": scripted.MODEL, "input": "Hello there", "background": True, "metadata": {"a": "b"}}
    made = json.loads(post(server, key, "/v1/responses", asked))["id"]
    post_until_completed(server, key, made)
    first, second = told()
    assert (first["operation"], first["request_id"], first["key_id"], json.loads(first["metadata"])) == (
        "bedrock-runtime.StartAsyncInvoke",
        started["ResponseMetadata"]["RequestId"],
        ACCESS_KEY_ID,
        {"user": "ada"},
    )
    assert (second["operation"], second["key_id"][:4]) == ("openai.responses.create", "ACCA")
    assert json.loads(second["metadata"]) == {"a": "b"}
    assert tokens(first) == tokens(second) == (2, 7)


def post_until_completed(server: Server, key: str, made: str) -> None:
    request = urllib.request.Request(
        f"{server.endpoint}/v1/responses/{made}", headers={"Authorization": f"Bearer {key}"}
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with urllib.request.urlopen(request, timeout=60) as answer:
            if json.loads(answer.read())["status"] == "completed":
                return
        time.sleep(0.02)
    pytest.fail("the response was not made")


def test_what_a_killed_server_had_delivered_is_told_by_the_next(tmp_path: Path) -> None:
    home = tmp_path / "home"
    prepare(home)
    with Server(home) as server:
        answer = server.client("bedrock-runtime").converse_stream(
            modelId=scripted.MODEL, messages=said("Please talk forever.")
        )
        began, delivered = time.monotonic(), 0
        with contextlib.closing(answer["stream"]) as stream:
            for event in stream:
                delivered += "contentBlockDelta" in event
                if delivered >= 50 and time.monotonic() - began > 0.5:
                    break
            server.kill()
    for _ in range(2):
        with Server(home, "--testing"):
            pass
        (row,) = rows(home)
        assert (row["status"], row["input_tokens"]) == ("LOST", 3)
        assert delivered * 0.5 < row["output_tokens"] <= delivered + 100
        assert row["cost"] == 3000 + 2000 * row["output_tokens"]
        assert row["request_id"] == answer["ResponseMetadata"]["RequestId"]


def test_servers_that_share_a_home_leave_each_others_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    prepare(home)
    with Server(home) as first:
        answer = first.client("bedrock-runtime").converse_stream(modelId=scripted.MODEL, messages=said("talk forever"))
        with contextlib.closing(answer["stream"]) as stream:
            next(iter(stream))
            with Server(home):  # it begins while the other's stream runs, and ends before it
                pass
            assert rows(home) == []
    (row,) = rows(home)
    assert (row["status"], row["input_tokens"]) == ("CANCELLED", 2)


LONG = "x" * 400_000


@pytest.mark.parametrize(
    "json",
    [{"text": LONG}, {"document": LONG}, {"image": {"source": LONG}}, {LONG: 1}, [1234567] * 50_000, LONG],
    ids=["text", "document", "image", "key", "numbers", "whole"],
)
def test_no_json_of_a_tool_seems_smaller_than_it_is(json: Any) -> None:
    result = {"toolResult": {"toolUseId": "one", "content": [{"json": json}]}}
    call = {"toolUse": {"toolUseId": "one", "name": "look", "input": {"at": json}}}
    tool = {"toolSpec": {"name": "look", "inputSchema": {"json": {"properties": json}}}}
    for block in (result, call):
        assert 100_000 <= size_of({"messages": [{"role": "user", "content": [block]}]}).tokens <= 101_000
    assert 100_000 <= size_of({"messages": [], "toolConfig": {"tools": [tool]}}).tokens <= 101_000


def test_a_document_of_text_counts_as_its_text() -> None:
    document = {"document": {"format": "txt", "name": "long", "source": {"text": LONG}}}
    assert size_of({"messages": [{"role": "user", "content": [document]}]}).tokens >= 100_000
    small = {"document": {"format": "pdf", "name": "short", "source": {"bytes": LONG.encode()}}}
    assert size_of({"messages": [{"role": "user", "content": [small]}]}).tokens < 2000


@pytest.mark.parametrize("text", ["1" * 500, "ß" * 500, "🦊" * 500, ""])
def test_no_text_has_more_tokens_than_a_budget_reserves(text: str) -> None:
    turn = {"messages": [{"role": "user", "content": [{"text": text}]}]}
    assert size_of(turn).most > len(text.encode())

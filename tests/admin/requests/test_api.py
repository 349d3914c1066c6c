"""Requests that were answered, asked for by the id that the client saw: of one's own account, also after a restart."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.fronts import Account, stranger_on
from tests.scripted import MODEL
from tests.serving import Server

ACCOUNT = "123456789012"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def says(text: str) -> list[Any]:
    return [{"role": "user", "content": [{"text": text}]}]


def converse(account: Account, text: str = "Hello", model: str = MODEL) -> str:
    """The request's id."""
    answer = account.client("bedrock-runtime").converse(modelId=model, messages=says(text))
    request_id: str = answer["ResponseMetadata"]["RequestId"]
    return request_id


def refused(account: Account, text: str = "fail before") -> str:
    with pytest.raises(ClientError) as raised:
        converse(account, text)
    request_id: str = raised.value.response["ResponseMetadata"]["RequestId"]
    return request_id


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("requests") / "home"
    scripted.install(home)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    return Account(server)


@pytest.fixture(scope="module")
def stranger(server: Server) -> Account:
    return stranger_on(server)


class TestOne:
    def test_an_invocation_is_told_with_its_steps(self, account: Account) -> None:
        found = account.client("craton").get_request(requestId=converse(account))
        assert (found["operation"], found["status"], found["outcome"]) == ("bedrock-runtime.Converse", 200, "SUCCESS")
        assert found["principal"] == f"arn:aws:iam::{ACCOUNT}:root"
        (invocation,) = found["invocations"]
        assert (invocation["modelId"], invocation["status"], invocation["currency"]) == (MODEL, "OK", "USD")
        assert invocation["usage"]["outputTokens"] == 7
        names = [span["name"] for span in found["spans"]]
        assert names == ["door", "admission", "queue", "engine", "engine.prefill", "engine.decode"]
        door, *steps, prefill, decode = found["spans"]
        assert all(span["parentSpanId"] == door["spanId"] for span in steps)
        assert all(0 <= span["offsetMs"] <= found["latencyMs"] for span in found["spans"])
        assert prefill["parentSpanId"] == decode["parentSpanId"] == steps[-1]["spanId"]
        assert prefill["offsetMs"] + prefill["durationMs"] <= decode["offsetMs"]
        assert steps[-1]["attributes"]["gen_ai.operation.name"] == "chat"
        assert steps[-1]["attributes"]["gen_ai.response.finish_reasons"] == "end_turn"

    def test_a_refusal_is_told_with_what_the_client_was_told(self, account: Account) -> None:
        found = account.client("craton").get_request(requestId=refused(account))
        assert (found["errorCode"], found["status"]) == ("ThrottlingException", 429)
        assert found["outcome"] == "CLIENT_ERROR"
        assert found["errorMessage"] == "The script is busy."
        assert found["spans"][-1]["errorCode"] == "ThrottlingException"

    def test_a_stream_that_broke_off_is_an_error_though_its_status_was_200(self, account: Account) -> None:
        answer = account.client("bedrock-runtime").converse_stream(modelId=MODEL, messages=says("fail after"))
        with pytest.raises(ClientError):
            list(answer["stream"])
        found = ended(account, answer["ResponseMetadata"]["RequestId"])
        assert (found["status"], found["outcome"]) == (200, "SERVER_ERROR")
        assert found["errorCode"] == "ModelStreamErrorException"

    def test_the_callers_trace_goes_on(self, account: Account) -> None:
        client = account.client("bedrock-runtime")
        header = f"00-{TRACE}-{PARENT}-01"
        client.meta.events.register(
            "before-sign.bedrock-runtime.Converse",
            lambda request, **_: request.headers.add_header("traceparent", header),
        )
        answer = client.converse(modelId=MODEL, messages=says("Hello"))
        found = account.client("craton").get_request(requestId=answer["ResponseMetadata"]["RequestId"])
        assert (found["traceId"], found["spans"][0]["parentSpanId"]) == (TRACE, PARENT)

    @pytest.mark.parametrize(
        ("path", "header", "body"),
        [
            ("/v1/chat/completions", "x-request-id", {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}),
            (
                "/v1/messages",
                "request-id",
                {"model": MODEL, "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]},
            ),
        ],
    )
    def test_other_doors_name_it_too(self, account: Account, path: str, header: str, body: dict[str, Any]) -> None:
        key = account.client("craton").create_api_key()["apiKey"]
        reply = httpx.post(account.server.endpoint + path, json=body, headers={"Authorization": f"Bearer {key}"})
        assert reply.status_code == 200, reply.text
        found = account.client("craton").get_request(requestId=reply.headers[header])
        assert found["spans"][-1]["name"] == "engine.decode"
        assert [line for line in account.server.requests_logged() if line["request_id"] == reply.headers[header]]

    def test_no_other_account_is_told(self, account: Account, stranger: Account) -> None:
        request_id = converse(account)
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            stranger.client("craton").get_request(requestId=request_id)
        listed = stranger.client("craton").list_requests(maxResults=1000)["requests"]
        assert request_id not in [each["requestId"] for each in listed]

    def test_one_that_nobody_made(self, account: Account) -> None:
        with pytest.raises(ClientError, match="x-amzn-requestid"):
            account.client("craton").get_request(requestId="00000000-0000-0000-0000-000000000000")


class TestList:
    def test_the_newest_first(self, account: Account) -> None:
        first, second = converse(account), converse(account)
        listed = account.client("craton").list_requests(operation="Converse")["requests"]
        assert [each["requestId"] for each in listed[:2]] == [second, first]

    def test_by_what_became_of_them(self, account: Account) -> None:
        failed, done = refused(account), converse(account)
        client = account.client("craton")
        errors = client.list_requests(outcome="CLIENT_ERROR")["requests"]
        assert errors[0]["requestId"] == failed
        assert done not in [each["requestId"] for each in errors]
        assert {each["outcome"] for each in errors} == {"CLIENT_ERROR"}

    def test_by_who_and_when(self, account: Account) -> None:
        converse(account)
        client = account.client("craton")
        assert client.list_requests(principal=f"arn:aws:iam::{ACCOUNT}:user/nobody")["requests"] == []
        assert client.list_requests(since=datetime.now(UTC) + timedelta(hours=1))["requests"] == []
        assert client.list_requests(since=datetime.now(UTC) - timedelta(hours=1))["requests"]

    def test_pages_hold_each_once(self, account: Account) -> None:
        made = [converse(account) for _ in range(5)]
        client = account.client("craton")
        pages, token = [], {}
        while len(pages) < 3:
            page = client.list_requests(operation="Converse", maxResults=2, **token)
            pages += [each["requestId"] for each in page["requests"]]
            token = {"nextToken": page["nextToken"]}
        assert pages[:5] == [*reversed(made)][: len(pages)]
        with pytest.raises(ClientError, match="nextToken is not valid"):
            client.list_requests(operation="ConverseStream", **token)


def test_what_asked_a_model_or_failed_is_known_after_a_restart(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home)
    with Server(home) as running:
        account = Account(running)
        done, failed = converse(account), refused(account)
        account.client("bedrock").list_foundation_models()
    with Server(home) as running:
        client = Account(running).client("craton")
        assert client.get_request(requestId=done)["spans"][-1]["name"] == "engine.decode"
        assert client.get_request(requestId=failed)["errorCode"] == "ThrottlingException"
        known = {each["requestId"] for each in client.list_requests()["requests"]}
        assert {done, failed} <= known


def ended(account: Account, request_id: str) -> dict[str, Any]:
    """A stream's request ends a moment after its client has read the end."""
    client = account.client("craton")
    deadline = time.monotonic() + 10
    while (found := client.get_request(requestId=request_id))["outcome"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    told: dict[str, Any] = found
    return told


class TestWhatIsTold:
    def test_who_asked_what_model_with_what_and_for_how_much(self, account: Account) -> None:
        request_id = converse(account)
        found = account.client("craton").list_requests(modelId=MODEL, maxResults=1)["requests"][0]
        assert found["requestId"] == request_id
        assert (found["modelId"], found["usage"]) == (MODEL, {"inputTokens": 1, "outputTokens": 7})
        assert (found["cost"], found["currency"]) == ("0.00", "USD")
        assert found["userAgent"].startswith("Boto3/")

    def test_by_model_key_and_error(self, account: Account) -> None:
        failed = refused(account)
        client = account.client("craton")
        wanted = {"modelId": MODEL, "accessKeyId": account.access_key_id, "errorCode": "ThrottlingException"}
        assert client.list_requests(**wanted)["requests"][0]["requestId"] == failed
        for name in wanted:
            assert client.list_requests(**{**wanted, name: "another"})["requests"] == []

    def test_of_a_whole_service_until_then(self, account: Account) -> None:
        converse(account)
        client = account.client("craton")
        then = client.list_requests(operation="bedrock-runtime", maxResults=1)["requests"][0]
        assert then["operation"] == "bedrock-runtime.Converse"
        converse(account)
        newest = client.list_requests(operation="bedrock-runtime", until=then["startedAt"] + timedelta(milliseconds=1))
        assert newest["requests"][0]["requestId"] == then["requestId"]


class TestFollowing:
    def test_only_what_has_ended_since(self, account: Account) -> None:
        converse(account)
        client = account.client("craton")
        token = client.list_requests(maxResults=1)["followToken"]
        assert client.list_requests(followToken=token)["requests"] == []
        made = [converse(account) for _ in range(3)]
        page = client.list_requests(followToken=token, operation="Converse", maxResults=2)
        rest = client.list_requests(followToken=token, operation="Converse", maxResults=2, nextToken=page["nextToken"])
        listed = [each["requestId"] for each in (*page["requests"], *rest["requests"])]
        assert (listed, "nextToken" in rest, "followToken" in rest) == ([*reversed(made)], False, False)
        assert client.list_requests(followToken=page["followToken"])["requests"] == []

    def test_a_token_of_another_account_is_refused(self, account: Account, stranger: Account) -> None:
        token = stranger.client("craton").list_requests()["followToken"]
        with pytest.raises(ClientError, match="followToken is not valid"):
            account.client("craton").list_requests(followToken=token)

    def test_who_follows_is_not_told_of_that(self, account: Account) -> None:
        client = account.client("craton")
        token = client.list_requests()["followToken"]
        client.list_requests()
        assert client.list_requests(followToken=token)["requests"] == []


class TestRunning:
    def test_a_stream_is_told_while_it_runs(self, account: Account, stranger: Account) -> None:
        client = account.client("craton")
        answer = account.client("bedrock-runtime").converse_stream(modelId=MODEL, messages=says("talk forever"))
        request_id = answer["ResponseMetadata"]["RequestId"]
        events = iter(answer["stream"])
        next(event for event in events if "contentBlockDelta" in event)
        (listed,) = client.list_requests(outcome="RUNNING")["requests"]
        assert (listed["requestId"], listed["modelId"], listed["status"]) == (request_id, MODEL, 200)
        assert client.list_requests(followToken=client.list_requests()["followToken"])["requests"][0] | {
            "latencyMs": 0
        } == listed | {"latencyMs": 0}
        found = client.get_request(requestId=request_id)
        assert (found["outcome"], found["spans"][-1]["name"]) == ("RUNNING", "engine.decode")
        assert found["spans"][-1]["durationMs"] > 0
        assert stranger.client("craton").list_requests(outcome="RUNNING")["requests"] == []
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            stranger.client("craton").get_request(requestId=request_id)
        answer["stream"].close()
        found = ended(account, request_id)
        assert (found["errorCode"], found["outcome"]) == ("CANCELLED", "CLIENT_ERROR")


class TestWaterfall:
    def test_a_document_is_parsed_before_the_model_is_asked(self, account: Account) -> None:
        page = {"name": "page", "format": "html", "source": {"bytes": b"<p>Hello.</p>"}}
        messages = [{"role": "user", "content": [{"text": "What is it?"}, {"document": page}]}]
        answer = account.client("bedrock-runtime").converse(modelId=MODEL, messages=messages)
        found = account.client("craton").get_request(requestId=answer["ResponseMetadata"]["RequestId"])
        _, parsing, admission, *_ = found["spans"]
        assert (parsing["name"], parsing["attributes"]) == ("parsing", {"craton.document.format": "html"})
        assert admission["offsetMs"] >= parsing["offsetMs"] + parsing["durationMs"]

    def test_a_guarded_stream_that_breaks_off_is_an_error(self, account: Account) -> None:
        guardrail = account.client("bedrock").create_guardrail(
            name="fruit",
            wordPolicyConfig={"wordsConfig": [{"text": "durian"}]},
            blockedInputMessaging="No.",
            blockedOutputsMessaging="No.",
        )["guardrailId"]
        answer = account.client("bedrock-runtime").converse_stream(
            modelId=MODEL,
            messages=says("fail after"),
            guardrailConfig={"guardrailIdentifier": guardrail, "guardrailVersion": "DRAFT"},
        )
        with pytest.raises(ClientError):
            list(answer["stream"])
        found = ended(account, answer["ResponseMetadata"]["RequestId"])
        assert (found["status"], found["errorCode"]) == (200, "ModelStreamErrorException")

    def test_applying_a_guardrail_has_its_step(self, account: Account) -> None:
        guardrail = account.client("bedrock").create_guardrail(
            name="more-fruit",
            wordPolicyConfig={"wordsConfig": [{"text": "durian"}]},
            blockedInputMessaging="No.",
            blockedOutputsMessaging="No.",
        )["guardrailId"]
        answer = account.client("bedrock-runtime").apply_guardrail(
            guardrailIdentifier=guardrail,
            guardrailVersion="DRAFT",
            source="INPUT",
            content=[{"text": {"text": "A durian."}}],
        )
        found = account.client("craton").get_request(requestId=answer["ResponseMetadata"]["RequestId"])
        _, step = found["spans"]
        assert (step["name"], step["attributes"]["craton.guardrail.intervened"]) == ("guardrail", "True")

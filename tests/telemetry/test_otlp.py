"""Spans that reach a collector: a request's steps, in the caller's trace, with the names of the conventions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.fronts import Account, key_of, serving
from tests.scripted import MODEL
from tests.serving import Server

pytest.importorskip("opentelemetry.sdk", reason="the extra otel is not installed")

from tests.telemetry.collectors import Collector

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SERVER, CLIENT = 2, 3


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as running:
        yield running


@pytest.fixture
def server(collector: Collector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    home = tmp_path / "home"
    scripted.install(home)
    with Server(home) as running:
        yield running


def converse(account: Account, model: str = MODEL, text: str = "Hello", traceparent: str | None = None) -> str:
    client = account.client("bedrock-runtime")
    if traceparent:
        client.meta.events.register(
            "before-sign.bedrock-runtime.Converse",
            lambda request, **_: request.headers.add_header("traceparent", traceparent),
        )
    message = {"role": "user", "content": [{"text": text}]}
    answer = client.converse(modelId=model, messages=[message], inferenceConfig={"maxTokens": 50})
    request_id: str = answer["ResponseMetadata"]["RequestId"]
    return request_id


def test_a_request_is_told_in_the_callers_trace(server: Server, collector: Collector) -> None:
    request_id = converse(Account(server), traceparent=f"00-{TRACE}-{PARENT}-01")
    door = collector.named("bedrock-runtime.Converse")
    engine = collector.named(f"chat {MODEL}")
    assert (door["trace"], door["parent"], door["kind"], door["service"]) == (TRACE, PARENT, SERVER, "craton")
    assert door["attributes"]["aws.request_id"] == request_id
    assert door["attributes"]["http.response.status_code"] == 200
    assert (engine["trace"], engine["parent"]) == (TRACE, door["id"])
    expected: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "craton",
        "gen_ai.request.model": MODEL,
        "gen_ai.request.max_tokens": 50,
        "gen_ai.response.finish_reasons": ["end_turn"],
        "gen_ai.usage.output_tokens": 7,
    }
    assert engine["attributes"].items() >= expected.items()
    assert collector.named("admission")["parent"] == collector.named("queue")["parent"] == door["id"]
    assert 0 < engine["took"] <= door["took"]


def test_what_was_said_is_not_told(server: Server, collector: Collector) -> None:
    converse(Account(server), text="a secret of mine")
    collector.named("bedrock-runtime.Converse")
    assert "secret of mine" not in repr(collector.spans)
    assert "scripted answer" not in repr(collector.spans)


def test_a_failure_is_told(server: Server, collector: Collector) -> None:
    with pytest.raises(ClientError):
        converse(Account(server), text="fail before")
    engine = collector.named(f"chat {MODEL}")
    assert (engine["error"], engine["attributes"]["error.type"]) == (True, "ThrottlingException")
    assert collector.named("bedrock-runtime.Converse")["attributes"]["http.response.status_code"] == 429


def test_what_the_caller_does_not_sample_is_not_sent(server: Server, collector: Collector) -> None:
    account = Account(server)
    converse(account, traceparent=f"00-{TRACE}-{PARENT}-00")
    account.client("bedrock").list_foundation_models()
    collector.named("bedrock.ListFoundationModels")
    assert TRACE not in {span["trace"] for span in collector.spans}


def test_what_waits_is_sent_before_the_server_ends(
    collector: Collector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "600000")
    home = tmp_path / "home"
    home.mkdir()
    (home / "craton.toml").write_text(f'[telemetry]\notlp_endpoint = "{collector.endpoint}"\n')
    with Server(home) as running:
        Account(running).client("bedrock").list_foundation_models()
    collector.named("bedrock.ListFoundationModels", seconds=0)


def test_a_provider_goes_on_with_the_trace(
    collector: Collector, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "front")
    with serving(tmp_path / "front", server, key_of(server)) as front:
        converse(Account(front), model="up.large", traceparent=f"00-{TRACE}-{PARENT}-01")
        engine = collector.named("chat up.large")
        assert (engine["service"], engine["kind"]) == ("front", CLIENT)
        assert engine["attributes"]["gen_ai.provider.name"] == "aws.bedrock"
        assert engine["attributes"]["server.address"] == "127.0.0.1"
        collector.named(f"chat {MODEL}")
    theirs = [span for span in collector.spans if span["service"] == "craton" and span["parent"] == engine["id"]]
    assert [span["trace"] for span in theirs] == [TRACE]

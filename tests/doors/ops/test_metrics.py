"""The page that Prometheus reads: the names operators chart, for those who may see them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from prometheus_client.parser import text_string_to_metric_families

from craton.config import MetricsSettings, SecretPlace
from craton.doors.ops.metrics import MetricsPage
from tests import scripted
from tests.fronts import Account
from tests.scripted import MODEL
from tests.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("metrics") / "home"
    scripted.install(home)
    with Server(home) as running:
        yield running


Figures = Callable[..., float]


@pytest.fixture
def figure(server: Server) -> Figures:
    """A figure of the page by its name and labels, 0 where it is not there."""

    def read(name: str, **labels: str) -> float:
        page = httpx.get(f"{server.endpoint}/metrics")
        assert page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        for family in text_string_to_metric_families(page.text):
            for sample in family.samples:
                if sample.name == name and sample.labels.items() >= labels.items():
                    return float(sample.value)
        return 0.0

    return read


def converse(server: Server, text: str = "Hello") -> None:
    message = {"role": "user", "content": [{"text": text}]}
    Account(server).client("bedrock-runtime").converse(modelId=MODEL, messages=[message])


class TestFigures:
    def test_an_invocation_is_counted_as_cloudwatch_does(self, server: Server, figure: Figures) -> None:
        before = figure("aws_bedrock_output_token_count_total", model_id=MODEL)
        invocations = figure("aws_bedrock_invocations_total", model_id=MODEL)
        converse(server)
        assert figure("aws_bedrock_output_token_count_total", model_id=MODEL) == before + 7
        assert figure("aws_bedrock_invocations_total", model_id=MODEL) == invocations + 1
        for name in ("aws_bedrock_invocation_latency_seconds", "aws_bedrock_time_to_first_token_seconds"):
            assert figure(f"{name}_count", model_id=MODEL) == invocations + 1
            assert figure(f"{name}_bucket", model_id=MODEL, le="+Inf") == invocations + 1
            assert figure(f"{name}_sum", model_id=MODEL) > 0

    def test_a_throttled_one_is_no_error(self, server: Server, figure: Figures) -> None:
        throttles = figure("aws_bedrock_invocation_throttles_total", model_id=MODEL)
        errors = figure("aws_bedrock_invocation_client_errors_total", model_id=MODEL)
        with pytest.raises(ClientError, match="ThrottlingException"):
            converse(server, "fail before")
        assert figure("aws_bedrock_invocation_throttles_total", model_id=MODEL) == throttles + 1
        assert figure("aws_bedrock_invocation_client_errors_total", model_id=MODEL) == errors

    def test_requests_are_counted_by_operation_and_status(self, server: Server, figure: Figures) -> None:
        labels = {"service": "bedrock", "operation": "ListFoundationModels"}
        before = figure("craton_http_requests_total", **labels, status="200")
        Account(server).client("bedrock").list_foundation_models()
        assert figure("craton_http_requests_total", **labels, status="200") == before + 1
        assert figure("craton_http_request_duration_seconds_count", **labels) == before + 1

    def test_the_engine_tells_of_itself(self, server: Server, figure: Figures) -> None:
        converse(server)
        assert figure("craton_engine_loaded", model_id=MODEL, engine="scripted") == 1
        assert figure("craton_engine_slots", model_id=MODEL) == 16
        assert figure("craton_engine_slots_busy", model_id=MODEL) == 0
        assert figure("craton_engine_loads_total", model_id=MODEL) == 1
        assert figure("craton_engine_resident_memory_bytes", model_id=MODEL) > 10**6

    def test_a_stream_takes_a_slot(self, server: Server, figure: Figures) -> None:
        message = {"role": "user", "content": [{"text": "talk forever"}]}
        answer = Account(server).client("bedrock-runtime").converse_stream(modelId=MODEL, messages=[message])
        events = iter(answer["stream"])
        next(events)
        assert figure("craton_engine_slots_busy", model_id=MODEL) == 1
        answer["stream"].close()

    def test_the_process_tells_of_itself(self, figure: Figures) -> None:
        assert figure("process_open_fds") > 0
        assert figure("process_resident_memory_bytes") > 10**7
        assert figure("craton_backlog_length", backlog="store") >= 0
        assert figure("craton_build_info") == 1


LOCAL = {"client": ("127.0.0.1", 1), "headers": []}
FAR = {"client": ("192.0.2.7", 1), "headers": []}


async def status(scope: dict[str, Any], settings: MetricsSettings | None = None) -> int:
    async def render() -> bytes:
        return b"figures"

    return (await MetricsPage(settings or MetricsSettings(), render)(scope)).status


class TestWhoMayRead:
    @pytest.mark.parametrize(
        ("client", "expected"),
        [("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("192.0.2.7", 403), ("2001:db8::1", 403)],
    )
    async def test_this_machine_alone_by_default(self, client: str, expected: int) -> None:
        assert await status({"client": (client, 1), "headers": []}) == expected

    async def test_nobody_by_the_address_of_a_proxy(self) -> None:
        for name in (b"x-forwarded-for", b"forwarded"):
            assert await status(LOCAL | {"headers": [(name, b"127.0.0.1")]}) == 403

    async def test_networks_that_are_named(self) -> None:
        settings = MetricsSettings(networks=("192.0.2.0/24",))
        assert (await status(FAR, settings), await status(LOCAL, settings)) == (200, 403)

    async def test_who_has_the_token(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("let-me-in\n")
        settings = MetricsSettings(networks=(), token=SecretPlace(file=str(tmp_path / "token")))

        async def with_header(value: bytes) -> int:
            return await status(FAR | {"headers": [(b"authorization", value)]}, settings)

        assert await with_header(b"Bearer let-me-in") == 200
        for wrong in (b"Bearer let-me", b"Bearer ", b"Basic let-me-in", b""):
            assert await with_header(wrong) == 403
        (tmp_path / "token").unlink()
        assert await with_header(b"Bearer let-me-in") == 403
        assert await with_header(b"Bearer ") == 403

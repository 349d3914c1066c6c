"""What a server does that is to send spans and cannot."""

from pathlib import Path

import pytest

from craton.config import Config, TelemetrySettings
from craton.telemetry import telemetry
from craton.telemetry.telemetry import Telemetry


@pytest.fixture
def without_the_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "find_spec", lambda name: None)


@pytest.mark.usefixtures("without_the_sdk")
def test_what_its_operator_asked_for_is_refused(tmp_path: Path) -> None:
    settings = TelemetrySettings(otlp_endpoint="http://127.0.0.1:4318")
    with pytest.raises(ValueError, match=r"install craton\[otel\]"):
        Telemetry.open(Config(home=tmp_path, telemetry=settings))
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("without_the_sdk")
def test_a_variable_of_the_whole_machine_keeps_no_server_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    opened = Telemetry.open(Config(home=tmp_path))
    assert len(opened.watchers.ended) == 2
    opened.close()

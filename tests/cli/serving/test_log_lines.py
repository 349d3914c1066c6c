"""`craton logs`: lines of JSON as people read them, and only those that are asked for."""

import json
from pathlib import Path

import pytest

from tests.command import craton

DONE = {
    "request_id": "r-1",
    "trace_id": "t-1",
    "operation": "bedrock-runtime.Converse",
    "account": "123456789012",
    "caller": "arn:aws:iam::123456789012:user/ada",
    "status": 200,
    "ms": 12.5,
    "event": "request",
    "level": "info",
    "timestamp": "2026-11-22T12:00:00Z",
}
REFUSED = DONE | {"request_id": "r-2", "trace_id": "t-2", "status": 400, "error": "ValidationException", "account": "1"}
LOADED = {"event": "loading a model", "level": "info", "timestamp": "2026-11-22T12:00:01Z"}
FAILED = {
    "event": "failed",
    "level": "error",
    "request_id": "r-3",
    "exception": '  File "x.py"\nKeyError',
    "timestamp": "2026-11-22T12:00:02Z",
}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log"
    lines = ["Craton serves the Bedrock API.", *map(json.dumps, (DONE, REFUSED, LOADED, FAILED))]
    path.write_text("\n".join(lines) + "\n")
    return path


def shown(*arguments: str, stdin: str = "") -> list[str]:
    done = craton("logs", *arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_everything_is_shown(log: Path) -> None:
    lines = shown(str(log))
    assert lines[0] == "Craton serves the Bedrock API."
    assert "200     bedrock-runtime.Converse 12.5 ms by user/ada 123456789012 r-1" in lines[1]
    assert "400     bedrock-runtime.Converse 12.5 ms ValidationException" in lines[2]
    assert lines[3].endswith("INFO    loading a model")
    assert lines[-1] == "KeyError"
    assert shown(stdin=log.read_text()) == lines


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--request", "r-1"), ["r-1"]),
        (("--request", "t-2"), ["r-2"]),
        (("--account", "1"), ["r-2"]),
        (("--operation", "Converse"), ["r-1", "r-2"]),
        (("--operation", "bedrock-runtime.Converse", "--errors"), ["r-2"]),
        (("--request", "nobody"), []),
    ],
)
def test_what_is_asked_for(log: Path, arguments: tuple[str, ...], wanted: list[str]) -> None:
    lines = shown(str(log), *arguments)
    assert [line.split()[-1] for line in lines] == wanted


def test_errors_are_requests_and_events(log: Path) -> None:
    lines = shown(str(log), "--errors")
    assert "ValidationException" in lines[0]
    assert "ERROR   failed" in lines[1]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = craton("logs", str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert "cannot be read" in done.stderr

"""What the server's log says of errors nobody foresaw: where and what kind, not what they said."""

import json
import subprocess
import sys

import pytest

from craton.cli.serving.logs import plain

PROGRAM = """
import logging
import structlog
from craton.cli.serving import logs

logs.configure()
try:
    try:
        {}["the words of a client"]
    except KeyError as error:
        raise ValueError("more words of a client") from error
except ValueError:
    structlog.get_logger().exception("failed", request_id="r-1")
    logging.getLogger("library").exception("a library failed")
structlog.get_logger().warning("told", header="Authorization: Bearer abcdef")
logging.getLogger("library").warning("GET /?X-Amz-Signature=0123456789abcdef&b=c")
"""


@pytest.fixture(scope="module")
def log() -> list[dict[str, str]]:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_exception_is_told_without_its_words(log: list[dict[str, str]]) -> None:
    for line in log[:2]:
        assert "words of a client" not in json.dumps(line)
        assert 'File "<string>", line 9' in line["exception"]
        kinds = [part for part in line["exception"].splitlines() if not part.startswith(" ")]
        assert kinds == ["KeyError", "which led to:", "ValueError"]


def test_secrets_are_hidden(log: list[dict[str, str]]) -> None:
    assert log[2]["header"] == "Authorization: Bearer ***"
    assert log[3]["event"] == "GET /?X-Amz-Signature=***&b=c"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Authorization: Bearer ABSKabcdefghijklmnopqrstuvwxyz==", "Authorization: Bearer ***"),
        ("key ABSKabcdefghijklmnopqrstuvwxyz==.", "key ***."),
        ("AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=abc123", "AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=***"),
        ("x-amz-security-token=FwoG&x=1", "x-amz-security-token=***&x=1"),
        ("Incorrect API key provided: sk-proj-a1b2c3d4e5f6a7b8", "Incorrect API key provided: ***"),
        ("bedrock-api-key-YWJjZGVmZ2hpamtsbW5vcA==", "***"),
        ("the task-force took a risk-averse path", "the task-force took a risk-averse path"),
        ("signature of a composer", "signature of a composer"),
    ],
)
def test_what_is_a_secret(text: str, told: str) -> None:
    assert plain(text) == told

"""`craton chat` talks to a running server and keeps the thread of the conversation."""

import pytest

from tests.command import craton
from tests.serving import Server

pytestmark = pytest.mark.model


def test_two_lines_are_one_conversation(server: Server) -> None:
    lines = "What is the capital of France?\nRepeat your last answer.\n"
    done = craton("chat", "--temperature", "0", "--max-tokens", "60", env=server.variables, stdin=lines)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Paris") >= 2


def test_an_error_is_shown(server: Server) -> None:
    done = craton("chat", "--model", "no-such-model", env=server.variables, stdin="Hello\n")
    assert done.returncode == 1
    assert "The provided model identifier is invalid" in done.stderr

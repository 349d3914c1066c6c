"""`craton serve` at a newcomer's first start, and what it says when it cannot start."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from craton.models.files.library import Library
from tests.command import craton
from tests.serving import Server, free_port


@pytest.fixture
def home(tmp_path: Path, library: Library) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    return home


@pytest.mark.model
def test_the_first_start_shows_an_answer_and_the_five_lines(default_model: str, home: Path) -> None:
    command = [sys.executable, "-m", "craton", "serve", "--hello", "--home", str(home), "--port", str(free_port())]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CRATON_"))}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=kept | {"PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "tokens in" in line:
                break
        shown = "".join(lines)
        variables = dict(re.findall(r"export (\w+)=(\S+)", shown))
        assert list(variables) == [
            "AWS_ENDPOINT_URL",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
        ]
        assert "Paris" in shown
        # It keeps serving, and the five lines are all that a program needs.
        assert craton("doctor", env=variables).returncode == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_the_secret_is_shown_once(home: Path) -> None:
    with Server(home, preset=False) as first:
        secret = re.search(r"AWS_SECRET_ACCESS_KEY=(\S{40})", first.log.read_text())
        assert secret
    with Server(home, preset=False) as second:
        assert second.log.read_text().count(secret[1]) == 1
        assert second.log == first.log


def test_a_port_in_use_is_named(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = craton("serve", "--home", str(home), "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "Choose others with --host and --port" in done.stderr


@pytest.mark.parametrize(
    ("stand_in", "says"),
    [("anthropic.*", "--stand-in takes PATTERN=MODEL"), ("anthropic.*=nothing", "There is no local model 'nothing'")],
)
def test_a_stand_in_that_cannot_be_is_named(home: Path, stand_in: str, says: str) -> None:
    done = craton("serve", "--home", str(home), "--port", str(free_port()), "--stand-in", stand_in)
    assert done.returncode == 1
    assert says in done.stderr

"""Where the server listens, and how it ends."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from craton import config
from craton import server as serving
from craton.app.ground import CannotServe
from craton.config import Config, ConfigError, TlsSettings
from tests import scripted
from tests.doors.wires import connection, converse, exchange, head, reply, signed
from tests.serving import Server, free_port


def refusal(*arguments: str, home: Path) -> str:
    command = [sys.executable, "-m", "craton", "serve", "--home", str(home), "--port", str(free_port()), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done
    return done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_needs_no_tls(host: str) -> None:
    serving.check_address(Config(host=host, port=free_port()))


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_other_machines_need_tls_or_a_word(host: str) -> None:
    port = free_port()
    with pytest.raises(CannotServe, match=r"--tls-cert and --tls-key, or --tls-self-signed.*--insecure"):
        serving.check_address(Config(host=host, port=port))
    serving.check_address(Config(host=host, port=port, insecure=True))
    serving.check_address(Config(host=host, port=port, tls=TlsSettings(self_signed=True)))


def test_the_command_refuses_before_it_makes_anything(tmp_path: Path) -> None:
    said = refusal("--host", "0.0.0.0", home=tmp_path / "home")
    assert said.startswith("craton: At 0.0.0.0 other machines reach this server") and "Traceback" not in said
    assert not (tmp_path / "home").exists()


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refusal("--port", str(taken.getsockname()[1]), home=tmp_path / "home")
    assert "Choose others with --host and --port" in said


def test_a_home_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file")
    said = refusal(home=home)
    assert "cannot be opened" in said and str(home) in said and "Traceback" not in said


def test_a_container_says_that_it_is_protected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Server(tmp_path / "home")
    environment = running._environment() | {"CRATON_HOST": "0.0.0.0", "CRATON_INSECURE": "true"}
    monkeypatch.setattr(running, "_environment", lambda: environment)
    with running:
        with urllib.request.urlopen(f"{running.endpoint}/healthz", timeout=5) as answer:
            assert answer.status == 200
        assert f"export AWS_ENDPOINT_URL=http://127.0.0.1:{running.port}" in running.log.read_text()


# --- its end ------------------------------------------------------------------------------------------------


def with_grace(home: Path, seconds: float) -> Path:
    scripted.install(home)
    (home / "craton.toml").write_text(f"grace_seconds = {seconds}\n")
    return home


@pytest.mark.parametrize(
    ("stream", "status"), [(True, 200), (False, 503)], ids=["a stream is broken off", "a plain answer is refused"]
)
def test_who_is_still_waiting_at_the_end_of_the_grace_is_told(tmp_path: Path, stream: bool, status: int) -> None:
    with Server(with_grace(tmp_path / "home", 1.5)) as running:
        exchange(running, signed(running, converse("Hello.")))
        request = signed(running, converse("Please talk forever.", stream=stream))
        with connection(running) as line:
            line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
            if stream:
                assert line.recv(1, socket.MSG_PEEK)
            else:
                time.sleep(0.3)
            started = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            answer = reply(line)
            assert answer.status == status
            assert b"The server is shutting down" in answer.body
            if not stream:
                assert answer.error == "ServiceUnavailableException"
        assert running.process.wait(10) == 0
        assert time.monotonic() - started < 8
        assert [line.get("error") for line in running.requests_logged()][-1] == "ServiceUnavailableException"


def test_a_second_signal_ends_what_is_left_at_once(tmp_path: Path) -> None:
    with Server(with_grace(tmp_path / "home", 60)) as running:
        exchange(running, signed(running, converse("Hello.")))
        request = signed(running, converse("Please talk forever.", stream=True))
        with connection(running) as line:
            line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
            assert line.recv(1, socket.MSG_PEEK)
            running.process.send_signal(signal.SIGINT)
            time.sleep(0.3)
            assert running.process.poll() is None
            running.process.send_signal(signal.SIGINT)
            assert b"The server is shutting down" in reply(line).body
        assert running.process.wait(10) == 0


def test_connections_without_a_request_hold_no_end_up(tmp_path: Path) -> None:
    with Server(with_grace(tmp_path / "home", 60)) as running, contextlib.ExitStack() as stack:
        for beginning in (b"", b"P", b"POST /model/x/converse HTTP/1.1\r\nhost: localhost\r\nx-"):
            stack.enter_context(connection(running)).sendall(beginning)
        started = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert time.monotonic() - started < 20, "not as long as the grace"


def test_a_signal_that_comes_as_many_clients_leave_is_heard(tmp_path: Path) -> None:
    """They fill the pipe through which asyncio learns of signals."""
    with Server(with_grace(tmp_path / "home", 5)) as running:
        request = signed(running, converse("Please talk forever.", stream=True))
        data = head(request, {"content-length": str(len(request.body))}) + request.body
        lines = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(400)]
        for number, line in enumerate(lines):
            line.sendall(data[: -1 - number % 2])
        running.process.send_signal(signal.SIGSTOP)
        for line in lines:
            line.close()
        running.process.send_signal(signal.SIGTERM)
        running.process.send_signal(signal.SIGCONT)
        assert running.process.wait(15) == 0


# --- its settings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("grace_seconds = -1", "grace_seconds"),
        ('[tls]\ncert = "a.pem"', "`cert` and `key`"),
        ('[tls]\ncert = "a.pem"\nkey = "b.pem"\nself_signed = true', "not both"),
    ],
)
def test_settings_that_cannot_be_are_told(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "craton.toml").write_text(text)
    with pytest.raises(ConfigError, match=says):
        config.load(options={"home": tmp_path})


def test_the_command_line_and_the_environment_go_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "craton.toml").write_text('[tls]\ncert = "file.pem"\nkey = "key.pem"\nnames = ["a.example"]\n')
    monkeypatch.setenv("CRATON_TLS_KEY", "environment.pem")
    loaded = config.load(options={"home": tmp_path, "tls.cert": Path("option.pem"), "tls.key": None})
    assert loaded.tls == TlsSettings(cert=Path("option.pem"), key=Path("environment.pem"), names=("a.example",))
    assert loaded.endpoint == "https://127.0.0.1:8080"

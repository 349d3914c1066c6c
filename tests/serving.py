"""A Craton server in a process of its own, as a user starts it, for tests to talk to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

import boto3
from botocore.config import Config

ACCESS_KEY_ID = "AKIACRATONTESTSERVER"
SECRET_ACCESS_KEY = "a-secret-for-tests-only"
REGION = "us-east-1"
MODEL = "huggingface.smollm2-135m-instruct-v1:0"

# One try: a test must see the first answer. Long waits: the first request may load a model on a busy machine.
CLIENT = Config(retries={"total_max_attempts": 1}, read_timeout=300, max_pool_connections=64)


class Server:
    """Started by entering it; ended by leaving it. `arguments` are those of `craton serve`."""

    def __init__(self, home: Path, *arguments: str, preset: bool = True) -> None:
        """Without `preset` the server makes its own first credentials."""
        self.home = home
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.log = home.with_suffix(".log")
        self._preset = preset
        self._arguments = arguments
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "craton", "serve", "--home", str(self.home), "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self._arguments], stdout=log, stderr=log, env=self._environment(), stdin=subprocess.DEVNULL
            )
        self._wait()
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    def stop(self) -> int:
        """SIGTERM, and the exit status once all answers have ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def variables(self) -> dict[str, str]:
        """What a client's environment must hold, and nothing that Craton made up for itself."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str, region: str = REGION, **credentials: str) -> Any:
        """An unmodified boto3 client, as the root of the default account unless other credentials are given."""
        own = {"aws_access_key_id": ACCESS_KEY_ID, "aws_secret_access_key": SECRET_ACCESS_KEY}
        session = boto3.Session(region_name=region, **(credentials or own))
        return session.client(service, endpoint_url=self.endpoint, config=CLIENT)

    def requests_logged(self) -> list[dict[str, Any]]:
        """The server's log lines of requests."""
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in map(json.loads, lines) if line["event"] == "request"]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CRATON_"))}
        preset = {"CRATON_ROOT_ACCESS_KEY_ID": ACCESS_KEY_ID, "CRATON_ROOT_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY}
        return inherited | (preset if self._preset else {})

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with status {self.process.returncode}:\n{self.log.read_text()}")
            try:
                with urllib.request.urlopen(f"{self.endpoint}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
        raise TimeoutError(f"the server did not answer within a minute:\n{self.log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

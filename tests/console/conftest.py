"""A headless Chromium that travels through the console, and the server that it is at."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from craton.doors.console import built
from craton.models.files.library import Library
from tests.conftest import ROOT
from tests.serving import Server

Journey = Callable[..., dict[str, Any]]
JOURNEYS = Path(__file__).parent / "journeys"
SECONDS = 300


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine: on Debian, apt install chromium")
    if not built() or not (ROOT / "ui/node_modules/playwright-core").is_dir():
        pytest.skip("the console is not built: make ui")
    return found


@pytest.fixture(scope="module")
def place(
    chromium: str, default_model: str, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server of its own, which nobody has asked anything yet."""
    home = tmp_path_factory.mktemp("console") / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    with Server(home) as running:
        yield running


@pytest.fixture
def journey(chromium: str, place: Server) -> Journey:
    """Travels one of `journeys`, and gives what it found. Pictures go to the folder CRATON_SCREENSHOTS, if any."""
    shots = os.environ.get("CRATON_SCREENSHOTS")
    if shots:
        Path(shots).mkdir(parents=True, exist_ok=True)

    def travel(name: str, **variables: str) -> dict[str, Any]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CRATON_"))}
        own = {"CHROMIUM": chromium, "PYTHON": sys.executable} | ({"SHOTS": shots} if shots else {})
        finished = subprocess.run(
            ["node", str(JOURNEYS / f"{name}.mjs")],
            env=inherited | place.variables | own | variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert finished.returncode == 0, finished.stderr
        found: dict[str, Any] = json.loads(finished.stdout)
        return found

    return travel


def clean(found: dict[str, Any], place: Server) -> None:
    """The browser refused nothing, asked nobody else, and what axe looked at is without serious findings."""
    assert found["hosts"] == [f"127.0.0.1:{place.port}"]
    assert found["complaints"] == []
    assert not any(found["found"].values()), found["found"]

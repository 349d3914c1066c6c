"""One server for all clients, and how each kind of client is run: as a program of its own, in its own environment."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from craton.models.files.library import Library
from tests import scripted
from tests.conftest import ROOT
from tests.serving import Server

ENVIRONMENTS = ROOT / ".clients"
PROGRAMS = Path(__file__).parent
SECONDS = 120

# Some clients insist on ids of their own vendor, or speak a vendor's bodies: the default model answers all the same.
STAND_INS = {
    "anthropic.*": "smollm2-135m",
    "amazon.nova*": "smollm2-135m",
    "amazon.titan-text*": "smollm2-135m",
    "amazon.titan-embed*": "use-multilingual",
    "meta.*": "smollm2-135m",
    "openai.*": "smollm2-135m",
}

# Answers to what clients ask for beside text; the word that asks stands in the last message.
RULES: list[dict[str, Any]] = [
    {"match": "twice", "tools": [{"name": "weather", "input": {"city": city}} for city in ("Ulm", "Köln")]},
    {"match": "weather", "text": "I look. ", "tools": [{"name": "weather", "input": {"city": "Ulm"}}]},
    {"match": "object", "text": '{"city": "Ulm", "degrees": 7}'},
    {"match": "ponder", "reasoning": "Let me see.", "text": "Seven."},
    *scripted.RULES,
]

Finished = subprocess.CompletedProcess[str]
Program = Callable[..., Any]


@pytest.fixture(scope="session")
def server(default_model: str, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server whose default model also answers for other vendors' models."""
    home = tmp_path_factory.mktemp("clients") / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    options = [part for pattern, model in STAND_INS.items() for part in ("--stand-in", f"{pattern}={model}")]
    with Server(home, *options) as running:
        yield running


@pytest.fixture(scope="session")
def variables(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a client: what `craton serve` prints, and a home without settings."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path_factory.mktemp("home")), **server.variables}


@pytest.fixture
def api_key(server: Server) -> str:
    """A new Bedrock API key, made as an operator makes one."""
    return made_key(server)


@pytest.fixture(scope="session")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server whose model plays `RULES`, tool calls among them."""
    home = tmp_path_factory.mktemp("player") / "home"
    scripted.install(home, script={"rules": RULES})
    with Server(home) as running:
        yield running


@pytest.fixture(scope="session")
def played(player: Server) -> dict[str, str]:
    """The environment of the OpenAI and Anthropic clients of `player`."""
    return addresses(player, made_key(player))


def made_key(server: Server) -> str:
    options = ["--api-key", "--json", "--home", str(server.home)]
    command = [sys.executable, "-m", "craton", "keys", "create", *options]
    made = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return str(made["apiKey"])


def addresses(server: Server, key: str) -> dict[str, str]:
    """What the OpenAI and Anthropic clients read from their environment."""
    return {
        **server.variables,
        "OPENAI_BASE_URL": f"{server.endpoint}/v1",
        "OPENAI_API_KEY": key,
        "AWS_BEDROCK_BASE_URL": f"{server.endpoint}/openai/v1",
        "ANTHROPIC_BASE_URL": server.endpoint,
        "ANTHROPIC_API_KEY": key,
        "ANTHROPIC_BEDROCK_MANTLE_BASE_URL": f"{server.endpoint}/anthropic",
    }


@pytest.fixture(scope="session")
def aws(variables: dict[str, str]) -> Callable[..., Finished]:
    """The AWS CLI, called with the words of a command line."""
    command = environment("aws") / "bin" / "aws"

    def run(*words: str, **more: str) -> Finished:
        return finish([str(command), *words], variables | more)

    return run


@pytest.fixture(scope="session")
def python(variables: dict[str, str]) -> Program:
    """Runs a program of `python/`, and gives what it printed as JSON."""
    interpreter = environment("python") / "bin" / "python"

    def run(program: str, *words: str, **more: str) -> Any:
        return printed(finish([str(interpreter), str(PROGRAMS / "python" / program), *words], variables | more))

    return run


@pytest.fixture(scope="session")
def node(variables: dict[str, str]) -> Program:
    """Runs a program of `js/`, and gives what it printed as JSON."""
    if shutil.which("node") is None:
        pytest.skip("there is no node on this machine")
    folder = environment("js")

    def run(program: str, *words: str) -> Any:
        # Read from its standard input, node looks for packages in the folder it is in, not beside the program.
        source = (PROGRAMS / "js" / program).read_text()
        return printed(finish(["node", "--input-type=module", "-", *words], variables, cwd=folder, input=source))

    return run


def environment(name: str) -> Path:
    folder = ENVIRONMENTS / name
    if not (folder / ".installed").is_file():
        pytest.skip("run `make clients`")
    return folder


def finish(command: list[str], variables: dict[str, str], **options: Any) -> Finished:
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=SECONDS, **options)


def printed(finished: Finished) -> Any:
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def logged(server: Server, request_id: str) -> dict[str, Any]:
    """The log line of a request, which is written once its answer has ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if lines := [line for line in server.requests_logged() if line["request_id"] == request_id]:
            return lines[0]
        time.sleep(0.02)
    raise TimeoutError(f"the server has not ended request {request_id}")

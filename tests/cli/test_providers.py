"""`craton providers` on a home: what it adds is served, what it removes is not, and what it asks is told."""

import json
from pathlib import Path

import pytest

from tests.command import craton
from tests.fronts import key_of
from tests.scripted import MODEL
from tests.serving import Server

CONFIGURATION = """
[providers.up]
kind = "openai"
base_url = "{endpoint}/v1"
secret_env = "UPSTREAM_KEY"
models = ["craton.scripted-v1:0"]

[providers.dead]
kind = "openai"
base_url = "http://127.0.0.1:9"
retries = 0
models = ["any"]
"""


@pytest.fixture
def home(scripted_server: Server, tmp_path: Path) -> Path:
    (tmp_path / "craton.toml").write_text(CONFIGURATION.format(endpoint=scripted_server.endpoint))
    return tmp_path


def add(home: Path, *arguments: str) -> str:
    done = craton("providers", "add", *arguments, "--home", str(home))
    assert done.returncode == 0, done.stderr
    return done.stdout


def listed(home: Path, *arguments: str) -> dict[str, list[str]]:
    done = craton("providers", "list", "--json", "--home", str(home), *arguments)
    assert done.returncode == 0, done.stderr
    return {each["providerName"]: [model["id"] for model in each["models"]] for each in json.loads(done.stdout)}


def test_one_is_added_listed_and_removed(home: Path) -> None:
    made = add(home, "gpus", "--kind", "openai", "--base-url", "http://gpu-1:8000/v1", "--model", "Qwen/Qwen3-8B",
               "--model", "big=gpus.large", "--secret-env", "CRATON_SECRET_GPUS")  # fmt: skip
    assert "gpus.qwen-qwen3-8b" in made
    configured = {"up": ["up.craton-scripted-v1:0"], "dead": ["dead.any"]}
    assert listed(home) == {**configured, "gpus": ["gpus.qwen-qwen3-8b", "gpus.large"]}
    assert listed(home, "--account", "111122223333") == configured
    table = craton("providers", "list", "--home", str(home)).stdout
    assert "http://gpu-1:8000/v1" in table
    assert craton("providers", "remove", "gpus", "--home", str(home)).returncode == 0
    assert listed(home) == configured


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["gpus", "--kind", "google"], "kind"),
        (["eu", "--kind", "openai"], "no name for a provider"),
        (["up", "--kind", "openai"], "configuration has a provider 'up'"),
        (["gpus", "--kind", "openai", "--secret-env", "HOME"], "CRATON_SECRET_"),
        (["gpus", "--kind", "openai", "--base-url", "http://169.254.169.254"], "link-local"),
    ],
)
def test_what_cannot_be_added_is_told(home: Path, arguments: list[str], says: str) -> None:
    done = craton("providers", "add", *arguments, "--home", str(home))
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_those_of_the_configuration_are_not_removed(home: Path) -> None:
    done = craton("providers", "remove", "up", "--home", str(home))
    assert done.returncode == 1
    assert "configuration" in done.stderr


def test_a_check_asks_and_tells(home: Path, scripted_server: Server) -> None:
    key = key_of(scripted_server)

    def check(*names: str, secret: str = key) -> tuple[int, str]:
        done = craton("providers", "check", *names, "--home", str(home), env={"UPSTREAM_KEY": secret})
        assert key not in done.stdout + done.stderr
        return done.returncode, done.stdout

    code, said = check("up")
    assert code == 0, said
    assert "up: answers" in said
    code, said = check()
    assert code == 1
    assert "dead: " in said
    code, said = check("up", secret="")
    assert code == 1
    assert "UPSTREAM_KEY" in said


def test_a_check_tells_of_models_that_the_provider_has_not(home: Path, scripted_server: Server) -> None:
    configuration = (home / "craton.toml").read_text().replace(f'["{MODEL}"]', f'["{MODEL}", "gone"]')
    (home / "craton.toml").write_text(configuration)
    key = key_of(scripted_server)
    done = craton("providers", "check", "up", "--home", str(home), env={"UPSTREAM_KEY": key})
    assert done.returncode == 1
    assert "but not 'gone'" in done.stdout


def test_craton_models_lists_theirs(home: Path) -> None:
    models = json.loads(craton("models", "--json", "--home", str(home)).stdout)
    found = {model["modelId"]: model for model in models}
    assert found["up.craton-scripted-v1:0"]["provider"] == "up"
    assert "provider dead" in craton("models", "--home", str(home)).stdout


@pytest.mark.parametrize("command", [["providers", "list"], ["serve", "--port", "0"]], ids=" ".join)
def test_a_configuration_that_cannot_be_served_is_told(home: Path, command: list[str]) -> None:
    (home / "craton.toml").write_text('[providers.eu]\nkind = "openai"')
    done = craton(*command, "--home", str(home))
    assert done.returncode == 1
    assert "'eu' is no name for a provider" in done.stderr
    assert "Traceback" not in done.stderr

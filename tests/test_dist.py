"""The wheel, as a user gets it: installed into an empty environment, away from the checkout, it serves."""

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import PathDistribution, distribution
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from craton.doors.console import BUILT
from tests.conftest import ROOT
from tests.serving import free_port

LIST_MODELS = """
import boto3, craton, json
answer = boto3.client("bedrock").list_foundation_models()
status = answer["ResponseMetadata"]["HTTPStatusCode"]
print(json.dumps({"status": status, "models": answer["modelSummaries"], "package": craton.__file__}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that holds the wheel and, from the lock file, what it asks for; nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{wheel} --hash=sha256:{digest}\n{''.join(locked(wheel))}")
    run(folder / "bin" / "pip", "install", "--quiet", "--require-hashes", "--requirement", requirements)
    return folder / "bin"


def locked(wheel: Path) -> Iterator[str]:
    """The lock file's entries for all that the wheel needs, directly or not."""
    entries = re.split(r"^(?=\w)", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    needed = closure(wheel)
    return (entry for entry in entries if canonicalize_name(entry.partition("==")[0]) in needed)


def closure(wheel: Path) -> set[str]:
    (metadata,) = (entry for entry in zipfile.Path(wheel).iterdir() if entry.name.endswith(".dist-info"))
    waiting = list(PathDistribution(metadata).requires or [])
    found: set[str] = set()
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        if name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found.add(name)
            waiting += distribution(name).requires or []
    return found


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    finished = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@contextlib.contextmanager
def serving(command: Path, folder: Path) -> Iterator[dict[str, str]]:
    """A first start, and the variables that it tells its user to set."""
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CRATON_"))}
    words = [str(command), "serve", "--home", str(folder / "home"), "--port", str(port)]
    with subprocess.Popen(words, cwd=folder, env=inherited, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        variables: dict[str, str] = {}
        for line in process.stdout:
            if export := re.fullmatch(r"\s+export (\w+)=(.+)\n", line):
                variables[export[1]] = export[2]
            elif variables:
                break
        try:
            yield variables
        finally:
            process.terminate()
            process.stdout.read()
    assert process.returncode == 0


def test_it_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names} == {
        "craton",
        f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info",
    }
    kept = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "craton").rglob("*")
        if path.is_file() and (path.suffix in {".py", ".toml", ".json"} or BUILT in path.parents)
    }
    assert kept <= set(names)
    assert {"craton/models/catalogue.toml", "craton/models/aws_models.toml"} <= kept
    assert any(name.endswith("/service-2.json") for name in kept)


def test_it_serves_from_an_empty_environment(installed: Path, wheel: Path, tmp_path: Path) -> None:
    with serving(installed / "craton", tmp_path) as variables:
        health = httpx.get(f"{variables['AWS_ENDPOINT_URL']}/healthz").raise_for_status().json()
        assert health["craton"] == wheel.name.split("-")[1]
        answer = json.loads(run(installed / "python", "-c", LIST_MODELS, cwd=tmp_path, env=variables))
        page = httpx.get(f"{variables['AWS_ENDPOINT_URL']}/console")
    assert answer["status"] == 200
    assert answer["models"] == [], "nothing was pulled into this home"
    assert Path(answer["package"]).is_relative_to(installed.parent)
    if BUILT.exists():
        assert page.raise_for_status().content == (BUILT / "index.html").read_bytes()


def test_its_command_knows_the_catalogue(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "craton", "models", "--home", tmp_path / "home", cwd=tmp_path)
    assert "smollm2-135m" in shown

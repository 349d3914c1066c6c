"""The playground, with models that play a script: tools, schemas, files, guardrails; and code that makes the call."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.console import stage
from tests.console.conftest import Journey, clean
from tests.serving import Server

AWS = ROOT / ".clients/aws/bin/aws"


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("playground") / "home"
    stage.stage(home)
    with Server(home) as running:
        yield running


def test_tools_schemas_and_four_models(journey: Journey, place: Server, tmp_path: Path) -> None:
    found = journey("playground_tools")
    clean(found, place)
    assert ['"Ulm"' in call for call in found["calls"]] == [True, False]
    assert {"0.0201 EUR", "to use a tool"} <= set(found["figures"].splitlines())
    assert found["misfits"].splitlines() == [
        '$.sights required: "sights"',
        "$.inhabitants minimum: 0",
        "$.more additionalProperties: false",
    ]
    assert len(found["compared"]) == 4
    lines = found["stopped"].splitlines()
    assert int(lines[lines.index("out") + 1]) < 400, "what was stopped in the browser went on at the server"
    assert found["opened"]["questions"] == ["How is the weather?", "Ulm as JSON", "Once more", "Talk slowly."]
    assert found["opened"]["results"] == ['{"sky": "clear"}', "no network"]
    for language, code in found["programs"].items():
        if language != "AWS CLI" or AWS.exists():
            assert "clear" in printed(language, code, place, tmp_path), f"{language} printed something else:\n{code}"


def test_files_and_guardrails_on_a_phone(journey: Journey, place: Server, tmp_path: Path) -> None:
    document, picture = tmp_path / "harbour.txt", tmp_path / "picture.png"
    document.write_text(stage.HOURS)
    picture.write_bytes(stage.PICTURE)
    identifier = stage.guardrail(place)
    found = journey("playground_guarded", DOCUMENT=str(document), PICTURE=str(picture))
    clean(found, place)
    assert all(width <= 0 for width in found["widths"]), found["widths"]
    assert found["refused"], "a model that sees no pictures would be sent one"
    assert found["taken"]
    assert found["sent"].splitlines()[0] == "harbour.txt"
    assert "nine." in printed("boto3", found["program"], place, tmp_path), "the file was not read from the disk"
    assert "I cannot answer this." in found["blocked"]
    assert "swordfish" in found["blocked"]
    assert "durch eine Guardrail" in found["blocked"]
    assert "The ticket is {ticket}." in found["masked"]
    assert "T-123456" in found["masked"]
    assert f'"guardrailIdentifier": "{identifier}"' in found["guarded"]
    assert '"guardrailVersion": "1"' in found["guarded"]


def printed(language: str, code: str, place: Server, folder: Path) -> str:
    """What a program that the console shows prints, where its files lie in the folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CRATON_"))}
    command = {
        "boto3": [sys.executable, "-c", code],
        "AWS CLI": ["sh", "-c", f'PATH="{AWS.parent}:$PATH"\n{code}'],
        "JavaScript": ["node", "--input-type=module"],
    }[language]
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(ROOT / "ui/node_modules")
    given: dict[str, Any] = {"input": code} if language == "JavaScript" else {}
    done = subprocess.run(
        command, env=environment | place.variables, cwd=folder, capture_output=True, text=True, timeout=120, **given
    )
    assert done.returncode == 0, done.stderr
    output: str = done.stdout
    return output

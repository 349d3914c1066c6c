"""`craton doctor` says in one sentence what is wrong, for each thing that can be."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from craton.models import catalogue
from craton.models.files.library import Library
from tests.command import craton
from tests.serving import MODEL, Server, free_port

pytestmark = pytest.mark.model


def diagnosis(variables: Mapping[str, str], *arguments: str) -> tuple[str, str]:
    """The last check made, and what was found."""
    done = craton("doctor", "--json", *arguments, env=variables)
    last = json.loads(done.stdout)[-1]
    assert done.returncode == (0 if last["ok"] else 1)
    return last["check"], last["says"]


def test_all_is_well(server: Server) -> None:
    done = craton("doctor", env=server.variables)
    assert done.returncode == 0, done.stdout
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["ok", check] for check in ("endpoint", "clock", "credentials", "signature", "model", "guardrails")
    ]


def test_nothing_listens(server: Server) -> None:
    check, says = diagnosis(server.variables | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"})
    assert check == "endpoint"
    assert "craton serve" in says


def test_https_is_asked_of_a_server_without_tls(server: Server) -> None:
    check, says = diagnosis(server.variables | {"AWS_ENDPOINT_URL": server.endpoint.replace("http:", "https:")})
    assert check == "endpoint"
    assert "does not speak https" in says


def test_there_are_no_credentials(server: Server, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("empty")
    variables = {"AWS_ENDPOINT_URL": server.endpoint, "HOME": str(empty)}
    check, says = diagnosis(variables, "--home", str(empty))
    assert check == "credentials"
    assert "craton keys create" in says


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "another"}, "The secret access key is not that of access key"),
        ({"AWS_ACCESS_KEY_ID": "AKIAUNKNOWNUNKNOWN12"}, "does not know access key AKIAUNKNOWNUNKNOWN12"),
    ],
)
def test_the_signature_is_refused(server: Server, change: dict[str, str], says: str) -> None:
    check, found = diagnosis(server.variables | change)
    assert check == "signature"
    assert says in found


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("no-such-model", "The provided model identifier is invalid"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "[stand_ins] in craton.toml"),
        (f"arn:aws:bedrock:eu-central-1::foundation-model/{MODEL}", "It is of region 'eu-central-1'"),
    ],
)
def test_the_model_cannot_be_used(server: Server, model: str, says: str) -> None:
    check, found = diagnosis(server.variables, "--model", model)
    assert check == "model"
    assert says in found


def test_the_model_is_not_pulled(server: Server, library: Library) -> None:
    models = (model for model in catalogue.shipped() if model.serves_requests)
    absent = next((model for model in models if not library.get(model.id)), None)
    if absent is None:
        pytest.skip("every model of the catalogue is in the library of the tests")
    check, found = diagnosis(server.variables, "--model", absent.id)
    assert check == "model"
    assert f"craton pull {absent.short}" in found


def test_what_guardrails_lack_is_told_and_is_no_fault(server: Server, tmp_path: Path) -> None:
    check, says = diagnosis(server.variables, "--home", str(tmp_path))
    assert check == "guardrails"
    assert "rampart, guardian, open-nsfw" in says
    assert "`craton pull guardrails`" in says

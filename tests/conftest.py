"""Fixtures shared by all tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from craton.models.files.library import Library
from craton.models.files.pull import Pull, PullError
from tests import scripted
from tests.serving import MODEL, Server

ROOT = Path(__file__).resolve().parents[1]

# The same examples in every run of the same code; `HYPOTHESIS_PROFILE=default` and `deep` look for others.
settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady").replace("deep", "default"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with recorded traffic (`golden`) and protocol vectors (`vectors`), where this machine has it."""
    folder = Path(os.environ.get("CRATON_TEST_DATA", ROOT.parent / "shared"))
    if not (folder / "vectors").is_dir():
        pytest.skip("the optional recorded traffic and protocol vectors are not on this machine")
    return folder


@pytest.fixture(scope="session")
def library() -> Library:
    """The models that tests use, kept beside the checkout's other build outputs from one run to the next."""
    return Library(ROOT / ".models")


def pulled(library: Library, model: str) -> str:
    """Make sure that a model is in the library; where it cannot be fetched, skip."""
    try:
        return Pull(library).pull(model).id
    except PullError as error:
        pytest.skip(f"the model {model} cannot be had on this machine: {error}")


@pytest.fixture(scope="session")
def default_model(library: Library) -> str:
    return pulled(library, MODEL)


@pytest.fixture(scope="session")
def server(default_model: str, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with the default model, as it serves without any configuration."""
    home = tmp_path_factory.mktemp("server") / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="session")
def scripted_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server whose only model plays the script of `tests.scripted`."""
    home = tmp_path_factory.mktemp("scripted") / "home"
    scripted.install(home)
    with Server(home) as running:
        yield running

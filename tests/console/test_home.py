"""From an empty machine to the first answer: the model is fetched with a click, watched while it comes, and deleted."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from craton.models.catalogue import HuggingFace
from craton.models.files.library import Library
from tests.console.conftest import Journey, clean
from tests.models.hub import FakeHub, serving
from tests.serving import Server

pytestmark = pytest.mark.model

HALF = 49_181_216


@pytest.fixture(scope="module")
def hub(default_model: str, library: Library) -> Iterator[FakeHub]:
    """A Hugging Face that has the small model, and falls silent in the midst of it, once."""
    model = library.get(default_model)
    assert model is not None
    (file,) = model.files
    source = next(source for source in file.sources if isinstance(source, HuggingFace))
    with serving() as fake:
        fake.add(f"{source.repository}/resolve/{source.revision}/{source.file}", library.path(file).read_bytes())
        fake.cuts.append(HALF)
        fake.silent.clear()
        yield fake


@pytest.fixture(scope="module")
def place(chromium: str, hub: FakeHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without any model."""
    home = tmp_path_factory.mktemp("empty") / "home"
    home.mkdir()
    (home / "craton.toml").write_text(f'huggingface = "{hub.url}"\n')
    with Server(home) as running:
        yield running


@pytest.fixture
def spoken_to(hub: FakeHub, tmp_path: Path) -> Path:
    """A pipe: who writes into it lets the hub speak again."""
    pipe = tmp_path / "speak"
    os.mkfifo(pipe)

    def wait() -> None:
        pipe.read_text()
        hub.silent.set()

    threading.Thread(target=wait, daemon=True).start()
    return pipe


def test_a_model_is_fetched_with_a_click_and_answers(
    journey: Journey, place: Server, hub: FakeHub, spoken_to: Path
) -> None:
    found = journey("empty_machine", SPEAK=str(spoken_to))
    clean(found, place)
    assert "Recommended for this machine" in found["offered"]
    assert found["progress"] == "49 MB of 98 MB"
    assert hub.ranges == [None, f"bytes={HALF}-"], "who fetches again goes on from what is there"
    assert "Paris" in found["answer"]
    assert found["light"] == "Calls arrive"
    assert "frees 98 MB" in found["warning"]
    assert list((place.home / "models" / "files").iterdir()) == [], "who deletes a model frees its disk"

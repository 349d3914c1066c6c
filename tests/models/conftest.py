"""A library, a Hugging Face and a package index that the tests of models fill."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from craton.core.context import Context
from craton.models.catalogue import EngineChoice, File, Model
from craton.models.files.library import Library
from craton.store.documents import Documents
from tests.models.hub import FakeHub, serving
from tests.models.makers import sha256


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving() as fake:
        yield fake


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is pip's only index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path / "home")
    library.prepare()
    return library


@pytest.fixture
def install(library: Library) -> Callable[..., Model]:
    """Put a model with a small file into the library."""

    def put(
        model_id: str,
        *,
        output: str = "TEXT",
        engines: tuple[str | EngineChoice, ...] = ("llamacpp",),
        **more: object,
    ) -> Model:
        data = model_id.encode()
        file = File("model", "model.gguf", len(data), sha256(data))
        library.path(file).write_bytes(data)
        fields: dict[str, object] = {
            "id": model_id,
            "short": model_id.partition(".")[2],
            "name": "Test Model",
            "provider": "Test",
            "family": "openai_chat",
            "licence": "MIT",
            "input": ("TEXT",),
            "output": (output,),
            "context_length": 512,
            "max_output_tokens": 256,
            "engines": tuple(EngineChoice(each) if isinstance(each, str) else each for each in engines),
            "files": (file,),
        }
        model = Model(**fields | more)  # type: ignore[arg-type]
        library.register(model)
        return model

    return put


@pytest.fixture
def ctx() -> Context:
    return Context("123456789012", "us-east-1", "arn:aws:iam::123456789012:root", "request")


@pytest_asyncio.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    store = Documents.open(tmp_path / "home")
    yield store
    await store.close()

"""Fixtures for the engines' tests: a supervisor that ends its processes, and the default model's file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.engines.supervisor import Engines
from craton.models.files.library import Library


@pytest.fixture
async def engines() -> AsyncIterator[Engines]:
    supervisor = Engines()
    yield supervisor
    await supervisor.close()


@pytest.fixture(scope="session")
def model(default_model: str, library: Library) -> Path:
    """A chat model's GGUF file."""
    return library.paths(library.models()[default_model])["model"]

"""Fixtures for the engines' tests: a supervisor that ends its processes, and the model where this machine has it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.engines.supervisor import Engines


@pytest.fixture
async def engines() -> AsyncIterator[Engines]:
    supervisor = Engines()
    yield supervisor
    await supervisor.close()


@pytest.fixture(scope="session")
def model() -> Path:
    """A chat model's GGUF file."""
    path = Path(os.environ.get("CRATON_TEST_MODEL", ""))
    if not path.is_file():
        pytest.skip("CRATON_TEST_MODEL does not name a GGUF file")
    return path

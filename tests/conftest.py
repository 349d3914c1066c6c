"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with recorded traffic (`golden`) and protocol vectors (`vectors`), where this machine has it."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("CRATON_TEST_DATA", beside))
    if not (folder / "vectors").is_dir():
        pytest.skip("the optional recorded traffic and protocol vectors are not on this machine")
    return folder

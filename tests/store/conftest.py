"""An open store in a fresh home."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.store.documents import Documents, Scope

HERE = Scope("123456789012", "us-east-1")


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path / "home")
    yield opened
    await opened.close()


@pytest.fixture
def here() -> Scope:
    return HERE

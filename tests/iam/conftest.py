"""Identity on a store of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.iam.identity import Identity
from craton.iam.records import DEFAULT_ACCOUNT
from craton.store.documents import Documents


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def identity(documents: Documents) -> Identity:
    made = Identity.of(documents, DEFAULT_ACCOUNT)
    await made.adopt()
    return made

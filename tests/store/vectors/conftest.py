"""An empty index in each of the databases."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from craton.config import KnowledgeSettings
from craton.store.vectors.index import Index
from craton.store.vectors.stores import Store, Stores
from tests import postgres

DIMENSIONS = 8


@dataclass(frozen=True)
class Place:
    """A database that is there for the tests."""

    store: Store
    home: Path
    settings: KnowledgeSettings
    stores: Stores


@pytest.fixture(scope="session", params=["embedded", "postgres"])
async def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    home = tmp_path_factory.mktemp("vectors")
    settings = KnowledgeSettings(postgres=postgres.address() if request.param == "postgres" else None)
    stores = Stores(home, settings)
    yield Place(request.param, home, settings, stores)
    await stores.close()


@pytest.fixture
def name() -> str:
    return f"123456789012-us-east-1-{uuid.uuid4().hex[:10].upper()}"


@pytest.fixture
async def index(place: Place, name: str) -> AsyncIterator[Index]:
    yield await place.stores.index(place.store, name, DIMENSIONS)
    await place.stores.drop(place.store, name)

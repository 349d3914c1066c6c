"""A server with scripted models, for knowledge bases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import scripted
from tests.fronts import Account
from tests.knowledge import answers
from tests.knowledge.house import CONFIGURATION, VECTORS, House
from tests.serving import Server


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home: Path = tmp_path_factory.mktemp("house") / "home"
    scripted.install(home)
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    answers.install(home)
    (home / "craton.toml").write_text(answers.CONFIGURATION + CONFIGURATION)
    with Server(home) as running:
        yield House(Account(running))

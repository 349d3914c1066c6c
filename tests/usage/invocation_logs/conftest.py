"""A server with a model of text and one of vectors, and in each test a region that logs for it alone."""

from collections.abc import Iterator
from zlib import crc32

import pytest

from tests import scripted
from tests.serving import Server
from tests.usage.invocation_logs.reading import Place

EMBEDDER = "craton.scripted-embed-v1:0"


@pytest.fixture(scope="session")
def logging_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("logging") / "home"
    scripted.install(home)
    scripted.install(home, EMBEDDER, output="EMBEDDING", width=8)
    with Server(home) as running:
        yield running


@pytest.fixture
def place(logging_server: Server, request: pytest.FixtureRequest) -> Place:
    """Its region is named after the test."""
    return Place(logging_server, f"test-{crc32(request.node.nodeid.encode()):08x}-1")

"""Two servers: one that plays a provider, and one in front of it, of whose accounts there are two."""

from collections.abc import Iterator

import pytest

from tests.fronts import Account, key_of, serving, stranger_on
from tests.serving import Server


@pytest.fixture(scope="session")
def upstream(scripted_server: Server) -> Server:
    """The provider: a server whose only model plays a script."""
    return scripted_server


@pytest.fixture(scope="session")
def upstream_key(upstream: Server) -> str:
    return key_of(upstream)


@pytest.fixture(scope="session")
def front(upstream: Server, upstream_key: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("front") / "home", upstream, upstream_key) as running:
        yield running


@pytest.fixture(scope="session")
def account(front: Server) -> Account:
    """The front server's default account."""
    return Account(front)


@pytest.fixture(scope="session")
def stranger(front: Server) -> Account:
    """Another account of the front server."""
    return stranger_on(front)

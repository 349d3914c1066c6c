"""Fixtures of the remote engines' tests: engines of a provider at some URL, and a second Craton that plays one."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from craton.engines.base import ModelSpec
from craton.engines.remote.lending import Remote
from craton.engines.supervisor import Engines
from tests import scripted
from tests.serving import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, Server

KEY = "sk-a-secret-key-of-the-provider"
# An engine of this kind for a provider at this URL; keywords are further options.
Make = Callable[..., Awaitable[Remote]]


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ACME_KEY", KEY)
    return KEY


@pytest.fixture
async def engine(engines: Engines, key: str) -> AsyncIterator[Make]:
    """Makes remote engines, with short timeouts and no retries unless the test asks for others."""

    async def make(kind: str, url: str, **options: Any) -> Remote:
        impatient = {"connect_timeout": 10.0, "first_token_timeout": 5.0, "idle_timeout": 5.0, "retries": 0}
        given = {"provider": "acme", "model": "m", "base_url": url, "secret": {"env": "ACME_KEY"}}
        return await engines.remote(ModelSpec("acme.m", kind, {}, 8192, {**given, **impatient, **options}))

    yield make


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Another Craton, whose scripted model plays the provider's."""
    home: Path = tmp_path_factory.mktemp("provider") / "home"
    scripted.install(home)
    scripted.install(home, "amazon.titan-embed-text-v2:0", output="EMBEDDING")
    with Server(home) as running:
        yield running


@pytest.fixture(scope="session")
def second_key(second: Server) -> str:
    """An API key of the second Craton."""
    options = ["--api-key", "--json", "--home", str(second.home)]
    command = [sys.executable, "-m", "craton", "keys", "create", *options]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    token: str = json.loads(made.stdout)["apiKey"]
    return token


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The credentials of the second Craton, where AWS's usual chain finds them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)

"""A server inside the test's own process, with a scripted model, for tests that need no socket."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import get_args

import pytest
import structlog

from craton.app.app import App, build
from craton.config import Config
from craton.models.catalogue import Means
from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import Reply, call
from tests.guardrails import scripted_means
from tests.serving import ACCESS_KEY_ID, SECRET_ACCESS_KEY

Send = Callable[[Request], Reply]

EMBEDDER = "craton.scripted-embedder-v1:0"
# Ids of every family of InvokeModel bodies, answered by scripted models.
STAND_INS = {
    "amazon.titan-embed-*": EMBEDDER,
    **dict.fromkeys(("anthropic.*", "amazon.*", "meta.*", "mistral.*", "openai.*"), scripted.MODEL),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, asyncio.Runner]]:
    """The joined application, and the event loop it lives on."""
    home = tmp_path_factory.mktemp("app")
    scripted.install(home)
    scripted.install(home, EMBEDDER, output="EMBEDDING")
    for means in get_args(Means):
        scripted_means.install(home, means, {})
    config = Config(
        home=home,
        root_access_key_id=ACCESS_KEY_ID,
        root_secret_access_key=SECRET_ACCESS_KEY,
        stand_ins=STAND_INS,
    )
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    # Its own factory: the loop must not become the one that asynchronous tests run on.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        building = build(config)
        yield runner.run(building.__aenter__()), runner
        runner.run(building.__aexit__(None, None, None))
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def send(app: tuple[App, asyncio.Runner]) -> Send:
    """Send a request into the application and wait for its whole answer."""
    joined, runner = app
    return lambda request: runner.run(call(joined.asgi, request))

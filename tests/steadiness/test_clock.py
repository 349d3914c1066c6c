"""A wall clock that jumps by hours, forward and back: what is signed and what expires follows it, all else does not."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from craton.jobs import ledger
from craton.jobs.identity import Identity
from craton.store import transaction
from craton.store.documents import Document, Documents, Scope
from tests import scripted
from tests.doors.wires import PATIENCE, converse, exchange, signed
from tests.serving import REGION, Server

HOURS = 3600
JUMPS = [5 * HOURS, -5 * HOURS]


class MovedServer(Server):
    """A server whose wall clock, and that of its models, the test may move."""

    def __init__(self, home: Path, library: Path) -> None:
        super().__init__(home)
        self._library = library
        self._clock = home.with_name("clock")
        self.moved = 0

    def move(self, seconds: int) -> None:
        draft = self._clock.with_suffix(".new")
        draft.write_text(str(seconds))
        draft.replace(self._clock)
        self.moved = seconds

    def _environment(self) -> dict[str, str]:
        self.move(0)
        return super()._environment() | {"LD_PRELOAD": str(self._library), "TEST_CLOCK": str(self._clock)}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovedServer]:
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("moving a program's clock takes Linux and a C compiler")
    folder = tmp_path_factory.mktemp("clock")
    library = folder / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O", "-o", library, source, "-ldl"], check=True)
    scripted.install(folder / "home")
    with MovedServer(folder / "home", library) as running:
        yield running


@pytest.fixture
def signing_time(server: MovedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clients whose clock goes with the server's."""

    def moved() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=server.moved)

    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda remove_tzinfo=True: moved().replace(tzinfo=None))
    yield
    server.move(0)


def ask(server: Server) -> int:
    return exchange(server, signed(server, converse("Hello."))).status


@pytest.mark.parametrize("jump", JUMPS)
def test_signatures_hold_for_the_clock_as_it_is(server: MovedServer, jump: int) -> None:
    """A client whose clock did not jump is told so, and is served again when the server's is right."""
    assert ask(server) == 200
    server.move(jump)
    refused = exchange(server, signed(server, converse("Hello.")))
    assert refused.status == 403
    assert b"Signature" in refused.body
    server.move(0)
    assert ask(server) == 200


@pytest.mark.parametrize("jump", JUMPS)
def test_a_stream_goes_on(server: MovedServer, jump: int) -> None:
    asked: dict[str, Any] = {"messages": [{"role": "user", "content": [{"text": "Please talk for a second."}]}]}
    events = iter(server.client("bedrock-runtime").converse_stream(modelId=scripted.MODEL, **asked)["stream"])
    assert "messageStart" in next(events)
    server.move(jump)
    try:
        told = list(events)
    finally:
        server.move(0)
    assert sum("contentBlockDelta" in event for event in told) == 100
    assert 0 < told[-1]["metadata"]["metrics"]["latencyMs"] < PATIENCE * 1000


@pytest.mark.usefixtures("signing_time")
@pytest.mark.parametrize("jump", JUMPS)
def test_who_goes_with_the_clock_is_served(server: MovedServer, jump: int) -> None:
    server.move(jump)
    assert ask(server) == 200
    assert ask(server) == 200


@pytest.mark.usefixtures("signing_time")
@pytest.mark.parametrize("jump", JUMPS)
def test_a_request_repeated_is_answered_once(server: MovedServer, jump: int) -> None:
    asked = {
        "inferenceProfileName": f"once {abs(jump)} {jump > 0}",
        "clientRequestToken": f"token-{jump}",
        "modelSource": {"copyFrom": f"arn:aws:bedrock:{REGION}::foundation-model/{scripted.MODEL}"},
    }
    bedrock = server.client("bedrock")
    first = bedrock.create_inference_profile(**asked)["inferenceProfileArn"]
    server.move(jump)
    assert bedrock.create_inference_profile(**asked)["inferenceProfileArn"] == first
    server.move(0)
    with pytest.raises(ClientError) as caught:
        bedrock.create_inference_profile(**asked | {"description": "another"})
    assert caught.value.response["Error"]["Code"] == "ConflictException"


@pytest.mark.usefixtures("signing_time")
@pytest.mark.parametrize("jump", JUMPS)
def test_a_model_that_died_is_back_as_soon_as_ever(server: MovedServer, jump: int) -> None:
    assert ask(server) == 200
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(children[0]), 9)
    server.move(jump)
    started = time.monotonic()
    while ask(server) != 200:
        assert time.monotonic() - started < 10


# --- within one process -------------------------------------------------------------------------------------

HERE = Scope("1", "r")


@pytest.mark.parametrize("jump", JUMPS)
async def test_answers_are_kept_for_their_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int) -> None:
    documents = Documents.open(tmp_path)
    now = transaction._now

    async def make() -> dict[str, Any]:
        return {"made": time.monotonic_ns()}

    first = await documents.once(HERE, "Make", "token", {"n": 1}, make)
    monkeypatch.setattr(transaction, "_now", lambda: now() + jump * 1_000_000)
    assert await documents.once(HERE, "Make", "token", {"n": 1}, make) == first
    await documents.close()


def entry(**body: Any) -> Document:
    now = datetime.now(UTC)
    return Document("k", "id", "DRAFT", 1, {"runner": "", "not_before": None, **body}, now, now, "", "", 1)


def test_a_job_does_not_wait_for_hours_because_the_clock_was_set_back() -> None:
    now = datetime.now(UTC)
    soon, later = now + timedelta(seconds=30), now + timedelta(hours=5)
    assert not ledger.claimable(entry(not_before=soon), (), now)
    assert ledger.claimable(entry(not_before=later), (), now)


def test_a_runner_that_died_is_not_thought_alive_for_hours_because_the_clock_was_set_back() -> None:
    now = datetime.now(UTC)
    elsewhere = Identity("another machine", 1, "1").record()
    assert ledger.alive(entry(until=now + ledger.LEASE, process=elsewhere), now)
    assert not ledger.alive(entry(until=now - ledger.LEASE, process=elsewhere), now)
    assert not ledger.alive(entry(until=now + timedelta(hours=5), process=elsewhere), now)

"""A disk that is full: what must be written down is refused, all else goes on, and all is well when there is space.

The server's own limit on the size of files makes every write of it fail, wherever it is; a small file system, where
this machine lets a user mount one, fills for real.
"""

import contextlib
import itertools
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from craton.wire.message import Request
from soak.clients import eventually
from soak.figures import Figure, exactly, most
from tests import scripted
from tests.doors.wires import converse, exchange, post, signed
from tests.serving import REGION, Server

MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/{scripted.MODEL}"
SMALL = "24m"
DATABASES = ("craton.db", "usage.db")

Fill = Callable[[Server], contextlib.AbstractContextManager[None]]


class SmallServer(Server):
    """A server whose home is a file system of its own, with little space."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._model = home.with_name("model")

    def command(self) -> list[str]:
        """The same command, in a namespace of mounts of its own."""
        serve = [sys.executable, "-m", "craton", "serve", "--home", str(self.home), "--port", str(self.port)]
        mount = f"mount -t tmpfs -o size={SMALL} tmpfs {self.home} && cp -r {self._model}/. {self.home} && exec "
        return ["unshare", "-rm", "sh", "-c", mount + " ".join(serve)]

    def __enter__(self) -> "SmallServer":
        self.home.mkdir()
        scripted.install(self._model)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, env=self._environment(), stdin=subprocess.DEVNULL
            )
        self._wait()
        return self

    @property
    def inside(self) -> Path:
        """The home as the server sees it."""
        return Path(f"/proc/{self.process.pid}/root{self.home}")


def mountable() -> bool:
    """Whether this machine lets a user mount a file system of his own."""
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return (
        shutil.which("unshare") is not None and subprocess.run(probe, capture_output=True, check=False).returncode == 0
    )


def trial(home: Path, times: int) -> list[Figure]:
    """Full for the server alone, so many times."""
    scripted.install(home)
    with Server(home) as server:
        return _trial("no file may grow", server, home, times, _limited)


def small(home: Path, times: int) -> list[Figure]:
    with SmallServer(home) as server:
        return _trial("no space is left", server, server.inside, times, _filled)


def _trial(where: str, server: Server, home: Path, times: int, fill: Fill) -> list[Figure]:
    refused: list[tuple[int, str]] = []
    read: list[int] = []
    acknowledged: list[str] = []
    back: list[float] = []
    answered = 0
    for number in range(times):
        acknowledged.append(_make(server, f"before {number}")[1])
        answered += _hello(server)[0] == 200
        with fill(server):
            for late in range(20):
                status, said = _make(server, f"during {number} {late}", "x" * 2000)
                if status == 201:
                    acknowledged.append(said)  # it still fitted
                else:
                    refused.append((status, said))
            status, said = _hello(server)
            answered += status == 200
            if status != 200:
                refused.append((status, said))
            read += [_get(server, path) for path in ("/inference-profiles", "/foundation-models", "/healthz")]
        names = (f"after {number} {count}" for count in itertools.count())
        back.append(eventually(partial(_makes, server, names), "writes are taken again", 10))
        back.append(eventually(lambda: _hello(server)[0] == 200, "models answer again", 10))
        answered += 1
    pages = server.client("bedrock").get_paginator("list_inference_profiles").paginate(typeEquals="APPLICATION")
    kept = {each["inferenceProfileArn"] for page in pages for each in page["inferenceProfileSummaries"]}
    time.sleep(1.5)  # the ledger tries again after a second
    return [
        exactly(f"{where}: what was refused, and how", sorted(set(refused)), [(503, "ServiceUnavailableException")]),
        exactly(f"{where}: what was read meanwhile", sorted(set(read)), [200]),
        exactly(f"{where}: writes acknowledged and lost", len(set(acknowledged) - kept), 0),
        most(f"{where}: until all was taken again", max(back), 2, "s"),
        exactly(
            f"{where}: databases that are not whole",
            sum(not _whole(home / name) for name in ("craton.db", "usage.db")),
            0,
        ),
        exactly(f"{where}: answers that were not billed", answered - _billed(home), 0),
    ]


def _make(server: Server, name: str, description: str = "x") -> tuple[int, str]:
    body = {"inferenceProfileName": name, "description": description[:200], "modelSource": {"copyFrom": MODEL_ARN}}
    answer = exchange(server, signed(server, post("/inference-profiles", body)))
    return answer.status, answer.json["inferenceProfileArn"] if answer.status == 201 else answer.error


def _makes(server: Server, names: Iterator[str]) -> bool:
    return _make(server, next(names))[0] == 201


def _hello(server: Server) -> tuple[int, str]:
    answer = exchange(server, signed(server, converse("Hello.")))
    return answer.status, answer.error


def _get(server: Server, path: str) -> int:
    return exchange(server, signed(server, Request("GET", path))).status


def _whole(database: Path) -> bool:
    with _opened(database) as opened:
        return bool(opened.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def _billed(home: Path) -> int:
    with _opened(home / "usage.db") as ledger:
        return int(ledger.execute("SELECT count(*) FROM invocations WHERE status = 'OK'").fetchone()[0])


@contextlib.contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """A copy: SQLite would look for the file where it lies for the server."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("", "-wal"):
            if (file := database.with_name(database.name + suffix)).exists():
                shutil.copy(file, folder)
        with contextlib.closing(sqlite3.connect(Path(folder) / database.name)) as opened:
            yield opened


@contextlib.contextmanager
def _limited(server: Server) -> Iterator[None]:
    """No file of the server may be written any more."""
    soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def _filled(server: Server) -> Iterator[None]:
    assert isinstance(server, SmallServer)
    filler = server.inside / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            os.write(file.fileno(), bytes(4096))
    yield
    filler.unlink()

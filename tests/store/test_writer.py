"""Writes are on disk when they return, whatever happens to the process or to their neighbours."""

import asyncio
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from craton.errors import ConflictException
from craton.store.documents import Documents, Scope, Transaction

WRITE_UNTIL_KILLED = """
import asyncio, sys
from pathlib import Path
from craton.store.documents import Documents, Scope

async def main():
    documents, here = Documents.open(Path(sys.argv[1])), Scope("1", "r")

    async def write(worker):
        for n in range(10**6):
            name = f"{sys.argv[2]}-{worker}-{n}"
            names = {"arn": "arn:" + name, "unique": {"name": name}, "tags": {"t": name}}
            await documents.create(here, "k", name, {"name": name}, **names)
            print(name, flush=True)

    await asyncio.gather(*(write(worker) for worker in range(8)))

asyncio.run(main())
"""

WRITE_SOME = """
import asyncio, sys
from pathlib import Path
from craton.store.documents import Documents, Scope

async def main():
    documents, here = Documents.open(Path(sys.argv[1])), Scope("1", "r")

    def count(t):
        t.replace(here, "k", "counter", {"n": t.get(here, "k", "counter").body["n"] + 1})

    for n in range(60):
        await documents.create(here, "k", f"{sys.argv[2]}-{n}", {"n": n})
        await documents.transaction(count)
    await documents.close()

asyncio.run(main())
"""

OPEN = """
import sys
from pathlib import Path
from craton.store.documents import Documents

Documents.open(Path(sys.argv[1]))
"""

HERE = Scope("1", "r")


def _write_until_killed(home: Path, name: str, lines: int) -> list[str]:
    """What a writing process acknowledged until it was killed, some time after so many lines."""
    command = [sys.executable, "-c", WRITE_UNTIL_KILLED, str(home), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
        return acknowledged + writer.stdout.read().split("\n")[:-1]  # a last line may be cut


def _check_integrity(home: Path) -> None:
    check = sqlite3.connect(home / "craton.db")
    assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    check.close()


async def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    chance = random.Random(9)
    for n in range(10):
        acknowledged += _write_until_killed(tmp_path, str(n), lines=chance.randrange(1, 200))
        _check_integrity(tmp_path)
        documents = Documents.open(tmp_path)
        kept = {document.id for document in (await documents.page(HERE, "k", limit=10**6)).items}
        assert set(acknowledged) <= kept
        for name in kept:  # each is whole
            assert await documents.tags(HERE, "arn:" + name) == {"t": name}
            assert await documents.named(HERE, "k", "name", name) is not None
        await documents.close()


async def test_several_processes_share_a_home(tmp_path: Path) -> None:
    documents = Documents.open(tmp_path)
    await documents.create(HERE, "k", "counter", {"n": 0})
    others = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITE_SOME, str(tmp_path), str(n)) for n in range(3)
    ]
    for n in range(60):
        await documents.create(HERE, "k", f"own-{n}", {"n": n})
    assert [await other.wait() for other in others] == [0, 0, 0]
    assert (await documents.get(HERE, "k", "counter")).body == {"n": 180}
    assert len((await documents.page(HERE, "k", limit=1000)).items) == 1 + 4 * 60
    await documents.close()


async def test_several_processes_may_make_the_same_new_home(tmp_path: Path) -> None:
    home = str(tmp_path / "new" / "home")
    openers = [await asyncio.create_subprocess_exec(sys.executable, "-c", OPEN, home) for _ in range(4)]
    assert [await opener.wait() for opener in openers] == [0] * 4


async def test_a_write_that_fails_leaves_its_neighbours_alone(documents: Documents) -> None:
    await documents.create(HERE, "k", "taken", {})
    names = [f"n{n}" if n % 3 else "taken" for n in range(60)]
    results = await asyncio.gather(*(documents.create(HERE, "k", name, {}) for name in names), return_exceptions=True)
    for name, result in zip(names, results, strict=True):
        assert isinstance(result, ConflictException) == (name == "taken")
    assert len((await documents.page(HERE, "k", limit=1000)).items) == 41


async def test_waiting_writes_share_commits(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    take = documents._writer._next

    def count() -> object:
        batch, more = take()
        batches.append(len(batch))
        return batch, more

    monkeypatch.setattr(documents._writer, "_next", count)
    await asyncio.gather(*(documents.create(HERE, "k", f"n{n}", {}) for n in range(500)))
    assert len(batches) < 100


async def test_a_cancelled_caller_does_not_stop_the_writer(documents: Documents) -> None:
    waiting = asyncio.ensure_future(documents.create(HERE, "k", "a", {}))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await documents.create(HERE, "k", "b", {})


async def test_a_broken_transaction_is_told_to_its_caller_and_the_next_one_works(documents: Documents) -> None:
    def break_off(t: Transaction) -> None:
        t.connection.exec_driver_sql("ROLLBACK")

    with pytest.raises(Exception, match="savepoint"):
        await documents.transaction(break_off)
    await documents.create(HERE, "k", "a", {})


async def test_closing_waits_for_what_was_asked(tmp_path: Path) -> None:
    documents = Documents.open(tmp_path)
    writes = [asyncio.ensure_future(documents.create(HERE, "k", f"n{n}", {})) for n in range(50)]
    await asyncio.sleep(0)
    await documents.close()
    assert [write.result().id for write in writes] == [f"n{n}" for n in range(50)]


async def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    home = tmp_path / "home"
    before = os.umask(0)
    try:
        documents = Documents.open(home)
        await documents.create(HERE, "k", "a", {})
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.iterdir())}
        await documents.close()
    finally:
        os.umask(before)
    assert modes == {"home": 0o700, "craton.db": 0o600, "craton.db-wal": 0o600, "craton.db-shm": 0o600}

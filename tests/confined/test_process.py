"""What a confined process has given up before it does anything, and what is left of it: nothing."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from craton.confined.process import Confinement, confined

CONFINEMENT = Confinement(memory=1 << 30, processor_seconds=5, file_bytes=1 << 20)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def said(folder: Path, code: str, *arguments: str, confinement: Confinement = CONFINEMENT) -> tuple[str, int]:
    """What a worker of this code prints, an error's name at the end, and how it ends."""
    worker = folder / "worker.py"
    body = "".join(f"        {line}\n" for line in code.splitlines())
    worker.write_text(
        "import os, socket\ndef work(questions, answers, *arguments):\n    said = ''\n    try:\n"
        f"{body}    except (OSError, MemoryError) as e:\n        said = f'{{type(e).__name__}} {{e}}'\n"
        "    answers.write(str(said).encode())\n"
    )
    async with confined(worker, *arguments, confinement=confinement) as process:
        assert process.stdout
        printed = await process.stdout.read()
        return printed.decode().strip(), await process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process give up the network")
async def test_there_is_no_network(tmp_path: Path) -> None:
    if not _may_unshare():
        pytest.skip("this system does not allow a process a network of its own")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        printed, _ = await said(tmp_path, "socket.create_connection(('127.0.0.1', int(arguments[0])), 5)", port)
    assert "unreachable" in printed


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory")
async def test_memory_is_limited(tmp_path: Path) -> None:
    assert (await said(tmp_path, "bytearray(2 << 30)"))[0] == "MemoryError"


async def test_files_are_limited(tmp_path: Path) -> None:
    code = "with open(arguments[0], 'wb') as f: f.write(bytes(2 << 20))"
    await said(tmp_path, code, str(tmp_path / "big"))
    assert (tmp_path / "big").stat().st_size <= 1 << 20


async def test_processor_time_is_limited(tmp_path: Path) -> None:
    brief = Confinement(memory=1 << 30, processor_seconds=1)
    assert (await said(tmp_path, "while True: pass", confinement=brief))[1] == -signal.SIGXCPU


async def test_nothing_of_the_surroundings_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRATON_SECRET", "s3cret")
    printed, status = await said(
        tmp_path, "print('noise')\nsaid = sorted(os.environ), os.listdir(), arguments", "one", "two"
    )
    assert status == 0
    assert "CRATON_SECRET" not in printed
    assert printed.endswith("[], ('one', 'two'))")
    assert "noise" not in printed


async def test_what_it_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    worker = tmp_path / "forking.py"
    worker.write_text(
        "import os, time\ndef work(questions, answers):\n    child = os.fork()\n"
        "    if child: answers.write(b'%d\\n' % child); answers.flush()\n    time.sleep(60)\n"
    )
    async with confined(worker, confinement=CONFINEMENT) as process:
        assert process.stdout
        child = int(await process.stdout.readline())
        assert [name for name in names(tmp_path) if name.startswith("craton-forking-")]
    async with asyncio.timeout(5):
        while _runs(child):  # noqa: ASYNC110 - only the system knows
            await asyncio.sleep(0.01)
    assert names(tmp_path) == ["forking.py"]


def _may_unshare() -> bool:
    return os.system("unshare --user --net true 2>/dev/null") == 0


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from craton.engines.frames import encode
from craton.engines.memory import resident

SERVER = """
import asyncio, sys
from craton.engines.base import ModelSpec
from craton.engines.supervisor import Engines

async def main():
    engines = Engines()
    async with engines.use(ModelSpec("test", "scripted", {}, 10)):
        print(engines.loaded()[0].pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_worker_dies_with_its_server_however_that_dies() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        worker = int(server.stdout.readline())
        server.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while resident(worker) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert resident(worker) == 0


@pytest.mark.parametrize(
    "data",
    [b"\xff" * 64, encode("nonsense"), encode((1, "dance", None)), encode((1, "converse"))],
    ids=["huge", "wrong type", "unknown verb", "too short"],
)
async def test_a_worker_ends_when_it_cannot_read_what_it_is_told(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "craton.engines.worker", str(theirs.fileno()), str(os.getpid())),
            pass_fds=[theirs.fileno()],
            stderr=asyncio.subprocess.DEVNULL,
        )
        ours.sendall(data)
        assert await asyncio.wait_for(worker.wait(), 10) == 2

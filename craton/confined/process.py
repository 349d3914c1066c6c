"""Starts confined processes, and leaves nothing of them behind. Knows no worker."""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

# Run by its path: the process must not depend on where this package is found, nor load any of it.
_LAUNCH = Path(__file__).with_name("launch.py")
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Confinement:
    """What a process may take: bytes of memory, seconds of processor, and bytes of each file that it writes."""

    memory: int
    processor_seconds: int
    file_bytes: int = 0


@asynccontextmanager
async def confined(
    worker: Path, *arguments: str, confinement: Confinement, line: int = 1 << 16
) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    """A process that runs the script `worker`, without network, in an empty folder of its own.

    Its stdin and stdout are pipes; `line` is the longest line that can be read of it. At the end it is killed with all
    that it started, and its folder is removed.
    """
    with tempfile.TemporaryDirectory(prefix=f"craton-{worker.stem}-", ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(_LAUNCH)),
            *(str(confinement.memory), str(confinement.processor_seconds), str(confinement.file_bytes)),
            *(str(worker), *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=folder,
            env={"PATH": os.defpath, "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"},
            start_new_session=True,
            limit=line,
        )
        try:
            yield process
        finally:
            await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    # asyncio does not see the end of a process whose output nobody reads.
    while await process.stdout.read(_BLOCK):
        pass
    await process.wait()

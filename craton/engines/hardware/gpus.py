"""The graphics processors of NVIDIA that the machine has, as its driver's own program tells of them.

Where there is no such program there is no driver, and so nothing that could be used. Knows no engine.
"""

import asyncio
import contextlib
import shutil
from dataclasses import dataclass

_PROGRAM = "nvidia-smi"
_FIELDS = ("name", "driver_version", "memory.total", "memory.used")
_PATIENCE = 5.0  # seconds; a driver that is in trouble may never answer


@dataclass(frozen=True, slots=True)
class Gpu:
    """Bytes; None where the driver does not tell them, as of processors that share the machine's memory."""

    name: str
    driver: str
    total: int | None
    used: int | None


async def gpus(program: str = _PROGRAM) -> list[Gpu]:
    """Empty where there are none, or where the driver does not answer."""
    place = shutil.which(program)
    if place is None:
        return []
    query = (f"--query-gpu={','.join(_FIELDS)}", "--format=csv,noheader,nounits")
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(place, *query, stdin=nothing, stdout=pipe, stderr=nothing)
    except OSError:
        return []
    try:
        async with asyncio.timeout(_PATIENCE):
            told, _ = await process.communicate()
    except TimeoutError:
        return []
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    return read(told.decode("utf-8", "replace")) if process.returncode == 0 else []


def read(told: str) -> list[Gpu]:
    """The program's lines: a processor each, in MiB."""
    rows = [[cell.strip() for cell in line.split(",")] for line in told.splitlines()]
    return [Gpu(row[0], row[1], _bytes(row[2]), _bytes(row[3])) for row in rows if len(row) == len(_FIELDS)]


def _bytes(told: str) -> int | None:
    return int(told) << 20 if told.isdecimal() else None

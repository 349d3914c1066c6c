"""Several processes at one index, and processes that die while they write."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

from craton.store.vectors.index import Index
from tests.store.vectors.conftest import Place
from tests.store.vectors.writing import EACH


async def writing(place: Place, name: str, writer: str) -> Process:
    environment = {**os.environ, "POSTGRES": str(place.settings.postgres or "")}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.store.vectors.writing", str(place.home), place.store, name, writer),
        stdout=PIPE,
        env=environment,
    )


async def told(process: Process) -> int:
    """The version that the process says it has written."""
    assert process.stdout
    return int(await asyncio.wait_for(process.stdout.readline(), 60))


async def killed(processes: Sequence[Process]) -> list[int]:
    """The last version that each of them told of."""
    for process in processes:
        process.send_signal(signal.SIGKILL)
    last = []
    for process in processes:
        assert process.stdout
        last.append(max(map(int, (await process.stdout.read()).split()), default=-1))
        await process.wait()
    return last


async def test_what_two_processes_write_and_die_over_is_whole(place: Place, index: Index, name: str) -> None:
    for _ in range(2):
        processes = [await writing(place, name, "one"), await writing(place, name, "two")]
        begun = [await told(process) for process in processes]
        for _ in range(4):
            begun = [await told(process) for process in processes]
        last = await killed(processes)
        total = 0
        for writer, least in zip(("one", "two"), map(max, begun, last), strict=True):
            versions = set()
            for document in ("a", "b"):
                there = await index.of(f"{writer}/{document}")
                versions |= {int(chunk.text) for chunk in there}
                (version,) = {int(chunk.text) for chunk in there}
                assert len({chunk.id for chunk in there}) == len(there) == EACH + version % 2 * 7
                total += len(there)
            assert len(versions) == 1, "both documents were written in one step"
            assert versions.pop() >= least, "what was told of stands"
        assert await index.count() == total
        assert len(await index.matching(["w"], 1000)) == total
        assert len(await index.nearest([1.0] * 8, 1000)) == total

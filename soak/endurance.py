"""Mixed work for long: memory, open files and the time of a request stay as they are."""

import asyncio
import itertools
import statistics
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from craton.engines.memory import resident
from craton.wire.message import Request
from soak.clients import Line, asking, pace, run, small, whole
from soak.faults import workers
from soak.figures import Figure, exactly, most, percentile, told
from tests import scripted
from tests.doors.wires import post
from tests.serving import REGION, Server

WINDOW_SECONDS = 10.0
_CLOSED_SECONDS = 0.5  # until the server has closed what its clients did
MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/{scripted.MODEL}"


@dataclass(frozen=True, slots=True)
class Sample:
    """Of one window: bytes, files, milliseconds."""

    memory: int
    workers_memory: int
    files: int
    p99: float


def trial(server: Server, seconds: float) -> list[Figure]:
    windows = max(int(seconds / WINDOW_SECONDS), 4)
    each = seconds / windows
    samples, statuses = run(lambda: _trial(server, windows, each))
    later = samples[len(samples) // 4 :]  # what fills once is full by then
    memory = [sample.memory / 1e6 for sample in later]
    workers_memory = [sample.workers_memory / 1e6 for sample in later]
    p99s = [sample.p99 for sample in later]
    minutes = each / 60
    half = len(later) // 2
    return [
        told("minutes of mixed work", windows * minutes),
        told("requests answered", sum(statuses.values())),
        exactly("requests answered 5xx", sum(count for status, count in statuses.items() if status >= 500), 0),
        told("the server's memory at the end", memory[-1], "MB"),
        most("the server's memory, slope", _slope(memory) / minutes, 1.0, "MB/min"),
        most("the models' memory, slope", _slope(workers_memory) / minutes, 1.0, "MB/min"),
        most("open files, slope", _slope([float(sample.files) for sample in later]) / minutes, 0.5, "/min"),
        told("a small request's p99, over all", statistics.median(p99s), "ms"),
        told("a small request's p99, slope", _slope(p99s) / minutes, "ms/min"),
        most(
            "a small request's p99, second half",
            statistics.median(p99s[half:]),
            1.5 * statistics.median(p99s[:half]) + 2,
            "ms",
        ),
    ]


async def _trial(server: Server, windows: int, each: float) -> tuple[list[Sample], dict[int, int]]:
    samples: list[Sample] = []
    statuses: dict[int, int] = {}
    numbers = itertools.count()
    jobs = (_talk, _write, _vanish, _err)
    for _ in range(windows):
        work = [asyncio.create_task(_for_ever(job, server, statuses, numbers)) for job in jobs]
        load = await pace(server, small(server), 50, each)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await asyncio.sleep(_CLOSED_SECONDS)
        for status, taken in load.taken.items():
            statuses[status] = statuses.get(status, 0) + len(taken)
        samples.append(_sample(server, 1000 * percentile(load.of(200), 99)))
    return samples, statuses


Job = Callable[[Line, Server, int], Coroutine[Any, Any, int]]


async def _for_ever(job: Job, server: Server, statuses: dict[int, int], numbers: "itertools.count[int]") -> None:
    """One client that does its job over and over, on a new connection now and then."""
    while True:
        line = await Line.to(server)
        try:
            for _ in range(20):
                with suppress(asyncio.IncompleteReadError):
                    status = await job(line, server, next(numbers))
                    statuses[status] = statuses.get(status, 0) + 1
                await asyncio.sleep(0.1)
        except OSError:
            pass
        finally:
            line.close()


async def _talk(line: Line, server: Server, number: int) -> int:
    text = ("Hello.", "Please talk for a second.", "Please call two tools.")[number % 3]
    status, _ = await line.exchange(asking(server, text, stream=number % 2 == 0))
    return status


async def _write(line: Line, server: Server, number: int) -> int:
    body = {"inferenceProfileName": f"profile {number}", "modelSource": {"copyFrom": MODEL_ARN}}
    status, _ = await line.exchange(whole(server, post("/inference-profiles", body)))
    await line.exchange(whole(server, Request("DELETE", f"/inference-profiles/profile {number}".replace(" ", "%20"))))
    return status


async def _vanish(line: Line, server: Server, number: int) -> int:
    gone = await Line.to(server)
    try:
        gone.writer.write(asking(server, "Please talk forever.", stream=True)[: None if number % 2 else -20])
        await asyncio.sleep(0.05)
    finally:
        gone.close()
    return 499


async def _err(line: Line, server: Server, number: int) -> int:
    wrong = (
        asking(server, "Please fail after a while.", stream=True),
        asking(server, model="no.such-model"),
        small(server).replace(b"Signature=", b"Signature=0"),
        whole(server, post("/inference-profiles", {"inferenceProfileName": ""})),
    )
    status, _ = await line.exchange(wrong[number % len(wrong)])
    return status


def _sample(server: Server, p99: float) -> Sample:
    pid = server.process.pid
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return Sample(resident(pid), sum(map(resident, workers(server))), files, p99)


def _slope(values: list[float]) -> float:
    """Of the line nearest to the values, for each step; 0 of too few."""
    if len(values) < 3:
        return 0.0
    return statistics.linear_regression(range(len(values)), values).slope

"""Clients that send and read as slowly as they can: others do not notice, and no memory is filled for them."""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from craton.engines.memory import resident
from soak.clients import Line, asking, pace, run, small
from soak.figures import Figure, exactly, most, percentile, told
from tests import scripted
from tests.serving import Server

RATE = 100
SLOW = "craton.slow-v1:0"
RULES = {"rules": [{"chunks": ["tick "], "repeat": 1_000_000, "interval": 0.2}]}
FAST = "craton.fast-v1:0"
TORRENT = {"rules": [{"chunks": ["torrent " * 20], "repeat": 1_000_000}]}
MEMORY = 64 << 20

Client = Callable[[Line, bytes], Coroutine[Any, Any, None]]


def install(home: Path) -> None:
    scripted.install(home, SLOW, slots=2000, max_requests=2000, script=RULES)
    scripted.install(home, FAST, script=TORRENT)


def trial(server: Server, clients: int, seconds: float) -> list[Figure]:
    """A third each sends its headers byte by byte, sends its body byte by byte, and reads its answer byte by byte."""
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    return run(lambda: _trial(server, clients, seconds))


async def _trial(server: Server, clients: int, seconds: float) -> list[Figure]:
    await pace(server, small(server), RATE, 1)
    alone = await pace(server, small(server), RATE, seconds)
    before = resident(server.process.pid)
    async with _slow(server, clients) as connected:
        beside = await pace(server, small(server), RATE, seconds)
        grown = resident(server.process.pid) - before
        still = sum(connected())
    return [
        told("slow clients", clients),
        exactly("of them connected to the end", still, clients),
        told("the others' requests without them, p99", 1000 * percentile(alone.of(200), 99), "ms"),
        most(
            "the others' requests beside them, p99",
            1000 * percentile(beside.of(200), 99),
            max(2 * 1000 * percentile(alone.of(200), 99), 10.0),  # less than this is the machine's own noise
            "ms",
        ),
        exactly("of the others' requests not answered", sum(map(len, beside.taken.values())) - len(beside.of(200)), 0),
        most("memory grown, a client", grown / 1e3 / clients, 100, "kB"),
    ]


@asynccontextmanager
async def _slow(server: Server, clients: int) -> AsyncIterator[Callable[[], Sequence[bool]]]:
    """So many slow clients, all of them at it; tells which of them still are."""
    request = asking(server, "Talk.", stream=True, model=SLOW)
    async with AsyncExitStack() as stack:
        tasks = []
        for number in range(clients):
            line = await Line.to(server)
            stack.callback(line.close)
            tasks.append(asyncio.create_task((_headers, _body, _reader)[number % 3](line, request)))
        await asyncio.sleep(1)
        yield lambda: [not task.done() for task in tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _headers(line: Line, request: bytes) -> None:
    await _dribble(line, request[: request.index(b"\r\n\r\n")])


async def _body(line: Line, request: bytes) -> None:
    start = request.index(b"\r\n\r\n") + 4
    line.writer.write(request[:start])
    await _dribble(line, request[start:])


async def _dribble(line: Line, data: bytes) -> None:
    for at in range(len(data)):
        line.writer.write(data[at : at + 1])
        await line.writer.drain()
        await asyncio.sleep(1)


async def _reader(line: Line, request: bytes) -> None:
    line.writer.transport.pause_reading()  # type: ignore[attr-defined]
    line.writer.write(request)
    await asyncio.Event().wait()


def torrent(server: Server, seconds: float) -> list[Figure]:
    """A client that reads nothing of an answer that comes as fast as it can be made."""
    return run(lambda: _torrent(server, seconds))


async def _torrent(server: Server, seconds: float) -> list[Figure]:
    before = resident(server.process.pid)
    line = await Line.to(server)
    reading = asyncio.create_task(_reader(line, asking(server, "Talk.", stream=True, model=FAST)))
    grown = []
    for _ in range(10):
        await asyncio.sleep(seconds / 10)
        grown.append(resident(server.process.pid) - before)
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    line.close()
    return [most("memory grown for a client that reads nothing of a torrent", max(grown) / 1e6, 24, "MB")]

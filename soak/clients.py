"""Clients that do as a trial says: many at once, at a pace, slow, or gone in the middle. HTTP/1.1 byte by byte."""

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from craton.wire.message import Request
from tests import scripted
from tests.doors.wires import converse, head, signed
from tests.serving import Server

T = TypeVar("T")


def whole(server: Server, request: Request) -> bytes:
    """A request as it goes over the wire; its signature holds for five minutes."""
    ready = signed(server, request)
    return head(ready, {"content-length": str(len(ready.body))} if ready.body else {}) + ready.body


def small(server: Server) -> bytes:
    """What asks for no model."""
    return whole(server, Request("GET", f"/foundation-models/{scripted.MODEL}"))


def asking(server: Server, text: str = "Hello.", *, stream: bool = False, model: str = scripted.MODEL) -> bytes:
    return whole(server, converse(text, stream=stream, model=model))


@dataclass(slots=True)
class Line:
    """A connection that is kept for the next request."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, server: Server) -> "Line":
        return cls(*await asyncio.open_connection("127.0.0.1", server.port, limit=1 << 22))

    async def exchange(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body, whole. Raises asyncio.IncompleteReadError where it is cut short."""
        self.writer.write(request)
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        status = int(lines[0].split()[1])
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        if "content-length" in headers:
            return status, await self.reader.readexactly(int(headers["content-length"]))
        body = bytearray()
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return status, bytes(body)

    def close(self) -> None:
        self.writer.close()


@dataclass(slots=True)
class Load:
    """What came of many requests: seconds that each took, by its status; 0 for one without an answer."""

    seconds: float = 0.0
    taken: dict[int, list[float]] = field(default_factory=dict)

    def add(self, status: int, seconds: float) -> None:
        self.taken.setdefault(status, []).append(seconds)

    def of(self, status: int) -> list[float]:
        return self.taken.get(status, [])


async def pace(server: Server, request: bytes, rate: float, seconds: float, lines: int = 32) -> Load:
    """So many requests a second, evenly, however long the answers take. A request waits where all lines are taken;
    that counts as its time.
    """
    load = Load(seconds)
    idle: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(lines):
        idle.put_nowait(await Line.to(server))
    start = time.perf_counter() + 0.05

    async def one(due: float) -> None:
        await asyncio.sleep(due - time.perf_counter())
        line = await idle.get()
        try:
            status, _ = await line.exchange(request)
        except (OSError, asyncio.IncompleteReadError):
            status = 0
            line.close()
            with suppress(OSError):
                line = await Line.to(server)
        load.add(status, time.perf_counter() - due)
        idle.put_nowait(line)

    await asyncio.gather(*(one(start + number / rate) for number in range(int(rate * seconds))))
    while not idle.empty():
        idle.get_nowait().close()
    return load


async def flood(server: Server, request: bytes, clients: int, seconds: float) -> Load:
    """Clients that ask again as soon as they are answered."""
    load = Load(seconds)
    end = time.perf_counter() + seconds

    async def one() -> None:
        line = await Line.to(server)
        while (started := time.perf_counter()) < end:
            status, _ = await line.exchange(request)
            load.add(status, time.perf_counter() - started)
        line.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return load


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """On an event loop of its own, which leaves that of asynchronous tests alone; what is there is not collected, since
    that would be taken for the server's time.
    """
    gc.freeze()
    try:
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            return runner.run(work())
    finally:
        gc.unfreeze()


class Stopwatch:
    """Seconds since it was made, to the next call."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    def __call__(self) -> float:
        return time.perf_counter() - self._started


def eventually(true: Callable[[], bool], what: str, within: float) -> float:
    """Wait until it is true; the seconds that took. Raises AssertionError."""
    watch = Stopwatch()
    while not true():
        assert watch() < within, f"{what}: not within {within:g} s"
        threading.Event().wait(0.01)
    return watch()

"""Clients that vanish in the middle of an answer: the model's only slot is free for the next one, who waits for it."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from craton.wire.message import Request
from soak.clients import Stopwatch
from soak.figures import Figure, exactly, most, percentile, told
from tests import scripted
from tests.doors.wires import H2Line, connection, converse, exchange, head, reply, signed
from tests.serving import Server

FREE_MILLISECONDS = 100.0
SINGLE = "craton.single-file-v1:0"  # answers one request at a time

Vanish = Callable[[], None]


def install(home: Path) -> None:
    scripted.install(home, SINGLE, slots=1)


def trial(server: Server, times: int) -> list[Figure]:
    """Half of them close a connection of HTTP/1.1, half reset a stream of HTTP/2."""
    hello = signed(server, converse("Hello.", model=SINGLE))
    exchange(server, hello)  # the model is loaded
    before = len(ledger(server.home))
    freed = [_freed(server, (_http_1, _http_2)[number % 2]) for number in range(times)]
    time.sleep(1)
    alone = Stopwatch()
    exchange(server, hello)
    waited = alone()
    rows = ledger(server.home)[before:]
    return [
        told("clients that vanished in mid-answer", times),
        most("until the slot was free for the next, p50", 1000 * percentile(freed, 50), FREE_MILLISECONDS, "ms"),
        most("until the slot was free for the next, p99", 1000 * percentile(freed, 99), FREE_MILLISECONDS, "ms"),
        exactly("generations still running a second later", int(waited > 1), 0),
        exactly("bills for them", sum(status == "CANCELLED" for status in rows), times),
        exactly("bills for those who waited", sum(status == "OK" for status in rows), times + 1),
    ]


def ledger(home: Path) -> list[str]:
    """How each invocation ended that was written down, the oldest first."""
    with closing(sqlite3.connect(home / "usage.db")) as database:
        return [status for (status,) in database.execute("SELECT status FROM invocations ORDER BY rowid")]


def _freed(server: Server, vanishing: Callable[[Server, Request], AbstractContextManager[Vanish]]) -> float:
    """Seconds from when a client vanished to the whole answer of the one behind it."""
    endless = signed(server, converse("Please talk forever.", stream=True, model=SINGLE))
    hello = signed(server, converse("Hello.", model=SINGLE))
    with vanishing(server, endless) as vanish, connection(server) as waiting:
        waiting.sendall(head(hello, {"content-length": str(len(hello.body))}) + hello.body)
        time.sleep(0.03)  # it stands in the queue
        watch = Stopwatch()
        vanish()
        answer = reply(waiting)
        assert answer.status == 200, answer
        return watch()


@contextmanager
def _http_1(server: Server, request: Request) -> Iterator[Vanish]:
    with connection(server) as line:
        line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
        assert line.recv(100)
        yield line.close


@contextmanager
def _http_2(server: Server, request: Request) -> Iterator[Vanish]:
    with connection(server) as opened:
        line = H2Line(opened)
        stream = line.send(request)
        assert next(line.receive(stream))
        yield lambda: line.reset(stream)

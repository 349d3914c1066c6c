"""SIGTERM under load: what is being answered is answered, and nobody is left without an end."""

import json
import signal
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from soak.clients import Stopwatch
from soak.figures import Figure, exactly, most, percentile, told
from tests import scripted
from tests.doors.wires import connection, converse, exchange, frames, head, reply, signed
from tests.serving import Server

STREAMS = 16
GRACE_SECONDS = 5.0


def trial(home: Path, times: int) -> list[Figure]:
    """Streams of a second, and ones that would never end, which are told that the server does."""
    scripted.install(home)
    (home / "craton.toml").write_text(f"grace_seconds = {GRACE_SECONDS}\n")
    whole = cut = told_so = 0
    ends: list[float] = []
    for number in range(times):
        endless = number % 5 == 0
        with Server(home) as server:
            exchange(server, signed(server, converse("Hello.")))
            last, seconds, status = _end(server, "talk forever" if endless else "talk for a second")
            ends.append(seconds if status == 0 else 999.0)
        whole += sum(event.get(":event-type") == "metadata" for event in last)
        told_so += sum(event.get(":exception-type") == "serviceUnavailableException" for event in last)
        cut += sum(not event for event in last)
    forever = len(range(0, times, 5)) * STREAMS
    return [
        told(f"ends by SIGTERM under {STREAMS} streams", times),
        exactly("streams of a second that were whole", whole, times * STREAMS - forever),
        exactly("streams without an end that were told", told_so, forever),
        exactly("streams that were cut", cut, 0),
        most("until the server had ended, p99", percentile(ends, 99), GRACE_SECONDS, "s"),
    ]


def _end(server: Server, text: str) -> tuple[Sequence[dict[str, Any]], float, int]:
    """The last event of each stream, none where it was cut; seconds until the process had ended, and its status."""
    request = signed(server, converse(f"Please {text}.", stream=True))
    with ExitStack() as stack:
        lines = [stack.enter_context(connection(server)) for _ in range(STREAMS)]
        for line in lines:
            line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
        for line in lines:
            assert line.recv(1, socket.MSG_PEEK)
        watch = Stopwatch()
        server.process.send_signal(signal.SIGTERM)
        last = [_last(line) for line in lines]
        status = server.process.wait(60)
        return last, watch(), status


def _last(line: socket.socket) -> dict[str, Any]:
    try:
        return list(frames([reply(line).body]))[-1]
    except (OSError, ValueError, EOFError, json.JSONDecodeError):
        return {}

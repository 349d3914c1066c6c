"""Models whose process is killed, hangs or talks nonsense: an error that the API knows, and soon another process."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from soak.clients import Stopwatch, eventually
from soak.figures import Figure, exactly, most, percentile, told
from tests import scripted
from tests.doors.wires import connection, converse, exchange, frames, head, reply, signed
from tests.serving import Server

HEALTHY_SECONDS = 2.0
MODEL = "craton.faulty-v1:0"
# What stands on the connection instead of a message: noise, a length and nothing, other types, an unknown error.
JUNK = {
    "noise": bytes(range(128, 256)).hex(),
    "half": "40000000dc0010",
    "types": "02000000" + "9105",
    "kind": "0a000000" + "9193" + "01" + "a564616e6365" + "c0",
    "event": "0b000000" + "9193" + "02" + "a56576656e74" + "cd0102",
}
RULES = {
    "rules": [
        *(
            {"match": name, "chunks": ["a "], "fault": {"kind": "garbage", "after": 2, "message": junk}}
            for name, junk in JUNK.items()
        ),
        *scripted.RULES,
    ]
}


def install(home: Path) -> None:
    scripted.install(home, MODEL, script=RULES)


def trial(server: Server, times: int) -> list[Figure]:
    """So many times each."""
    kinds = {"killed": _signal(signal.SIGKILL), "hung": _signal(signal.SIGSTOP), "talking nonsense": _nonsense}
    return [figure for name, fault in kinds.items() for figure in _kind(server, name, fault, times)]


def _kind(server: Server, name: str, fault: Callable[[Server, int], str], times: int) -> list[Figure]:
    healthy: list[float] = []
    unknown: list[str] = []
    for number in range(times):
        _hello(server)
        watch = Stopwatch()
        ended = fault(server, number)
        if ended not in {"modelStreamErrorException", "metadata"}:
            unknown.append(ended)
        eventually(lambda: _hello(server), f"a model that was {name} is well again", 60)
        healthy.append(watch())
    return [
        told(f"models {name} in mid-answer", times),
        exactly(f"models {name}: answers without a modelled end", unknown, []),
        most(f"models {name}: until the next was answered, p99", percentile(healthy, 99), HEALTHY_SECONDS, "s"),
    ]


def _hello(server: Server) -> bool:
    return exchange(server, signed(server, converse("Hello.", model=MODEL))).status == 200


def _signal(number: signal.Signals) -> Callable[[Server, int], str]:
    """A signal for a process that is in the middle of a stream."""

    def fault(server: Server, _: int) -> str:
        request = signed(server, converse("Please talk forever.", stream=True, model=MODEL))
        with connection(server) as line:
            line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
            assert line.recv(1, socket.MSG_PEEK)
            (worker,) = workers(server)
            os.kill(worker, number)
            return _end(line)

    return fault


def _nonsense(server: Server, number: int) -> str:
    name = list(JUNK)[number % len(JUNK)]
    request = signed(server, converse(f"Say {name}.", stream=True, model=MODEL))
    with connection(server) as line:
        line.sendall(head(request, {"content-length": str(len(request.body))}) + request.body)
        return _end(line)


def _end(line: socket.socket) -> str:
    """How a stream ended: the type of its last event or exception."""
    answer = reply(line)
    if answer.status != 200:
        return answer.error
    last = list(frames([answer.body]))[-1]
    return str(last.get(":exception-type") or last.get(":event-type"))


def workers(server: Server) -> list[int]:
    """The processes of the server's models."""
    lines = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (map(int, line.split()) for line in lines.splitlines())
    return [pid for pid, parent in pairs if parent == server.process.pid]

"""A process that works is left alone, however long; one that cannot answer any more is told apart from it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from craton.engines import process, pulse
from craton.engines.process import Process
from craton.engines.pulse import Pulse
from craton.errors import ModelErrorException
from tests.engines.turns import answer, collect, scripted, turn

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process does")

BUSY = "while True: pass"
IDLE = "import time; time.sleep(1000)"


@contextmanager
def running(program: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", f"print('up', flush=True)\n{program}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None and child.stdout.readline() == "up\n"
        try:
            yield child
        finally:
            child.kill()


def until_given_up(pid: int, seconds: float, **state: bool) -> str | None:
    """Why the process is given up within so many seconds in which it says nothing."""
    watched = Pulse(pid)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if reason := watched.hung(**state):
            return reason
        time.sleep(0.05)
    return None


@linux
def test_who_computes_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "IDLE_SECONDS", 0.5)
    with running(BUSY) as child:
        assert until_given_up(child.pid, 1.5) is None


@linux
def test_who_does_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "IDLE_SECONDS", 0.5)
    with running(IDLE) as child:
        reason = until_given_up(child.pid, 5)
    assert reason and "did nothing" in reason


@linux
def test_who_does_nothing_while_it_loads_is_left_alone_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "IDLE_SECONDS", 0.2)
    with running(IDLE) as child:
        assert until_given_up(child.pid, 1, loading=True) is None


@linux
def test_who_is_stopped_is_given_up_soon() -> None:
    with running(BUSY) as child:
        child.send_signal(signal.SIGSTOP)
        reason = until_given_up(child.pid, 5)
    assert reason and "stopped" in reason


@linux
def test_who_breaks_off_is_given_up_sooner_than_who_is_silent() -> None:
    with running(IDLE) as child:
        reason = until_given_up(child.pid, 3, broken_off=True)
    assert reason and "broke off" in reason


def test_who_computes_for_ever_is_given_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BUSY_SECONDS", 0.5)
    with running(BUSY) as child:
        reason = until_given_up(child.pid, 5)
    assert reason and "did not answer for" in reason


def test_elsewhere_only_patience_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_PROC", pulse.Path("/nowhere"))
    monkeypatch.setattr(pulse, "IDLE_SECONDS", 0.2)
    with running(IDLE) as child:
        assert until_given_up(child.pid, 1) is None


async def test_a_slow_answer_is_no_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model says nothing for longer than a process may be silent, but the process tells that it is there."""
    monkeypatch.setattr(pulse, "IDLE_SECONDS", 0.6)
    running = await Process.start(scripted({"text": "At last.", "delay": 2.0}))
    try:
        assert (await answer(running, turn("x")))[0] == "At last."
    finally:
        await running.close()


@linux
async def test_a_process_that_is_stopped_is_an_error_of_its_requests() -> None:
    running = await Process.start(scripted({"chunks": ["and "], "repeat": 1_000_000, "interval": 0.01}))
    try:
        events = running.converse(turn("x"))
        await anext(events)
        os.kill(running.pid, signal.SIGSTOP)
        async with asyncio.timeout(5):
            with pytest.raises(ModelErrorException, match="stopped"):
                await collect(events)
            await running.exited
    finally:
        await running.close()


@pytest.mark.parametrize(
    "message",
    [
        (2, "dance", None),
        (2, "event", "no event"),
        (2, "error", ("ValidationException", "A sentence.")),
        (2, "error", ("ApiErrors", "A sentence.", {})),
        (2, "error", ("Any", "A sentence.", {})),
        (2, "result", 5),
    ],
    ids=str,
)
async def test_nonsense_in_the_right_form_is_a_model_error(message: tuple[int, str, object]) -> None:
    running = await Process.start(scripted({"fault": {"kind": "hang"}}))
    try:
        reading = asyncio.create_task(collect(running.converse(turn("x"))))
        await asyncio.sleep(0)
        running.data_received(process.encode([message]))
        async with asyncio.timeout(5):
            with pytest.raises(ModelErrorException, match="ended unexpectedly"):
                await reading
            await running.exited
    finally:
        await running.close()

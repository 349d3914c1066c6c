"""The bar of a model that loads: on a terminal it is there while the load runs and gone afterwards; elsewhere never."""

import asyncio
import io
import sys

import pytest

from craton.cli.serving import loads
from craton.engines.state import Loading

STEPS = [[], [Loading("a.model-v1:0", 10, 100)], [Loading("a.model-v1:0", 120, 100)], []]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def shown(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    steps = iter(STEPS)
    ended = asyncio.Event()

    def loading() -> list[Loading]:
        try:
            return next(steps)
        except StopIteration:
            ended.set()
            return []

    showing = asyncio.create_task(loads.show(loading))
    if stream.isatty():
        await ended.wait()
        showing.cancel()
    await asyncio.wait([showing])
    return stream.getvalue()


async def test_a_terminal_sees_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    text = await shown(Terminal(), monkeypatch)
    assert "Loading a.model-v1:0" in text
    assert "\x1b[2K" in text.rpartition("Loading")[2], "the bar is wiped out"


async def test_a_log_file_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await shown(io.StringIO(), monkeypatch) == ""

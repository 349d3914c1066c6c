"""What is remembered for a moment: a change is never hidden by it."""

import asyncio

import pytest

from craton.core import recent
from craton.core.recent import FRESH, Recent


class Source:
    """Tells its value when it is let; counts how often it is asked."""

    def __init__(self, value: str | None) -> None:
        self.value = value
        self.asked = 0
        self.reached = asyncio.Event()
        self.answer = asyncio.Event()
        self.answer.set()

    async def __call__(self, name: str) -> str | None:
        self.asked += 1
        value = self.value
        self.reached.set()
        await self.answer.wait()
        return value


async def test_it_asks_once_until_it_is_told_to_forget() -> None:
    source = Source("old")
    known = Recent(source)
    assert [await known.find("a") for _ in range(3)] == ["old"] * 3
    assert source.asked == 1
    source.value = "new"
    known.forget()
    assert await known.find("a") == "new"


async def test_a_look_up_that_a_change_overtakes_is_not_remembered() -> None:
    """One request reads the key, is interrupted, and another revokes it: the first must not bring it back."""
    source = Source("valid")
    known = Recent(source)
    source.answer.clear()
    reading = asyncio.create_task(known.find("a"))
    await source.reached.wait()
    source.value = "revoked"
    known.forget()
    source.answer.set()
    assert await reading == "valid", "it was asked before the change"
    assert await known.find("a") == "revoked"


async def test_a_change_elsewhere_is_seen_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(recent.time, "monotonic", lambda: now)
    source = Source("old")
    known = Recent(source)
    await known.find("a")
    source.value = "new"
    assert FRESH < 1
    now = 1.0
    assert await known.find("a") == "new"


async def test_what_is_not_there_is_asked_for_each_time() -> None:
    source = Source(None)
    known = Recent(source)
    assert await known.find("a") is None
    source.value = "made since"
    assert await known.find("a") == "made since"


async def test_it_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_MOST", 3)
    source = Source("value")
    known = Recent(source)
    for name in "abcdefgh":
        await known.find(name)
    assert len(known._known) <= 3

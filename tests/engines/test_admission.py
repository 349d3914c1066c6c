import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from craton.engines.admission import TIERS, Admission
from craton.errors import ThrottlingException


class Crowd:
    """Requests that hold their slot until told to leave, noting who was let in."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.admitted: list[str] = []
        self._leave: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def arrive(self, name: str, tier: str) -> None:
        self._leave[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._hold(name, tier))
        await settle()

    async def leave(self, name: str) -> None:
        self._leave[name].set()
        await self._tasks.pop(name)
        await settle()

    async def cancel(self, name: str) -> None:
        task = self._tasks.pop(name)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await settle()

    async def close(self) -> None:
        for name in list(self._tasks):
            await self.cancel(name)

    async def _hold(self, name: str, tier: str) -> None:
        async with self.admission.enter(tier):
            self.admitted.append(name)
            await self._leave[name].wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def crowd(slots: int, limit: int = 100) -> AsyncIterator[Crowd]:
    people = Crowd(Admission("m", slots, limit))
    try:
        yield people
    finally:
        await people.close()


async def test_who_waits_is_let_in_by_tier_and_then_by_arrival() -> None:
    async with crowd(1) as people:
        await people.arrive("first", "default")
        for name, tier in [
            ("f1", "flex"),
            ("d1", "default"),
            ("p1", "priority"),
            ("d2", "default"),
            ("r1", "reserved"),
        ]:
            await people.arrive(name, tier)
        for name in ["first", "r1", "p1", "d1", "d2", "f1"]:
            await people.leave(name)
        assert people.admitted == ["first", "r1", "p1", "d1", "d2", "f1"]


async def test_flex_leaves_slots_to_the_others() -> None:
    async with crowd(4) as people:
        for number in range(5):
            await people.arrive(f"f{number}", "flex")
        assert people.admitted == ["f0", "f1", "f2"]
        await people.arrive("d", "default")
        assert people.admitted[-1] == "d"
        await people.leave("f0")
        assert people.admitted[-1] == "d", "three of four slots are taken"
        await people.leave("d")
        assert people.admitted[-1] == "f3"


async def test_who_goes_away_while_waiting_or_running_gives_the_place_up() -> None:
    async with crowd(1) as people:
        await people.arrive("a", "default")
        await people.arrive("b", "default")
        await people.arrive("c", "default")
        await people.cancel("b")
        await people.cancel("a")
        assert people.admitted == ["a", "c"]


async def test_who_is_cancelled_as_its_turn_comes_passes_it_on() -> None:
    admission = Admission("m", 1, 10)

    async def pass_through() -> None:
        async with admission.enter("default"):
            pass

    async with admission.enter("default"):
        second = asyncio.create_task(pass_through())
        third = asyncio.create_task(pass_through())
        await settle()
    second.cancel()  # its turn has come, and it does not know yet
    async with asyncio.timeout(1):
        await third
    assert second.cancelled()


@pytest.mark.parametrize("tier", TIERS)
async def test_beyond_the_limit_nobody_waits(tier: str) -> None:
    async with crowd(1, limit=2) as people:
        await people.arrive("a", "default")
        await people.arrive("b", "default")
        with pytest.raises(ThrottlingException, match="'m' already has 2 requests"):
            async with people.admission.enter(tier):
                pass

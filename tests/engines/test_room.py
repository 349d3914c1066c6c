import asyncio

import pytest

from craton.engines.room import Room


async def test_who_came_first_enters_first_even_when_a_smaller_request_would_fit() -> None:
    room = Room(slots=4, tokens=100)
    first = await room.enter(80)
    large = asyncio.create_task(room.enter(50))
    small = asyncio.create_task(room.enter(10))
    await asyncio.sleep(0)
    assert not large.done() and not small.done()
    first.leave()
    await asyncio.gather(large, small)


async def test_slots_bound_the_requests() -> None:
    room = Room(slots=1, tokens=100)
    share = await room.enter(1)
    waiting = asyncio.create_task(room.enter(1))
    await asyncio.sleep(0)
    assert not waiting.done()
    share.leave()
    await waiting


async def test_a_request_grows_only_into_what_nobody_waits_for() -> None:
    room = Room(slots=4, tokens=100)
    share = await room.enter(50)
    assert share.grow(40)
    assert not share.grow(20)
    waiting = asyncio.create_task(room.enter(30))
    await asyncio.sleep(0)
    assert not share.grow(5)
    share.leave()
    await waiting


@pytest.mark.parametrize("admitted", [True, False])
async def test_a_cancelled_request_leaves_nothing_occupied(admitted: bool) -> None:
    room = Room(slots=1, tokens=10)
    share = await room.enter(10)
    waiting = asyncio.create_task(room.enter(10))
    await asyncio.sleep(0)
    if admitted:
        share.leave()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    if not admitted:
        share.leave()
    await asyncio.wait_for(room.enter(10), 1)

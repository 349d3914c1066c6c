"""Turns in the event loop, and who waits for whom."""

import asyncio

from craton.guardrails.turns import turn


async def test_others_run_between_the_turns_of_any_number_of_judges() -> None:
    rounds = 0
    seen: list[int] = []

    async def others() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async def judge() -> None:
        async with turn():
            seen.append(rounds)

    running = asyncio.create_task(others())
    await asyncio.gather(*(judge() for _ in range(50)))
    running.cancel()
    assert len(set(seen)) == 50, "no two judged in one round of the event loop"


async def test_a_turn_that_fails_is_over() -> None:
    for _ in range(2):
        try:
            async with asyncio.timeout(5), turn():
                raise LookupError
        except LookupError:
            pass


def test_every_event_loop_has_turns_of_its_own() -> None:
    for _ in range(2):
        asyncio.run(test_others_run_between_the_turns_of_any_number_of_judges())

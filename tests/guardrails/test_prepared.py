"""What is made in a thread, once."""

import asyncio
import threading

import pytest

from craton.guardrails.prepared import Prepared


async def test_all_who_ask_get_the_one_that_is_made_in_another_thread() -> None:
    threads: list[int] = []

    def make() -> object:
        threads.append(threading.get_ident())
        return object()

    prepared = Prepared(make)
    first, *others = await asyncio.gather(*(prepared.get() for _ in range(5)))
    assert all(each is first for each in others)
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


async def test_what_failed_is_made_again() -> None:
    tries = iter([LookupError(), None])

    def make() -> str:
        if error := next(tries):
            raise error
        return "made"

    prepared = Prepared(make)
    with pytest.raises(LookupError):
        await prepared.get()
    assert await prepared.get() == "made"

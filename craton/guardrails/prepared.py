"""What takes tens of milliseconds to make: made once, when it is first needed, in a thread, so that other requests are
answered meanwhile. Knows nothing of what is made.
"""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Prepared(Generic[Thing]):
    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._turn = asyncio.Lock()
        self._made: list[Thing] = []

    async def get(self) -> Thing:
        if not self._made:
            async with self._turn:  # who comes second waits for the first
                if not self._made:
                    self._made.append(await asyncio.to_thread(self._make))
        return self._made[0]

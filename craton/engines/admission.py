"""Who goes first where a model's slots are all taken: the service tiers as a queue. Knows no engine and no caller.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html
"""

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator
from itertools import count

from craton.errors import ThrottlingException

# The order in which those who wait are let in; within a tier, first come, first served.
TIERS = ("reserved", "priority", "default", "flex")
FLEX = TIERS.index("flex")


class Admission:
    """`slots` requests run at once, `limit` run or wait. Flex leaves a quarter of the slots to the other tiers, so that
    one of those seldom finds them all taken by work that is in no hurry.
    """

    def __init__(self, model: str, slots: int, limit: int) -> None:
        self._model = model
        self._slots = slots
        self._limit = limit
        self._running = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    @property
    def slots(self) -> int:
        return self._slots

    @property
    def busy(self) -> int:
        return self._running

    def waiting(self) -> dict[str, int]:
        """How many wait, by tier."""
        ranks = [rank for rank, _, _ in self._waiting]
        return {tier: ranks.count(rank) for rank, tier in enumerate(TIERS)}

    @contextlib.asynccontextmanager
    async def enter(self, tier: str) -> AsyncIterator[None]:
        """Wait for a slot and hold it. Raises ThrottlingException where too many wait already."""
        rank = TIERS.index(tier)
        if self._running + len(self._waiting) >= self._limit:
            raise ThrottlingException(
                f"The model {self._model!r} already has {self._limit} requests running or waiting. Try again shortly."
            )
        if self._waiting or not self._free(rank):
            await self._turn(rank)
        else:
            self._running += 1
        try:
            yield
        finally:
            self._leave()

    async def _turn(self, rank: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        place = (rank, next(self._arrivals), turn)
        heapq.heappush(self._waiting, place)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            else:
                self._waiting.remove(place)
                heapq.heapify(self._waiting)
                self._admit()
            raise

    def _free(self, rank: int) -> bool:
        return self._running < self._slots - (self._slots // 4 if rank == FLEX else 0)

    def _leave(self) -> None:
        self._running -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._free(self._waiting[0][0]):
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                self._running += 1

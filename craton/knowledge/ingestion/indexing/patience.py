"""Waiting for models that are busy, unless the work is to stop. Knows no model and no job."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from craton.errors import ApiError, ModelNotReadyException, ServiceUnavailableException, ThrottlingException

Result = TypeVar("Result")

# What another try may mend.
_BUSY = (ThrottlingException, ModelNotReadyException, ServiceUnavailableException)
_TRIES = 8
_LONGEST_WAIT = 30.0


class Stopped(Exception):
    """The work was asked to stop."""


class Patience:
    """`stopping` is set where the work is to stop."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping

    async def until_done(self, step: Callable[[], Awaitable[Result]]) -> Result:
        """Do a step, again and later each time while a model is busy. Raises Stopped, and the ApiError of the last
        try.
        """
        for tries in range(1, _TRIES + 1):
            self.check()
            try:
                return await step()
            except _BUSY as error:
                if tries == _TRIES:
                    raise
                await self._wait(error, 2.0**tries)
        raise AssertionError("a last try returns or raises")

    def check(self) -> None:
        if self._stopping.is_set():
            raise Stopped

    async def _wait(self, error: ApiError, seconds: float) -> None:
        try:
            async with asyncio.timeout(min(error.retry_after or seconds, _LONGEST_WAIT)):
                await self._stopping.wait()
        except TimeoutError:
            return

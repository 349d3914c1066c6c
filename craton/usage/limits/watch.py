"""Something done again and again beside the requests, until it is closed. Knows not what."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from craton.core.recent import FRESH

log = structlog.get_logger()


class Watch:
    """A failure of the database is logged, and the next time is the mending."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(FRESH)
            try:
                await self._work()
            except (SQLAlchemyError, sqlite3.Error) as error:
                log.error("could not be brought up to date", what=self._name, reason=str(error))

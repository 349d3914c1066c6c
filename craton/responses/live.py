"""The events of a response while it is made in the background, for any number of followers. Knows no job."""

import asyncio
from collections.abc import AsyncGenerator, Iterable

from craton.dialects.converse import Block


class Live:
    def __init__(self) -> None:
        self._events: list[Block] = []
        self._news = asyncio.Event()
        self._ended = False

    def add(self, events: Iterable[Block]) -> None:
        self._events.extend(events)
        self._tell()

    def end(self) -> None:
        """There will be no more, be it that the response ended or that it was stopped."""
        self._ended = True
        self._tell()

    async def follow(self) -> AsyncGenerator[Block]:
        """Every event from the first on, as they come."""
        told = 0
        while True:
            news = self._news
            while told < len(self._events):
                yield self._events[told]
                told += 1
            if self._ended:
                return
            if news is self._news:
                await news.wait()

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

"""How many requests and tokens an engine's key-value cache holds at once. Knows no engine."""

import asyncio
import contextlib
from collections import deque


class Share:
    """What one running request holds of the room."""

    def __init__(self, room: "Room", tokens: int) -> None:
        self._room = room
        self.tokens = tokens

    def grow(self, tokens: int) -> bool:
        """Hold that many more, if they are free and nobody waits for them."""
        if not self._room.take(tokens):
            return False
        self.tokens += tokens
        return True

    def leave(self) -> None:
        self._room.give_back(self)


class Room:
    """First come, first served: a request waits until a slot and its tokens are free, so no running one can be starved
    of cache.
    """

    def __init__(self, slots: int, tokens: int) -> None:
        self._slots = slots
        self._tokens = self.tokens = tokens
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @property
    def held(self) -> int:
        """The tokens that running requests hold."""
        return self.tokens - self._tokens

    async def enter(self, tokens: int) -> Share:
        """Wait for a slot and `tokens`, which must not exceed the whole room."""
        if self._waiting or not self._fits(tokens):
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((tokens, turn))
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._free(tokens)
                else:
                    with contextlib.suppress(ValueError):
                        self._waiting.remove((tokens, turn))
                    self._admit()
                raise
        else:
            self._occupy(tokens)
        return Share(self, tokens)

    def take(self, tokens: int) -> bool:
        if self._waiting or self._tokens < tokens:
            return False
        self._tokens -= tokens
        return True

    def give_back(self, share: Share) -> None:
        self._free(share.tokens)

    def _fits(self, tokens: int) -> bool:
        return self._slots > 0 and self._tokens >= tokens

    def _occupy(self, tokens: int) -> None:
        self._slots -= 1
        self._tokens -= tokens

    def _free(self, tokens: int) -> None:
        self._slots += 1
        self._tokens += tokens
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._fits(self._waiting[0][0]):
            tokens, turn = self._waiting.popleft()
            if not turn.cancelled():
                self._occupy(tokens)
                turn.set_result(None)

"""What was looked up a moment ago, since most requests come from few callers. Knows not what is looked up."""

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

FRESH = 0.9  # seconds until a thing is looked up again, so that another process's change is seen within a second
_MOST = 10_000

Name = TypeVar("Name", bound=Hashable)
Thing = TypeVar("Thing")


class Recent(Generic[Name, Thing]):
    """Remembers what `look_up` finds; what it does not find it is asked for again each time."""

    def __init__(self, look_up: Callable[[Name], Awaitable[Thing | None]]) -> None:
        self._look_up = look_up
        self._known: dict[Name, tuple[float, Thing]] = {}
        self._changes = 0

    async def find(self, name: Name) -> Thing | None:
        until, thing = self._known.get(name, (0.0, None))
        if thing is not None and time.monotonic() < until:
            return thing
        changes = self._changes
        thing = await self._look_up(name)
        if thing is None:
            self._known.pop(name, None)
        elif changes == self._changes:  # else it was read before a change that has been acknowledged since
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[name] = (time.monotonic() + FRESH, thing)
        return thing

    def forget(self) -> None:
        """Call it when something has changed, once that is on disk and before it is acknowledged."""
        self._known.clear()
        self._changes += 1

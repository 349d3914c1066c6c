"""Judging that computes in the server's own process takes turns, so that other requests are answered in between.

What is ready to run runs in one round of the event loop, and nothing else does until that has ended: without turns the
windows of a long text, or of a hundred texts at once, would be one round. Knows nothing of what is computed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """The one turn of a round of the event loop. Take it for some milliseconds' work, and never within another."""
    loop = asyncio.get_running_loop()
    lock = _locks.get(loop)
    if lock is None:
        lock = _locks[loop] = asyncio.Lock()
    async with lock:
        yield
        await asyncio.sleep(0)

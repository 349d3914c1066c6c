"""Work done side by side, of which a part alone is of no use. Knows not what it is."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


async def together(*work: Coroutine[None, None, Result]) -> list[Result]:
    """All results, in their order; where one fails or nobody waits any more, the others end."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

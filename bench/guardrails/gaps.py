"""How long the event loop is held at a time while long texts are judged: what other requests wait for.

In milliseconds of the loop's own thread between two of its rounds, which says the same on a busy machine. Without
models: they compute in processes of their own.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from bench.guardrails import sets
from bench.guardrails.cost import patterns
from craton.guardrails.assessing.assess import Content, assess
from craton.guardrails.assessing.verdict import Terms
from craton.guardrails.findings import Source
from craton.guardrails.guard import Guard, Judges
from craton.guardrails.means import Means

LENGTH = 1_000_000


async def rows(means: Means) -> AsyncIterator[str]:
    ordinary, found = (" ".join(each.text for each in texts) for texts in (sets.ordinary(), sets.sensitive()))
    mail = "anna.voss@example.org "
    yield "| a text of 1,000,000 characters | longest hold of the event loop, ms |"
    yield "|---|---:|"
    for name, text in (
        ("the first text of all", ordinary[:1000]),
        ("ordinary questions", ordinary),
        ("sentences with personal data", found),
        ("nothing but e-mail addresses", mail),
        ("one word", "x"),
    ):
        whole = text if name.startswith("the first") else (text * (LENGTH // len(text) + 1))[:LENGTH]
        guard = Guard("bench", "DRAFT", "", "bench", {}, "blocked", "blocked", lambda policy, source, means: None)
        judges = Judges(patterns(means))

        async def judged(guard: Guard = guard, judges: Judges = judges, whole: str = whole) -> None:
            await assess(guard, Source.OUTPUT, judges, [Content(whole)], [], Terms())

        gc.freeze()  # as the server does
        yield f"| {name} | {await longest_hold(judged) * 1000:.0f} |"


async def longest_hold(work: Callable[[], Awaitable[None]]) -> float:
    """Seconds that this thread computed between two rounds of the event loop, at most, while this was done."""
    longest = 0.0

    async def meter() -> None:
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    metering = asyncio.create_task(meter())
    try:
        await work()
    finally:
        metering.cancel()
    return longest

"""One generation: a turn goes to the model that serves it, its events come back with how long they took.

Everything that generates goes through `Generation.events`; a plain answer is its fold. Knows no body but Converse's.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from craton.dialects.converse import Answer, Event, Fold, Turn
from craton.engines.base import ModelSpec
from craton.engines.supervisor import Engines
from craton.errors import ModelErrorException


class Generation:
    """`events` may be iterated once; closing it stops the engine. Its end sets the latencies, in milliseconds."""

    def __init__(self, engines: Engines, spec: ModelSpec, turn: Turn) -> None:
        self._engines = engines
        self._spec = spec
        self._turn = turn
        self.latency = 0
        self.first_byte_latency = 0

    async def events(self) -> AsyncGenerator[Event, None]:
        started = time.perf_counter()

        def elapsed() -> int:
            return round((time.perf_counter() - started) * 1000)

        async with self._engines.use(self._spec) as engine, aclosing(engine.converse(self._turn)) as events:
            async for event in events:
                if not self.first_byte_latency and "contentBlockDelta" in event:
                    self.first_byte_latency = elapsed()
                if metadata := event.get("metadata"):
                    self.latency = elapsed()
                    event = {"metadata": {**metadata, "metrics": {"latencyMs": self.latency}}}
                yield event

    async def answer(self) -> Answer:
        fold = Fold()
        async with aclosing(self.events()) as events:
            async for event in events:
                fold.add(event)
        answer = fold.answer()
        if "usage" not in answer:
            raise ModelErrorException("The model ended without finishing its answer. Send the request again.")
        return answer

"""One generation: a turn goes to the model that serves it, its events come back with how long they took.

Everything that generates goes through `Generation.events`; a plain answer is its fold. Knows no body but Converse's.
"""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from craton.dialects.converse import Answer, Event, Fold, Turn
from craton.engines.base import ModelSpec
from craton.engines.supervisor import Engines
from craton.errors import ModelErrorException, ModelStreamErrorException
from craton.runtime.fields import with_fields


class Generation:
    """`events` may be iterated once; closing it stops the engine. Its end sets the latencies, in milliseconds."""

    def __init__(self, engines: Engines, spec: ModelSpec, turn: Turn, fields: Sequence[str] | None = None) -> None:
        """`fields` are JSON Pointers to the additional response fields that are wanted; None wants them all."""
        self._engines = engines
        self._spec = spec
        self._turn = turn
        self._fields = fields
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
                if "messageStop" in event and self._fields is not None:
                    event = {"messageStop": with_fields(event["messageStop"], self._fields)}
                if metadata := event.get("metadata"):
                    self.latency = elapsed()
                    event = {"metadata": {**metadata, "metrics": {"latencyMs": self.latency}}}
                yield event

    async def stream(self) -> AsyncGenerator[Event, None]:
        """The events for a streamed answer, which knows another error for a model that fails once it has begun."""
        begun = False
        async with aclosing(self.events()) as events:
            try:
                async for event in events:
                    yield event
                    begun = True
            except ModelErrorException as error:
                if not begun:
                    raise
                raise ModelStreamErrorException(error.message) from error

    async def answer(self) -> Answer:
        fold = Fold()
        async with aclosing(self.events()) as events:
            async for event in events:
                fold.add(event)
        answer = fold.answer()
        if "usage" not in answer:
            raise ModelErrorException("The model ended without finishing its answer. Send the request again.")
        return answer

"""One generation: a turn goes to the models that may serve it, the events of the one that does come back with how long
they took.

Everything that generates goes through `Generation.events`; a plain answer is its fold. Knows no body but Converse's.
"""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import structlog

from craton.core.context import Context
from craton.core.trace import ADMISSION
from craton.dialects.converse import Answer, Event, Fold, Turn
from craton.engines.remote.calls.failures import Interrupted
from craton.engines.supervisor import Engines
from craton.errors import ApiError, ModelErrorException, ModelStreamErrorException, ValidationException
from craton.models.resolve import SERVED_BY, Resolved, Target
from craton.runtime.content.citations import cited
from craton.runtime.content.content import Content
from craton.runtime.fields import MEMBER, with_fields
from craton.runtime.guarding.guarding import Counted, Guarded
from craton.runtime.guarding.output import NO_USAGE
from craton.runtime.spans import CHAT, QUEUE, Asking, Entering
from craton.usage.meter import Metered, Usage

log = structlog.get_logger()


class Generation:
    """`events` may be iterated once; closing it stops the engine. Its end sets the latencies, in milliseconds.

    `input_usage` is what the engine told of the input when it began: Converse's usage, empty where only the end tells.
    """

    def __init__(
        self,
        engines: Engines,
        ctx: Context,
        resolved: Resolved,
        targets: Sequence[Target],
        turn: Turn,
        ready: Callable[[Target, Turn], Awaitable[Content]],
        metered: Callable[[Target, Turn], Awaitable[Metered]],
        *,
        guarded: Guarded | None = None,
        tier: str,
        fields: Sequence[str] | None,
        echo: Mapping[str, Any],
    ) -> None:
        """`targets` are asked in order until one begins to answer; `ready` makes the turn as one of them takes it, and
        `metered` is the use of it. `guarded` are the guardrails that it passes, and the answer.

        `fields` are JSON Pointers to the additional response fields that are wanted; None wants them all. `echo` are
        members of the request that its answer repeats.
        """
        self.resolved = resolved
        self.guarded = guarded
        self.latency = 0
        self.first_byte_latency = 0
        self.input_usage: Usage = {}
        self._engines = engines
        self._ctx = ctx
        self._targets = targets
        self._turn = turn
        self._ready = ready
        self._metered = metered
        self._tier = tier
        self._fields = fields
        self._echo = echo

    async def events(self, *, whole: bool = False) -> AsyncGenerator[Event, None]:
        """`whole`: nobody reads them before the last, so what guardrails block may go as if it had never been."""
        started = time.perf_counter()
        last = self._targets[-1]
        for target in self._targets:
            begun = False
            try:
                async with aclosing(self._from(target, started, whole)) as events:
                    async for event in events:
                        begun = True
                        yield event
                return
            except ApiError as error:
                # What is wrong with the request is wrong with it everywhere.
                if begun or target is last or isinstance(error, ValidationException):
                    raise
                log.warning("next model is tried", failed=target.model.id, error=error.code)

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
        async with aclosing(self.events(whole=True)) as events:
            async for event in events:
                fold.add(event)
        return fold.answer()

    async def _from(self, target: Target, started: float, whole: bool) -> AsyncGenerator[Event, None]:
        def elapsed() -> int:
            return round((time.perf_counter() - started) * 1000)

        traced = self._chosen(target)
        content = await self._ready(target, self._turn)
        metered = await self._metered(target, content.turn)
        logprobs: list[Any] = []
        ended = False
        async with (
            Entering(self._ctx, ADMISSION, target.model.id, Counted(metered) if self.guarded else metered) as use,
            aclosing(await self._answering(target, content, use, whole)) as events,
        ):
            async for event in events:
                if delta := event.get("contentBlockDelta"):
                    if not self.first_byte_latency:
                        self.first_byte_latency = elapsed()
                    if self._fields is not None and "logprobs" in delta:
                        logprobs += delta.pop("logprobs")
                elif "messageStop" in event and self._fields is not None:
                    event = {"messageStop": with_fields(_told(event["messageStop"], logprobs), self._fields)}
                elif metadata := event.get("metadata"):
                    ended = True
                    self.latency = elapsed()
                    event = {"metadata": {**metadata, "metrics": {"latencyMs": self.latency}, **self._echo}}
                    if traced:
                        event["metadata"]["trace"] = {**metadata.get("trace", {}), **traced}
                yield event
            if not ended:
                raise ModelErrorException("The model ended without finishing its answer. Send the request again.")

    async def _answering(
        self, target: Target, content: Content, use: Metered, whole: bool
    ) -> AsyncGenerator[Event, None]:
        """The events of the answer, as guardrails let them out where there are any."""
        if self.guarded is None:
            return self._made(target, content, use)
        assert isinstance(use, Counted)
        turn, refused = await self.guarded.input.judged()
        if refused:
            use.tell(NO_USAGE)
            return self.guarded.refusal(refused)
        if turn is not self._turn:
            content = await self._ready(target, turn)
        return self.guarded.answer(self._made(target, content, use), use, whole=whole)

    def _made(self, target: Target, content: Content, use: Metered) -> AsyncGenerator[Event, None]:
        events = self._counted(target, content.turn, use)
        return cited(events, content.passages) if content.passages else events

    async def _counted(self, target: Target, turn: Turn, use: Metered) -> AsyncGenerator[Event, None]:
        """The engine's events without what it tells beside them of its usage, which is counted."""
        async with Entering(self._ctx, QUEUE, target.model.id, self._engines.use(target.spec, self._tier)) as engine:
            use.work()
            with Asking(self._ctx, target.model.id, target.spec, CHAT, turn) as asking:
                try:
                    async with aclosing(engine.converse(turn)) as events:
                        async for event in events:
                            if "contentBlockDelta" in event:
                                asking.write()
                            if usage := event.pop("usage", None):
                                use.tell(usage)
                                asking.tell(usage)
                                if "messageStart" in event:
                                    self.input_usage = usage
                            elif metadata := event.get("metadata"):
                                use.tell(metadata["usage"])
                                asking.tell(metadata["usage"])
                            elif "messageStop" in event:
                                asking.stop(event)
                            yield event
                except Interrupted as error:
                    use.tell(error.usage)
                    asking.tell(error.usage)
                    raise

    def _chosen(self, target: Target) -> dict[str, Any]:
        """What the trace of an answer tells of the choice between several models."""
        if target.served_by:
            self._ctx.headers[SERVED_BY] = target.served_by
        return {"promptRouter": {"invokedModelId": target.invoked}} if target.invoked else {}


def _told(stop: dict[str, Any], logprobs: list[Any]) -> dict[str, Any]:
    """A messageStop with the log probabilities, which Converse has no member for, among its additional fields."""
    return stop | {MEMBER: {**(stop.get(MEMBER) or {}), "logprobs": logprobs}} if logprobs else stop

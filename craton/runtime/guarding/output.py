"""An answer as its guardrails let it out: a filter of Converse's events. Knows no engine and no policy.

What is blocked ends the answer: the engine stops, and the guardrail's message stands where the rest would. A plain
answer, which nobody has read yet, is the message alone.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing

from craton.dialects.converse import Block, Event
from craton.runtime.guarding.applied import Applied
from craton.runtime.guarding.blocks import DELTA, START, STOP, Guarded, guarded

INTERVENED = "guardrail_intervened"
# Members of Converse's usage that every answer has.
NO_USAGE: Mapping[str, int] = {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0}

Events = AsyncGenerator[Event, None]


class Output:
    """One answer. `said` are the texts that the model wrote, as far as it was let."""

    def __init__(self, applied: Sequence[Applied], usage: Callable[[], Mapping[str, object]]) -> None:
        """`usage` is what is known of the tokens used so far: Converse's usage, or a part of it."""
        self._applied = applied
        self._usage = usage
        self._said: list[Guarded] = []
        self._open: dict[int, Guarded] = {}
        self._begun: dict[int, str] = {}  # the kinds of the blocks that have gone out and are not ended, by index
        self._last = -1

    @property
    def said(self) -> list[str]:
        return [block.said for block in self._said if block.said]

    async def judged(self, events: Events, *, whole: bool) -> Events:
        """`whole` lets nothing out before the end is known."""
        held: list[Event] = []
        by: Applied | None = None
        try:
            async with aclosing(events):
                async for event in events:
                    out, by = await self._take(event)
                    if by is not None and whole:
                        held = [each for each in held if "messageStart" in each]
                        self._begun, self._last = {}, -1
                    elif whole:
                        held += out
                    else:
                        for each in out:
                            yield self._noted(each)
                    if by is not None:
                        break
        finally:
            for block in self._open.values():
                block.close()
        for each in held:
            yield self._noted(each)
        if by is not None:
            for block in self._open.values():
                block.note()
            for each in self._ending(by):
                yield each

    async def _take(self, event: Event) -> tuple[list[Event], Applied | None]:
        """What goes out now, and the guardrail that ends it all."""
        ((kind, body),) = event.items()
        if kind not in (START, DELTA, STOP):
            return [event], None
        index = body["contentBlockIndex"]
        block = self._open.get(index)
        if block is None:
            block = self._open[index] = guarded(event, self._applied)
            self._said.append(block)
        out = await (block.stop(event) if kind == STOP else block.take(event))
        blocked = next((by for each in self._open.values() if (by := each.blocked)), None)
        if kind == STOP and not blocked:
            block.note()
            del self._open[index]
        return out, blocked

    def _noted(self, event: Event) -> Event:
        ((kind, body),) = event.items()
        if kind in (START, DELTA):
            index = body["contentBlockIndex"]
            self._last = max(self._last, index)
            self._begun[index] = "text" if kind == DELTA and "text" in body["delta"] else self._begun.get(index, "")
        elif kind == STOP:
            self._last = max(self._last, body["contentBlockIndex"])
            self._begun.pop(body["contentBlockIndex"], None)
        return event

    def _ending(self, by: Applied) -> list[Event]:
        """The message in the text that has begun, or in one of its own."""
        at = next((index for index, kind in self._begun.items() if kind == "text"), self._last + 1)
        told = told_so_far(self._usage())
        return [
            *({STOP: {"contentBlockIndex": index}} for index in self._begun if index != at),
            *message(at, by.guard.blocked_output),
            {"messageStop": {"stopReason": INTERVENED}},
            {"metadata": {"usage": told}},
        ]


def message(index: int, text: str) -> list[Event]:
    return [
        {DELTA: {"contentBlockIndex": index, "delta": {"text": text}}},
        {STOP: {"contentBlockIndex": index}},
    ]


def told_so_far(usage: Mapping[str, object]) -> Block:
    """Converse's usage of an answer that was ended, from what was told of it before."""
    counts = {name: count for name, count in usage.items() if isinstance(count, int) and name != "estimated"}
    known = {**NO_USAGE, **counts}
    cached = known.get("cacheReadInputTokens", 0) + known.get("cacheWriteInputTokens", 0)
    return known | {"totalTokens": known["inputTokens"] + known["outputTokens"] + cached}

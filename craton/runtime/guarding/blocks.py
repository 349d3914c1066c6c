"""The blocks of an answer as guardrails let them out: texts as they come, everything else when it is whole.

What a tool is called with is judged like text, by what it says: the documentation of the real service leaves it out,
but it leaves the house all the same. Of reasoning only the personal data is judged: a model that reasons why not to
answer speaks of what it must not say. Knows no stream but one block's.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from craton.dialects.converse import Block, Event, tool_input
from craton.guardrails.findings import Image
from craton.runtime.guarding.applied import Applied
from craton.runtime.guarding.leaves import replaced, texts_of
from craton.runtime.guarding.screens import Screens

START, DELTA, STOP = "contentBlockStart", "contentBlockDelta", "contentBlockStop"


class Guarded(Protocol):
    """One block. `take` and `stop` give the events that may go out by now; what is `blocked` gives no more of them.

    `said` is what the model wrote, where that is text.
    """

    @property
    def said(self) -> str: ...

    @property
    def blocked(self) -> Applied | None:
        """The guardrail that ends the answer."""
        ...

    async def take(self, event: Event) -> list[Event]: ...

    async def stop(self, event: Event) -> list[Event]: ...

    def note(self) -> None:
        """Keep the verdicts, once no more is judged."""
        ...

    def close(self) -> None: ...


def guarded(event: Event, applied: Sequence[Applied]) -> Guarded:
    """The block that this event begins."""
    delta = event[DELTA]["delta"] if DELTA in event else {}
    if "text" in delta or "citation" in delta:
        return TextBlock(applied)
    return ReasoningBlock(applied) if "reasoningContent" in delta else WholeBlock(applied)


class _Written:
    """A text that goes out as it is judged, and what waits for its end."""

    def __init__(self, applied: Sequence[Applied], *, sensitive: bool = False) -> None:
        self._screens = Screens(applied, sensitive=sensitive)
        self._in: list[str] = []
        self._out: list[str] = []

    @property
    def blocked(self) -> Applied | None:
        return self._screens.blocked

    def note(self) -> None:
        self._screens.note()

    def close(self) -> None:
        self._screens.close()

    @property
    def said(self) -> str:
        return "".join(self._in)

    @property
    def changed(self) -> bool:
        return "".join(self._out) != self.said

    async def _feed(self, piece: str) -> str:
        self._in.append(piece)
        fed = await self._screens.feed(piece)
        self._out.append(fed)
        return fed

    async def _end(self) -> str:
        rest = await self._screens.end()
        self._out.append(rest)
        return rest


class TextBlock(_Written):
    """Its citations, and how likely its words were, wait for its end: they say again what it says."""

    def __init__(self, applied: Sequence[Applied]) -> None:
        super().__init__(applied)
        self._applied = applied
        self._citations: list[Block] = []
        self._logprobs: list[Any] = []
        self._by: Applied | None = None

    @property
    def blocked(self) -> Applied | None:
        return self._screens.blocked or self._by

    async def take(self, event: Event) -> list[Event]:
        body = event[DELTA]
        if "text" not in body["delta"]:
            self._citations.append(body["delta"])
            return []
        self._logprobs += body.get("logprobs", ())
        text = await self._feed(body["delta"]["text"])
        return [_delta(body["contentBlockIndex"], {"text": text})] if text else []

    async def stop(self, event: Event) -> list[Event]:
        index = event[STOP]["contentBlockIndex"]
        text = await self._end()
        # The words of what is masked would be told with their likelihoods, so those are not told then.
        told = {"logprobs": self._logprobs} if self._logprobs and not self.changed else {}
        events = [_delta(index, {"text": text}, told)] if text or told else []
        if self.blocked:
            return events
        for citation in self._citations:
            events.append(_delta(index, await self._judged(citation)))
        return [*events, event]

    async def _judged(self, citation: Block) -> Block:
        """What a citation repeats of its source, without the personal data in it."""
        for each in self._applied:
            texts = texts_of(citation["citation"])
            verdict = await each.judge_output(texts, sensitive=True)
            if verdict.blocked:
                self._by = self._by or each
            elif verdict.intervened:
                citation = {"citation": replaced(citation["citation"], verdict.outputs)}
        return citation


class ReasoningBlock(_Written):
    """Its signature, which comes last, goes where the text is not what was signed."""

    def __init__(self, applied: Sequence[Applied]) -> None:
        super().__init__(applied, sensitive=True)
        self._rest: list[Event] = []

    async def take(self, event: Event) -> list[Event]:
        delta = event[DELTA]["delta"]["reasoningContent"]
        if "text" not in delta:
            self._rest.append(event)
            return []
        text = await self._feed(delta["text"])
        return [_reasoning(event[DELTA]["contentBlockIndex"], text)] if text else []

    async def stop(self, event: Event) -> list[Event]:
        text = await self._end()
        events = [_reasoning(event[STOP]["contentBlockIndex"], text)] if text else []
        return [*events, *(() if self.changed else self._rest), event]


class WholeBlock:
    """A tool's call, its result, a picture: judged at its end."""

    said = ""

    def __init__(self, applied: Sequence[Applied]) -> None:
        self.blocked: Applied | None = None
        self._applied = applied
        self._events: list[Event] = []

    async def take(self, event: Event) -> list[Event]:
        self._events.append(event)
        return []

    async def stop(self, event: Event) -> list[Event]:
        index = event[STOP]["contentBlockIndex"]
        starts = [each for each in self._events if START in each]
        start: Block = starts[0][START]["start"] if starts else {}
        deltas: list[Block] = [each[DELTA]["delta"] for each in self._events if DELTA in each]
        if "toolUse" in start:
            written = "".join(delta["toolUse"]["input"] for delta in deltas)
            judged = await self._judged(tool_input(written))
            # Written anew: where a name stands twice in what the model wrote, one of its values was not judged.
            text = judged if isinstance(judged, str) else msgspec.json.encode(judged).decode()
            deltas = [{"toolUse": {"input": text}}]
        elif "image" in start:
            await self._judge_image(start["image"].get("format", ""), deltas)
        else:
            deltas = await self._judged(deltas)
        return [] if self.blocked else [*starts, *(_delta(index, delta) for delta in deltas), event]

    def note(self) -> None:
        """They were, when they were judged."""

    def close(self) -> None:
        pass

    async def _judged(self, value: Any) -> Any:
        for each in self._applied if texts_of(value) else ():
            verdict = await each.judge_output(texts_of(value))
            if verdict.blocked:
                self.blocked = self.blocked or each
            elif verdict.intervened:
                value = replaced(value, verdict.outputs)
        return value

    async def _judge_image(self, format: str, deltas: Sequence[Block]) -> None:
        parts = [delta["image"]["source"]["bytes"] for delta in deltas if "image" in delta]
        for each in self._applied:
            if (await each.judge_output([], [Image(format, b"".join(parts))])).blocked:
                self.blocked = self.blocked or each


def _delta(index: int, delta: Block, told: Block | None = None) -> Event:
    return {DELTA: {"contentBlockIndex": index, "delta": delta, **(told or {})}}


def _reasoning(index: int, text: str) -> Event:
    return _delta(index, {"reasoningContent": {"text": text}})

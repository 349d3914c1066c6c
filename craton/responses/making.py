"""One response in the making: a turn goes to the model, the events of its stream come back. Keeps nothing."""

import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Self

from craton.core.context import Context
from craton.dialects.converse import Block, Event, Stamp
from craton.dialects.openai import responses as openai_responses
from craton.errors import ApiError, ModelErrorException
from craton.models.resolve import Resolved
from craton.runtime import native
from craton.runtime.guarding.asked import Asked as Guardrail
from craton.runtime.inference import Inference

Writer = openai_responses.EventWriter
Events = AsyncGenerator[Block, None]

ENDS = ("response.completed", "response.incomplete", "response.failed")


@dataclass(slots=True)
class Making:
    """What a response is made from, and the guardrail that judges it. `events` are those of Converse as they came, to
    tell the same stream again.
    """

    stamp: Stamp
    turn: Block
    echo: Block
    tier: str
    guardrail: Guardrail | None = None
    first: int = 0
    events: list[Event] = field(default_factory=list)

    @classmethod
    def new(cls, model: str, turn: Block, echo: Block, tier: str, guardrail: Guardrail | None = None) -> Self:
        return cls(Stamp(secrets.token_hex(24), model, int(time.time())), turn, echo, tier, guardrail)

    @property
    def id(self) -> str:
        return f"resp_{self.stamp.id}"

    def writer(self) -> Writer:
        return Writer(self.stamp, self.echo, self.first)

    def record(self) -> Block:
        """As a job keeps it."""
        stamp = {"id": self.stamp.id, "model": self.stamp.model, "created": self.stamp.created}
        guardrail = {"guardrail": self.guardrail.record()} if self.guardrail else {}
        return {"stamp": stamp, "turn": self.turn, "echo": self.echo, "tier": self.tier, **guardrail}

    @classmethod
    def read(cls, record: Block, first: int) -> Self:
        guardrail = Guardrail.read(record["guardrail"]) if "guardrail" in record else None
        return cls(Stamp(**record["stamp"]), record["turn"], record["echo"], record["tier"], guardrail, first)

    async def tell(self, inference: Inference, ctx: Context, model: str | Resolved, writer: Writer) -> Events:
        """The events of the response; the last holds it whole. Raises ApiError."""
        generation = await inference.generation(ctx, model, self.turn, tier=self.tier, asked=self.guardrail)
        last: Event = {}
        async with aclosing(generation.stream()) as events:
            async for last in events:
                self.events.append(last)
                for told in writer.write(last):
                    if told["type"] in ENDS and "metadata" in last:
                        told["response"] |= native.guarded(generation, last["metadata"])
                    yield _dated(told)
        if "metadata" not in last:
            raise ModelErrorException("The model ended without finishing its answer. Send the request again.")

    async def tell_all(self, inference: Inference, ctx: Context, model: str | Resolved, writer: Writer) -> Events:
        """The same, but an error after the first event is told as the end."""
        begun = False
        async with aclosing(self.tell(inference, ctx, model, writer)) as events:
            try:
                async for told in events:
                    begun = True
                    yield told
            except ApiError as error:
                if not begun:
                    raise
                for told in writer.fail(error):
                    yield told


def _dated(told: Block) -> Block:
    if told["type"] == "response.completed":
        told["response"]["completed_at"] = int(time.time())
    return told

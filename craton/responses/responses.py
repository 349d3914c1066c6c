"""Responses as a door asks for them: made, streamed, kept, continued, fetched. Knows no HTTP and no model.

A response of the foreground is kept when it has ended; one whose client went away before is not.
"""

from contextlib import aclosing
from dataclasses import dataclass

from craton.core.context import Context
from craton.dialects.body import malformed
from craton.dialects.converse import Block
from craton.dialects.openai.responses import Creation, with_ids
from craton.jobs.runner import Jobs
from craton.models.resolve import Resolved
from craton.responses import records
from craton.responses.background import Background
from craton.responses.making import ENDS, Events, Making
from craton.responses.records import RESPONSE, Items
from craton.responses.truncation import Fits, truncated
from craton.runtime.guarding.asked import Asked as Guardrail
from craton.runtime.inference import Inference
from craton.store.documents import Documents
from craton.usage.invocation_logs.logs import InvocationLogs


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of items, and whether there are more behind it."""

    items: Items
    more: bool


class Responses:
    """The responses of each account and region. Methods raise ResourceNotFoundException for an id that is not one."""

    def __init__(self, documents: Documents, inference: Inference, jobs: Jobs, logs: InvocationLogs) -> None:
        self._documents = documents
        self._inference = inference
        self._background = Background(documents, inference, jobs, logs)

    async def create(
        self, ctx: Context, creation: Creation, resolved: Resolved, guardrail: Guardrail | None = None
    ) -> Block:
        """The response, whole, or queued where it is made in the background. Raises ApiError."""
        making, items = await self._prepared(ctx, creation, resolved, guardrail)
        if creation.background:
            return await self._background.start(ctx, making, items, resolved, streamed=False)
        async with aclosing(making.tell(self._inference, ctx, resolved, making.writer())) as events:
            response: Block = [event async for event in events][-1]["response"]
        if creation.store:
            await self._keep(ctx, response, items)
        return response

    async def stream(
        self, ctx: Context, creation: Creation, resolved: Resolved, guardrail: Guardrail | None = None
    ) -> Events:
        """Its events. An ApiError is raised before the first or is told in the last."""
        making, items = await self._prepared(ctx, creation, resolved, guardrail)
        if creation.background:
            await self._background.start(ctx, making, items, resolved, streamed=True)
            events = self._background.follow(ctx.scope, making.id)
        else:
            events = making.tell_all(self._inference, ctx, resolved, making.writer())
        async with aclosing(events):
            async for event in events:
                if event["type"] in ENDS and creation.store and not creation.background:
                    await self._keep(ctx, event["response"], items)
                yield event

    async def count(self, ctx: Context, creation: Creation, resolved: Resolved) -> int:
        """The tokens that a model would read."""
        making, _ = await self._prepared(ctx, creation, resolved)
        return await self._inference.count(ctx, resolved, making.turn)

    async def get(self, ctx: Context, id: str) -> Block:
        response: Block = (await self._documents.get(ctx.scope, RESPONSE, id)).body["response"]
        return response

    def follow(self, ctx: Context, id: str, after: int) -> Events:
        return self._background.follow(ctx.scope, id, after)

    async def cancel(self, ctx: Context, id: str) -> Block:
        return await self._background.cancel(ctx.scope, id)

    async def delete(self, ctx: Context, id: str) -> None:
        await self._background.delete(ctx.scope, id)

    async def input_items(self, ctx: Context, id: str, *, limit: int, after: str | None, descending: bool) -> Listed:
        """The items that the request of a response brought itself."""
        kept: Items = (await self._documents.get(ctx.scope, RESPONSE, id)).body["input"]
        ordered = kept[::-1] if descending else kept
        if after is not None:
            places = [number for number, item in enumerate(ordered) if item["id"] == after]
            if not places:
                raise malformed(f"#/after: {after!r} is no input item of the response {id!r}")
            ordered = ordered[places[0] + 1 :]
        return Listed(ordered[:limit], len(ordered) > limit)

    async def _prepared(
        self, ctx: Context, creation: Creation, resolved: Resolved, guardrail: Guardrail | None = None
    ) -> tuple[Making, Items]:
        """What a response is made from, and the items that its request brought itself."""
        scope = ctx.scope
        before = await records.conversation(self._documents, scope, creation.previous)
        own = await records.dereferenced(self._documents, scope, creation.items)
        items = [*before, *own]
        if creation.truncate:
            items = await truncated(items, self._fits(ctx, creation, resolved))
        making = Making.new(creation.model, creation.turn(items), creation.echo, creation.serving_tier, guardrail)
        return making, with_ids(own, making.stamp.id)

    def _fits(self, ctx: Context, creation: Creation, resolved: Resolved) -> Fits:
        room = resolved.spec.context_length - (creation.request.max_output_tokens or 1)
        if resolved.spec.context_length <= 0:
            raise malformed(
                f"#/truncation: it is not known how much {resolved.id!r} can read, send disabled or leave the key out"
            )

        async def fits(items: Items) -> bool:
            return await self._inference.count(ctx, resolved, creation.turn(items)) <= room

        return fits

    async def _keep(self, ctx: Context, response: Block, items: Items) -> None:
        await self._documents.transaction(lambda t: records.create(t, ctx.scope, response, items))

"""Responses that are made in the background, as durable jobs: they outlive their caller and the server's process.

A job that a server left unfinished is begun anew by the next one, since a model cannot go on in the middle of an
answer. So that nobody takes the events of two tries for one stream, those of each try have numbers of their own.
"""

import asyncio
from contextlib import aclosing

from craton.core.context import Context
from craton.dialects.converse import Block, Stamp
from craton.dialects.openai import responses as openai_responses
from craton.errors import ApiError, InternalServerException, ValidationException
from craton.jobs.job import Job
from craton.jobs.ledger import Key
from craton.jobs.runner import Jobs
from craton.models.resolve import Resolved
from craton.responses import records
from craton.responses.live import Live
from craton.responses.making import ENDS, Events, Making, Writer
from craton.responses.records import RESPONSE, STREAM, UNFINISHED, Items
from craton.runtime.inference import Inference
from craton.store.documents import Documents, Scope, Transaction
from craton.usage.invocation_logs.entry import encode
from craton.usage.invocation_logs.logs import InvocationLogs

AT_ONCE = 16
# As the logs of invocations name the making of a response.
OPERATION = "openai.responses.create"
# Between the numbers of the events of two tries.
STRIDE = 1_000_000
# Seconds between looks at a response that waits, or that another process makes.
FIRST_LOOK = 0.005
LONGEST_LOOK = 0.5


class Background:
    def __init__(self, documents: Documents, inference: Inference, jobs: Jobs, logs: InvocationLogs) -> None:
        self._documents = documents
        self._inference = inference
        self._jobs = jobs
        self._logs = logs
        self._live: dict[str, Live] = {}
        jobs.register(RESPONSE, self._run, failed=_failed, at_once=AT_ONCE)

    async def start(self, ctx: Context, making: Making, items: Items, resolved: Resolved, *, streamed: bool) -> Block:
        """Begin to make a response, and answer with it as it is: queued."""
        scope = ctx.scope
        waiting: Block = making.writer().queue()[0]["response"]
        granted = [*resolved.arns, *await self._inference.guards(ctx, making.guardrail)]
        job = making.record() | ctx.record(granted)
        await self._jobs.start(
            scope, RESPONSE, making.id, job, lambda t: records.create(t, scope, waiting, items, streamed=streamed)
        )
        return waiting

    async def cancel(self, scope: Scope, id: str) -> Block:
        """Stop it. One that has ended stays as it is. Raises ValidationException for one of the foreground."""
        response = (await self._documents.get(scope, RESPONSE, id)).body["response"]
        if not response["background"]:
            raise ValidationException(
                f"The response {id!r} was not made in the background, so it cannot be cancelled; close its connection."
            )

        def work(t: Transaction) -> None:
            now = t.get(scope, RESPONSE, id).body["response"]
            records.replace(t, scope, now | {"status": "cancelled"})

        await self._jobs.cancel(scope, RESPONSE, id, work)
        cancelled: Block = (await self._documents.get(scope, RESPONSE, id)).body["response"]
        return cancelled

    async def delete(self, scope: Scope, id: str) -> None:
        def work(t: Transaction) -> None:
            records.delete(t, scope, id)
            self._jobs.forget(t, scope, RESPONSE, id)

        await self._jobs.cancel(scope, RESPONSE, id)
        await self._documents.transaction(work)

    async def follow(self, scope: Scope, id: str, after: int = -1) -> Events:
        """The events with numbers above `after`, those that are still to come included.

        Raises ValidationException for a response that was not made so, or was cancelled.
        """
        body = (await self._documents.get(scope, RESPONSE, id)).body
        if not body["streamed"]:
            raise ValidationException(
                f"The response {id!r} cannot be streamed: only one made with background: true and stream: true can. "
                "Get it without stream."
            )
        if body["response"]["status"] == "cancelled":
            raise ValidationException(
                f"The response {id!r} was cancelled, so no stream is left. Get it without stream."
            )
        told: Block = {}
        while told.get("type") not in ENDS and (events := await self._events(scope, id)):
            async with aclosing(events):
                async for told in events:
                    if told["sequence_number"] > after:
                        after = told["sequence_number"]
                        yield told

    async def _events(self, scope: Scope, id: str) -> Events | None:
        """Those of the try that runs here, or of the one that ended; None where none ever will."""
        pause = FIRST_LOOK
        while True:
            if live := self._live.get(id):
                return live.follow()
            response = (await self._documents.get(scope, RESPONSE, id)).body["response"]
            if response["status"] == "cancelled":
                return None
            if response["status"] not in UNFINISHED:
                return _again(response, (await self._documents.get(scope, STREAM, id)).body)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_LOOK)

    async def _run(self, job: Job) -> None:
        scope, earlier = job.scope, job.run - 1
        document = await self._documents.get(scope, RESPONSE, job.id)
        making = Making.read(job.body, earlier * STRIDE)
        writer = making.writer()
        live = self._live[job.id] = Live()
        try:
            if not earlier:
                live.add(writer.queue())
            begun = document.body["response"] | {"status": "in_progress"}
            await job.checkpoint(None, lambda t: records.replace(t, scope, begun, tries=job.run))
            ctx = Context.read(scope, job.body)
            last: Block = {}
            entry = await self._logs.begin(ctx, OPERATION, making.stamp.model)
            with self._logs.recording(entry):
                async with aclosing(self._told(making, ctx, writer)) as events:
                    async for last in events:
                        if last["type"] not in ENDS:
                            live.add([last])
                response, streamed = last["response"], document.body["streamed"]
                if entry:
                    entry.input, entry.output = encode(making.turn), encode(response)
            await job.finish(lambda t: _end(t, scope, response, making, streamed))
            live.add([last])
        finally:
            live.end()
            del self._live[job.id]

    async def _told(self, making: Making, ctx: Context, writer: Writer) -> Events:
        """All events; any error of the request or the model is the last of them."""
        try:
            async with aclosing(making.tell(self._inference, ctx, making.stamp.model, writer)) as events:
                async for told in events:
                    yield told
        except ApiError as error:
            for told in writer.fail(error):
                yield told


def _end(t: Transaction, scope: Scope, response: Block, making: Making, streamed: bool) -> None:
    records.replace(t, scope, response)
    if streamed:
        records.keep_stream(t, scope, making.id, making.events, making.first)


def _failed(t: Transaction, key: Key, error: ApiError) -> None:
    """Tell in the response that its job was given up."""
    if document := t.find(key.scope, RESPONSE, key.id):
        response = document.body["response"] | {"status": "failed", "error": openai_responses.write_error(error)}
        records.replace(t, key.scope, response)
        if document.body["streamed"]:
            records.keep_stream(t, key.scope, key.id, [], document.body["tries"] * STRIDE)


async def _again(response: Block, stream: Block) -> Events:
    """The events of a response that has ended, as they were."""
    stamp = Stamp(response["id"].removeprefix("resp_"), response["model"], response["created_at"])
    writer = Writer(stamp, openai_responses.echo_of(response), stream["first"])
    if stream["first"] == 0:
        for told in writer.queue():
            yield told
    last: Block = {}
    for event in stream["events"]:
        for last in writer.write(event):
            if last["type"] not in ENDS:
                yield last
    if last.get("type") not in ENDS:
        *others, last = writer.fail(InternalServerException(""))
        for told in others:
            yield told
    yield last | {"response": response}

"""Measures how fast models answer: asks each for an answer, of which the meter's watchers learn what it took.

It is an answer like any other, with all that stands around one, and is counted as the caller's. Knows no store.
"""

import asyncio
from datetime import UTC, datetime

from craton.core.context import Context
from craton.errors import ApiError, ConflictException, ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.models.catalogue import Model
from craton.models.resolve import Resolved
from craton.runtime.inference import Inference
from craton.usage.speeds import LEAST_TOKENS, Speeds

_PROMPT = "Tell a long story about a lighthouse, its keeper and the sea, with many details."
_TOKENS = 128


class Measuring:
    """The measurements under way, and why the last one of a model failed, if it did."""

    def __init__(self, inference: Inference, speeds: Speeds) -> None:
        self._inference = inference
        self._speeds = speeds
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[str, str] = {}

    def running(self, model: str) -> bool:
        return model in self._running

    def failure(self, model: str) -> str | None:
        return self._failures.get(model)

    async def start(self, ctx: Context, model: Model) -> datetime:
        """Begin; when that was. Raises ConflictException while it is measured already, ValidationException for a model
        that generates no text, and what the caller's policies say.
        """
        if "TEXT" not in model.output:
            raise ValidationException(f"{model.id!r} generates no text, and only how fast that comes is measured.")
        resolved = await self._inference.resolve(ctx, model.id, INVOKE)
        if self.running(model.id):
            raise ConflictException(f"The model {model.id!r} is being measured already. Wait for the result.")
        apart = Context.read(ctx.scope, ctx.record(resolved.arns))
        task = self._running[model.id] = asyncio.create_task(self._measure(apart, resolved))
        task.add_done_callback(lambda _: self._running.pop(model.id, None))
        return datetime.now(UTC)

    async def close(self) -> None:
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _measure(self, ctx: Context, resolved: Resolved) -> None:
        key, before = resolved.model.id, datetime.now(UTC)
        self._failures.pop(key, None)
        try:
            await self._answer(ctx, resolved, 1)  # loads the model, and warms its caches
            await self._answer(ctx, resolved, _TOKENS)
        except ApiError as error:
            self._failures[key] = error.message
            return
        speed = self._speeds.of(key)
        if speed is None or speed.at < before:
            self._failures[key] = (
                f"Its answer ended before the {LEAST_TOKENS} tokens that it takes to tell how fast it is."
            )

    async def _answer(self, ctx: Context, resolved: Resolved, tokens: int) -> None:
        asked = {"role": "user", "content": [{"text": _PROMPT}]}
        turn = {"messages": [asked], "inferenceConfig": {"maxTokens": tokens}}
        await (await self._inference.generation(ctx, resolved, turn)).answer()

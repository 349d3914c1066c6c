"""What every door asks of a model: an answer to a turn, its tokens counted, texts as vectors.

Knows no body but Converse's and no HTTP: a door reads its own and writes its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from craton.core.context import Context
from craton.dialects.converse import Turn
from craton.engines.base import Embeddings
from craton.engines.registry import REMOTE
from craton.engines.supervisor import Engines
from craton.models.resolve import Models, Resolved, Target
from craton.runtime import content, request
from craton.runtime.content import Content, Parser
from craton.runtime.generation import Generation
from craton.store.blobs import Blobs

DEFAULT_TIER = "default"


class Inference:
    """`model` is an identifier in any of its forms, or what one resolved to. All methods raise ApiError."""

    def __init__(self, models: Models, engines: Engines, blobs: Blobs, parser: Parser) -> None:
        self._models = models
        self._engines = engines
        self._blobs = blobs
        self._parser = parser

    async def resolve(self, ctx: Context, model: str) -> Resolved:
        return await self._models.resolve(ctx, model)

    async def generation(
        self,
        ctx: Context,
        model: str | Resolved,
        turn: Turn,
        *,
        tier: str = DEFAULT_TIER,
        fields: Sequence[str] | None = None,
        echo: Mapping[str, Any] | None = None,
    ) -> Generation:
        """An answer that begins when it is iterated. `fields` and `echo` as `Generation` has them."""
        request.check(turn)
        resolved = await self._resolved(ctx, model)

        async def ready(target: Target) -> Content:
            return await content.ready(turn, target.model, ctx, self._blobs, self._parser)

        targets = self._models.targets(resolved, turn)
        return Generation(self._engines, ctx, resolved, targets, ready, tier=tier, fields=fields, echo=echo or {})

    async def count(self, ctx: Context, model: str | Resolved, turn: Turn) -> int:
        """The tokens of the turn as input of the model that would be asked first."""
        request.check(turn)
        resolved = await self._resolved(ctx, model)
        target = self._models.targets(resolved, turn)[0]
        readied = await content.ready(turn, target.model, ctx, self._blobs, self._parser)
        async with self._engines.use(target.spec) as engine:
            return await engine.count_tokens(readied.turn)

    async def counted_first(self, ctx: Context, resolved: Resolved, turn: Turn) -> int | None:
        """The same, to be told before the answer; None where only the answer tells: a provider is not asked twice."""
        target = self._models.targets(resolved, turn)[0]
        return None if target.spec.engine in REMOTE else await self.count(ctx, resolved, turn)

    async def embed(
        self, ctx: Context, model: str | Resolved, texts: Sequence[str], *, tier: str = DEFAULT_TIER
    ) -> tuple[Resolved, Embeddings]:
        resolved = await self._resolved(ctx, model)
        async with self._engines.use(resolved.spec, tier) as engine:
            return resolved, await engine.embed(texts)

    async def _resolved(self, ctx: Context, model: str | Resolved) -> Resolved:
        return await self.resolve(ctx, model) if isinstance(model, str) else model

"""What every door asks of a model: an answer to a turn, its tokens counted, texts as vectors.

Knows no body but Converse's and no HTTP: a door reads its own and writes its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from craton.core.context import Context, Keys
from craton.core.trace import ADMISSION
from craton.dialects.converse import Turn
from craton.engines.base import Embeddings
from craton.engines.supervisor import Engines
from craton.iam.accounts import Accounts
from craton.iam.authorization.actions import INVOKE
from craton.iam.authorization.authorization import Authorization
from craton.models.resolve import Models, Resolved, Target
from craton.runtime import request
from craton.runtime.access import Access
from craton.runtime.content import content
from craton.runtime.content.content import Content, Parser
from craton.runtime.generation import Generation
from craton.runtime.guarding.asked import Asked
from craton.runtime.guarding.guarding import Guarding
from craton.runtime.metering import Metering
from craton.runtime.spans import EMBEDDINGS, QUEUE, Asking, Entering
from craton.store.blobs import Blobs
from craton.usage.meter import Metered, Use

DEFAULT_TIER = "default"


class Inference:
    """`model` is an identifier in any of its forms, or what one resolved to. All methods raise ApiError."""

    def __init__(
        self,
        models: Models,
        engines: Engines,
        blobs: Blobs,
        parser: Parser,
        metering: Metering,
        authorization: Authorization,
        accounts: Accounts,
        guarding: Guarding,
    ) -> None:
        self.access = Access(models, authorization, accounts)
        self._models = models
        self._engines = engines
        self._blobs = blobs
        self._parser = parser
        self._metering = metering
        self._guarding = guarding

    async def resolve(self, ctx: Context, model: str, action: str, keys: Keys | None = None) -> Resolved:
        """What an identifier leads to, where the caller may do `action`, such as `bedrock:InvokeModel`, to all of it.

        `keys` are the condition keys of the request.
        """
        resolved = await self.access.find(ctx, model, action)
        await self.access.permit(ctx, resolved, action, keys)
        return resolved

    async def guards(self, ctx: Context, asked: Asked | None) -> list[str]:
        """The ARN of the guardrail that a request asks for, where it exists and the caller may apply it."""
        guard = await self._guarding.find(ctx, asked)
        return [guard.arn] if guard else []

    async def generation(
        self,
        ctx: Context,
        model: str | Resolved,
        turn: Turn,
        *,
        tier: str = DEFAULT_TIER,
        fields: Sequence[str] | None = None,
        echo: Mapping[str, Any] | None = None,
        within: Use | None = None,
        asked: Asked | None = None,
    ) -> Generation:
        """An answer that begins when it is iterated. `fields` and `echo` as `Generation` has them.

        It is metered by itself, or as a part of the use that it is made `within`; then it is no answer to anyone, and
        no guardrail judges it. Else those of the account do, and the one that is `asked` for.
        """
        request.check(turn)
        ctx, turn = request.apart(ctx, turn)
        resolved = await self._resolved(ctx, model)
        targets = self._models.targets(resolved, turn)
        guarded = None
        if within is None:
            told = fields is not None
            guarded = await self._guarding.of(ctx, resolved, targets, turn, asked, tells_masks=told)

        async def ready(target: Target, turn: Turn) -> Content:
            return await content.ready(turn, target.model, ctx, self._blobs, self._parser)

        async def metered(target: Target, readied: Turn) -> Metered:
            return within.part() if within else await self._metering.of_turn(ctx, resolved, target, readied, tier)

        return Generation(
            self._engines,
            ctx,
            resolved,
            targets,
            guarded.input.turn if guarded else turn,
            ready,
            metered,
            guarded=guarded,
            tier=tier,
            fields=fields,
            echo=echo or {},
        )

    async def count(self, ctx: Context, model: str | Resolved, turn: Turn) -> int:
        """The tokens of the turn as input of the model that would be asked first."""
        request.check(turn)
        ctx, turn = request.apart(ctx, turn)
        resolved = await self._resolved(ctx, model)
        target = self._models.targets(resolved, turn)[0]
        readied = await content.ready(turn, target.model, ctx, self._blobs, self._parser)
        async with self._engines.use(target.spec) as engine:
            return await engine.count_tokens(readied.turn)

    async def embed(
        self,
        ctx: Context,
        model: str | Resolved,
        texts: Sequence[str],
        *,
        tier: str = DEFAULT_TIER,
        within: Use | None = None,
    ) -> tuple[Resolved, Embeddings]:
        """Metered as `generation` is."""
        resolved = await self._resolved(ctx, model)
        metered: Metered = within.part() if within else await self._metering.of_texts(ctx, resolved, texts, tier)
        async with (
            Entering(ctx, ADMISSION, resolved.model.id, metered),
            Entering(ctx, QUEUE, resolved.model.id, self._engines.use(resolved.spec, tier)) as engine,
        ):
            metered.work()
            with Asking(ctx, resolved.model.id, resolved.spec, EMBEDDINGS) as asking:
                made = await engine.embed(texts)
                asking.tell({"inputTokens": made.input_tokens})
            metered.tell({"inputTokens": made.input_tokens})
            return resolved, made

    async def ranking(self, ctx: Context, resolved: Resolved, texts: Sequence[str], searches: int, tier: str) -> Use:
        """One use for all that is asked of a model to rank documents."""
        return await self._metering.of_texts(ctx, resolved, texts, tier, searches)

    async def _resolved(self, ctx: Context, model: str | Resolved) -> Resolved:
        return await self.resolve(ctx, model, INVOKE) if isinstance(model, str) else model

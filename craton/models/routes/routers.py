"""Prompt routers: made, told of and deleted. How one chooses is `routing`'s matter.

AWS lets a router have two models of one maker. Here it may have any models that generate, of any makers, since Converse
is what all of them are spoken to in; what AWS refuses otherwise is refused.
"""

from dataclasses import replace

from craton.core.context import Context
from craton.errors import ApiError, ResourceNotFoundException, ValidationException
from craton.models.identifiers import Identifier, Kind, new_name, parse
from craton.models.pages import Part, joined
from craton.models.records import ROUTER, prompt_router
from craton.models.resolve import Models, check_owner
from craton.models.routes import plans
from craton.store.documents import Documents, Transaction
from craton.store.records import Record

STEP = 5  # percent: AWS takes no other differences
_PARTS: dict[str, Part] = {"default": "defined", "custom": "own"}


class Routers:
    """The prompt routers of each account and region, as PromptRouterSummary dicts."""

    def __init__(self, models: Models, documents: Documents) -> None:
        self._models = models
        self._documents = documents

    async def create(self, ctx: Context, body: Record, tags: dict[str, str], client_token: str | None) -> str:
        """The ARN of a new router. Raises ApiError where it could route nowhere."""
        difference = body["routingCriteria"]["responseQualityDifference"]
        if difference % STEP:
            raise ValidationException(
                f"The responseQualityDifference {difference} is not valid: it is a percentage, from 0 to 100 in steps "
                f"of {STEP}."
            )
        plan = plans.of_router(body | {"promptRouterArn": ""})
        if not plan.others:
            raise ValidationException(
                "The router has nothing to choose from: name at least one model besides the fallbackModel."
            )
        await self._check_models(ctx, plan.models)
        request = body | {"tags": tags}

        def make(t: Transaction) -> Record:
            name = new_name()
            arn = ctx.arn(f"{Kind.PROMPT_ROUTER}/{name}")
            plans.refuse_circles(t, ctx, parse(arn), plan.models)
            unique = {"name": body["promptRouterName"]}
            return {"arn": t.create(ctx.scope, ROUTER, name, body, arn=arn, unique=unique, tags=tags).arn}

        made = await self._documents.transaction(
            lambda t: t.once(ctx.scope, "CreatePromptRouter", client_token, request, make)
        )
        arn: str = made["arn"]
        return arn

    async def get(self, ctx: Context, arn: str) -> Record:
        named = _router(ctx, arn)
        if named.kind is Kind.DEFAULT_PROMPT_ROUTER:
            if named.name in plans.DEFAULTS and await self._works(ctx, named.name):
                return plans.default_router(ctx, named.name)
        elif document := await self._documents.find(ctx.scope, ROUTER, named.name):
            return prompt_router(document)
        raise ResourceNotFoundException(f"There is no prompt router {arn!r}; list them to see which there are.")

    async def delete(self, ctx: Context, arn: str) -> None:
        named = _router(ctx, arn)
        if named.kind is Kind.DEFAULT_PROMPT_ROUTER:
            raise ValidationException(f"{arn!r} is a default prompt router, which cannot be deleted.")
        await self._documents.delete(ctx.scope, ROUTER, named.name)

    async def page(
        self, ctx: Context, kind: str | None, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        """The default routers whose models are served here, then the account's own."""
        part = _PARTS.get(kind or "")
        defined = [] if part == "own" else [name for name in plans.DEFAULTS if await self._works(ctx, name)]
        shown = [plans.default_router(ctx, name) for name in defined]
        return await joined(
            self._documents, ctx.scope, ROUTER, shown, prompt_router, only=part, limit=limit, token=token
        )

    async def _works(self, ctx: Context, name: str) -> bool:
        """Whether all models of a default router are served here."""
        try:
            await self._check_models(ctx, plans.of_router(plans.default_router(ctx, name)).models)
        except ApiError:
            return False
        return True

    async def _check_models(self, ctx: Context, models: tuple[str, ...]) -> None:
        aside = replace(ctx, headers={})  # nothing is answered here, so nothing stands in
        for text in models:
            resolved = await self._models.resolve(aside, text)
            if "TEXT" not in resolved.model.output:
                raise ValidationException(f"{text!r} does not generate text, so no prompt can be routed to it.")


def _router(ctx: Context, arn: str) -> Identifier:
    named = parse(arn)
    check_owner(ctx, named)
    if named.kind not in (Kind.PROMPT_ROUTER, Kind.DEFAULT_PROMPT_ROUTER):
        raise ValidationException(f"{arn!r} is not the ARN of a prompt router.")
    return named

"""Which models a caller may use: what an identifier leads to, in another account too, and what policies say of it.

Knows neither turns nor engines.
"""

from dataclasses import replace

from craton.core.context import Context, Keys
from craton.iam.accounts import Accounts
from craton.iam.authorization.authorization import Authorization
from craton.iam.authorization.circumstances import account_of
from craton.iam.authorization.resources import canonical
from craton.models.resolve import Models, Resolved, Use
from craton.runtime.guarding.asked import Asked

PROFILE = "bedrock:InferenceProfileArn"
ROUTER = "bedrock:PromptRouterArn"
TIER = "bedrock:ServiceTier"
GUARDRAIL = "bedrock:GuardrailIdentifier"


class Access:
    def __init__(self, models: Models, authorization: Authorization, accounts: Accounts) -> None:
        self._accounts = accounts
        self._models = models
        self._authorization = authorization

    async def find(self, ctx: Context, model: str, action: str) -> Resolved:
        """What an identifier leads to; `permit` must follow.

        What belongs to another account is found where its policy and the caller's own allow `action`; whether it
        exists is told to nobody else. Raises ApiError as `Models.resolve` does.
        """
        owner = account_of(model)
        await self._accounts.check(ctx.account)  # who wants a job done proved long ago who it is
        if owner in ("", ctx.account):
            return await self._models.resolve(ctx, model)
        await self._authorization.require(ctx, action, canonical(ctx, "bedrock", model))
        return await self._models.resolve(replace(ctx, account=owner), model)

    async def permit(self, ctx: Context, resolved: Resolved, action: str, keys: Keys | None = None) -> None:
        """Go on only where the caller may do `action` to all that was found. Raises AccessDeniedException."""
        for use in resolved.uses:
            await self._authorization.require(ctx, action, use.arn, {**_through(use), **(keys or {})})

    async def require(self, ctx: Context, action: str, resource: str, keys: Keys | None = None) -> None:
        """Go on only where the caller may do `action` to the resource of this ARN. Raises AccessDeniedException."""
        await self._authorization.require(ctx, action, resource, keys)


def conditions(ctx: Context, tier: str, asked: Asked | None = None) -> Keys:
    """The condition keys of a request to invoke a model, and with it the guardrail that it asks for."""
    keys = {TIER: (tier,)}
    if asked and (name := asked.identifier):
        arn = canonical(ctx, "bedrock", name) if name.startswith("arn:") else ctx.arn(f"guardrail/{name}")
        keys[GUARDRAIL] = (arn if asked.version == "DRAFT" else f"{arn}:{asked.version}",)
    return keys


def _through(use: Use) -> Keys:
    ways = {PROFILE: use.profile, ROUTER: use.router}
    return {key: (arn,) for key, arn in ways.items() if arn}

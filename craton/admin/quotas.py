"""Craton's operations on quotas: how much an account, a key or a model may do in a minute, in a day and at once."""

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.store.tokens import Tokens
from craton.usage.limits.operations import Defining
from craton.usage.quotas.counter import Counter, Moment
from craton.usage.quotas.quotas import Quotas
from craton.usage.quotas.records import Quota

LIMITS = ("requestsPerMinute", "tokensPerMinute", "tokensPerDay", "concurrentRequests")


class QuotasApi:
    def __init__(self, quotas: Quotas, tokens: Tokens, operator: str) -> None:
        self._quotas = quotas
        self._defining = Defining(quotas.standings, tokens, operator)

    @operation(SERVICE)
    async def put_quota(self, ctx: Context, req: Members) -> Members:
        if not any(limit in req for limit in LIMITS):
            raise ValidationException(f"The quota limits nothing. Give one of {', '.join(LIMITS)}.")
        made = await self._defining.put(ctx, req)
        await self._quotas.reread()
        return self._defining.summary(made)

    @operation(SERVICE)
    async def get_quota(self, ctx: Context, req: Members) -> Members:
        quota = self._defining.get(ctx, req)
        now = self._quotas.now()
        uses = self._defining.uses(ctx, quota, lambda counter: (counter.minute(now), counter.requests.at(now.tick)))
        return self._defining.summary(quota) | {
            "use": [{"countedFor": whom, **_use(quota, counter, now)} for whom, counter in uses]
        }

    @operation(SERVICE)
    async def list_quotas(self, ctx: Context, req: Members) -> Members:
        return self._defining.page(ctx, req)

    @operation(SERVICE)
    async def delete_quota(self, ctx: Context, req: Members) -> Members:
        return await self._defining.delete(ctx, req)


def _use(quota: Quota, counter: Counter, now: Moment) -> dict[str, int]:
    today = {} if quota.tokens_per_day is None else {"tokensToday": counter.day.of(now.day)}
    return {
        "requestsLastMinute": counter.requests.at(now.tick),
        "requestsRunning": counter.running,
        "tokensLastMinute": counter.tokens.at(now.tick),
        "tokensReserved": counter.held,
        **today,
    }

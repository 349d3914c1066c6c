"""Craton's operations on quotas: how much an account, a key or a model may do in a minute, in a day and at once."""

from typing import Any

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.store.tokens import Tokens
from craton.usage.limits.operations import Defining, counted_for, shown
from craton.usage.quotas.counter import Counter, Moment
from craton.usage.quotas.quotas import Quotas
from craton.usage.quotas.records import Quota

SERVICE = "craton"

LIMITS = ("requestsPerMinute", "tokensPerMinute", "tokensPerDay", "concurrentRequests")
MOST_TOLD = 100  # values counted apart, of which GetQuota tells


class QuotasApi:
    def __init__(self, quotas: Quotas, tokens: Tokens, operator: str) -> None:
        self._quotas = quotas
        self._defining = Defining(quotas.definitions, tokens, operator)

    @operation(SERVICE)
    async def put_quota(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        body = {member: value for member, value in req.items() if member != "quotaName"}
        if not any(limit in body for limit in LIMITS):
            raise ValidationException(f"The quota limits nothing. Give one of {', '.join(LIMITS)}.")
        made = await self._defining.put(ctx, req["quotaName"], body, req.get("appliesTo", {}))
        await self._quotas.reread()
        return self._summary(made)

    @operation(SERVICE)
    async def get_quota(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        quota = self._defining.get(ctx, req["quotaName"], req.get("setBy"))
        now = self._quotas.now()
        counters = [
            (place, counter)
            for place, counter in self._quotas.standings.uses(quota).items()
            if quota.told(ctx.account) and (quota.owner == ctx.account or shown(quota.subject, place, ctx.account))
        ]
        counters.sort(key=lambda each: (each[1].minute(now), each[1].requests.at(now.tick)), reverse=True)
        uses = [
            {"countedFor": counted_for(quota.subject, place), **_use(quota, counter, now)}
            for place, counter in counters[:MOST_TOLD]
        ]
        return self._summary(quota) | {"use": uses}

    @operation(SERVICE)
    async def list_quotas(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        page, token = self._defining.page(ctx, req.get("maxResults"), req.get("nextToken"))
        return {"quotas": [self._summary(quota) for quota in page]} | ({"nextToken": token} if token else {})

    @operation(SERVICE)
    async def delete_quota(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        await self._defining.delete(ctx, req["quotaName"])
        return {}

    def _summary(self, quota: Quota) -> dict[str, Any]:
        return {"quotaName": quota.name, **self._defining.summary(quota, quota.body)}


def _use(quota: Quota, counter: Counter, now: Moment) -> dict[str, int]:
    today = {} if quota.tokens_per_day is None else {"tokensToday": counter.day.of(now.day)}
    return {
        "requestsLastMinute": counter.requests.at(now.tick),
        "requestsRunning": counter.running,
        "tokensLastMinute": counter.tokens.at(now.tick),
        "tokensReserved": counter.held,
        **today,
    }

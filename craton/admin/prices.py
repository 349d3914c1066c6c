"""Craton's operations on the prices of models, which the server's operator sets and everybody may see."""

from craton import config
from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import AccessDeniedException
from craton.usage.prices import Prices

# The members of an operation, and what they are in the configuration.
AMOUNTS = {
    "inputPrice": "input",
    "outputPrice": "output",
    "cacheReadPrice": "cache_read",
    "cacheWritePrice": "cache_write",
    "searchPrice": "search",
}


class PricesApi:
    """`operator` is the account that may set prices."""

    def __init__(self, prices: Prices, operator: str) -> None:
        self._prices = prices
        self._operator = operator

    @operation(SERVICE)
    async def put_model_price(self, ctx: Context, req: Members) -> Members:
        self._refuse_others(ctx)
        amounts = {name: str(req[member]) for member, name in AMOUNTS.items() if member in req}
        currency = {"currency": req["currency"]} if "currency" in req else {}
        price = await self._prices.put(req["modelPattern"], amounts | currency)
        return summary(req["modelPattern"], price, "OPERATION")

    @operation(SERVICE)
    async def list_model_prices(self, ctx: Context, req: Members) -> Members:
        return {"prices": await listed(self._prices)}

    @operation(SERVICE)
    async def delete_model_price(self, ctx: Context, req: Members) -> Members:
        self._refuse_others(ctx)
        await self._prices.delete(req["modelPattern"])
        return {}

    def _refuse_others(self, ctx: Context) -> None:
        if ctx.account != self._operator:
            raise AccessDeniedException(
                f"Prices are set by the account of the server's operator alone, not by {ctx.account}. Ask the operator."
            )


async def listed(prices: Prices) -> list[Members]:
    """All prices, those first that go before others."""
    stored = await prices.stored()
    told = [summary(pattern, price, "OPERATION") for pattern, price in stored.items()]
    return told + [summary(pattern, price, "CONFIGURATION") for pattern, price in prices.configured().items()]


def summary(pattern: str, price: config.Price, source: str) -> Members:
    amounts = {member: getattr(price, name) for member, name in AMOUNTS.items()}
    told = {member: float(amount) for member, amount in amounts.items() if amount is not None}
    return {"modelPattern": pattern, **told, "currency": price.currency, "source": source}

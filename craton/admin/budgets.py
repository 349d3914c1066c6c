"""Craton's operations on budgets: how much money may be spent in a month."""

from datetime import UTC, datetime

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.store.tokens import Tokens
from craton.usage import money
from craton.usage.budgets.budgets import Budgets
from craton.usage.budgets.purse import Purse
from craton.usage.budgets.records import Budget
from craton.usage.limits.operations import Defining
from craton.usage.limits.sums import next_month


class BudgetsApi:
    def __init__(self, budgets: Budgets, tokens: Tokens, operator: str) -> None:
        self._budgets = budgets
        self._defining = Defining(budgets.standings, tokens, operator)

    @operation(SERVICE)
    async def put_budget(self, ctx: Context, req: Members) -> Members:
        money.parse(req["amount"])
        currencies = await self._budgets.currencies()
        if currencies and req["currency"] not in currencies:
            raise ValidationException(
                f"Nothing here is priced in {req['currency']!r}, and nothing is converted: make the budget in "
                f"{' or '.join(sorted(currencies))}."
            )
        made = await self._defining.put(ctx, req)
        await self._budgets.reread()
        return self._defining.summary(made)

    @operation(SERVICE)
    async def get_budget(self, ctx: Context, req: Members) -> Members:
        budget = self._defining.get(ctx, req)
        began, now = self._budgets.month(), self._budgets.now()
        uses = self._defining.uses(ctx, budget, lambda purse: (purse.spent.of(began),))
        return self._defining.summary(budget) | {
            "monthBegan": datetime.fromtimestamp(began, UTC),
            "monthEnds": datetime.fromtimestamp(next_month(began), UTC),
            "use": [{"countedFor": whom, **use(budget, purse, began, now)} for whom, purse in uses],
        }

    @operation(SERVICE)
    async def list_budgets(self, ctx: Context, req: Members) -> Members:
        return self._defining.page(ctx, req)

    @operation(SERVICE)
    async def delete_budget(self, ctx: Context, req: Members) -> Members:
        return await self._defining.delete(ctx, req)


def use(budget: Budget, purse: Purse, began: float, now: float) -> dict[str, str]:
    """How a budget stands, in its currency."""
    spent = purse.spent.of(began)
    amounts = {
        "spent": spent,
        "reserved": purse.reserved,
        "left": budget.amount - spent - purse.reserved,
        "forecast": purse.forecast(began, now),
    }
    return {name: money.text(amount) for name, amount in amounts.items()}

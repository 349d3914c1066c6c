"""Craton's operations on budgets: how much money may be spent in a month."""

from datetime import UTC, datetime
from typing import Any

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.store.tokens import Tokens
from craton.usage.budgets import money
from craton.usage.budgets.budgets import Budgets
from craton.usage.budgets.purse import Purse
from craton.usage.budgets.records import Budget
from craton.usage.limits.operations import Defining, counted_for, shown
from craton.usage.limits.sums import next_month

SERVICE = "craton"

MOST_TOLD = 100  # values counted apart, of which GetBudget tells


class BudgetsApi:
    def __init__(self, budgets: Budgets, tokens: Tokens, operator: str) -> None:
        self._budgets = budgets
        self._defining = Defining(budgets.definitions, tokens, operator)

    @operation(SERVICE)
    async def put_budget(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        money.parse(req["amount"])
        currencies = await self._budgets.currencies()
        if currencies and req["currency"] not in currencies:
            raise ValidationException(
                f"Nothing here is priced in {req['currency']!r}, and nothing is converted: make the budget in "
                f"{' or '.join(sorted(currencies))}."
            )
        body = {member: value for member, value in req.items() if member != "budgetName"}
        made = await self._defining.put(ctx, req["budgetName"], body, req.get("appliesTo", {}))
        await self._budgets.reread()
        return self._summary(made)

    @operation(SERVICE)
    async def get_budget(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        budget = self._defining.get(ctx, req["budgetName"], req.get("setBy"))
        began, now = self._budgets.month(), self._budgets.now()
        purses = [
            (place, purse)
            for place, purse in self._budgets.standings.uses(budget).items()
            if budget.told(ctx.account) and (budget.owner == ctx.account or shown(budget.subject, place, ctx.account))
        ]
        purses.sort(key=lambda each: each[1].spent.of(began), reverse=True)
        return self._summary(budget) | {
            "monthBegan": datetime.fromtimestamp(began, UTC),
            "monthEnds": datetime.fromtimestamp(next_month(began), UTC),
            "use": [
                {"countedFor": counted_for(budget.subject, place), **use(budget, purse, began, now)}
                for place, purse in purses[:MOST_TOLD]
            ],
        }

    @operation(SERVICE)
    async def list_budgets(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        page, token = self._defining.page(ctx, req.get("maxResults"), req.get("nextToken"))
        return {"budgets": [self._summary(budget) for budget in page]} | ({"nextToken": token} if token else {})

    @operation(SERVICE)
    async def delete_budget(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        await self._defining.delete(ctx, req["budgetName"])
        return {}

    def _summary(self, budget: Budget) -> dict[str, Any]:
        return {"budgetName": budget.name, **self._defining.summary(budget, budget.body)}


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

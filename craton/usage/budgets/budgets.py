"""The budgets of all accounts: an invocation begins where each that is about it has the most left that it may cost.

What is spent is the ledger's, which all processes on a home write; what those that run may cost is reserved in memory
until they end. Nothing is converted: what is priced in another currency than a budget cannot be paid from it. Knows no
HTTP and no price.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import structlog

from craton.errors import ApiError, BudgetExceeded, ThrottlingException
from craton.store.documents import Documents
from craton.usage import money
from craton.usage.budgets.purse import Purse
from craton.usage.budgets.records import KIND, Budget, read
from craton.usage.ledger import Ledger
from craton.usage.limits.ledger import Total
from craton.usage.limits.standings import Standings
from craton.usage.limits.subject import Facts
from craton.usage.limits.sums import month, next_month
from craton.usage.limits.watch import Watch
from craton.usage.machine import Machine, Share
from craton.usage.prices import Prices
from craton.usage.records import Asked, Counts

Matches = Sequence[tuple[Budget, Purse]]

_WHILE = Share(busy=10**15, energy=10**9)  # a share of the machine that costs something if any does
_SHORTLY = 1.0  # seconds after which to try again where others have to end first

log = structlog.get_logger()


class Budgets:
    """`wall` tells the time, in seconds since 1970."""

    def __init__(
        self,
        documents: Documents,
        ledger: Ledger,
        prices: Prices,
        machine: Machine,
        *,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.standings: Standings[Budget, Purse] = Standings(documents, KIND, read, Purse)
        self.definitions = self.standings.definitions
        self._ledger = ledger
        self._prices = prices
        self._machine = machine
        self._wall = wall
        self._month = self._next = 0.0
        self._watch = Watch("budgets", self._refresh)

    async def open(self) -> None:
        await self.definitions.load()
        await self.reread()
        self._watch.start()

    async def close(self) -> None:
        await self._watch.close()

    def admit(self, asked: Asked, most_cost: int, currency: str) -> "_Reserved | None":
        """Reserve the most that it may cost in all budgets or in none. What costs nothing passes."""
        if not self.definitions.all:
            return None
        facts = Facts.of(asked)
        matches = self.standings.about(facts)
        if not matches:
            return None
        began = self.month()
        if most_cost:
            refused: list[ApiError] = []
            for budget, purse in matches:
                refused += self._refusals(budget, purse, most_cost, currency, facts.account)
            if refused:
                raise max(refused, key=lambda error: isinstance(error, BudgetExceeded))
        # What costs nothing so far may cost something in the end, and then counts where it can.
        paying = [(budget, purse) for budget, purse in matches if budget.currency == currency]
        for _, purse in paying:
            purse.reserved += most_cost
        return _Reserved(self, paying, most_cost, began)

    def month(self) -> float:
        """When this month began, in seconds since 1970."""
        now = self._wall()
        if not self._month <= now < self._next:
            self._month, self._next = month(now), next_month(now)
        return self._month

    async def currencies(self) -> set[str]:
        """Those in which anything here has a price."""
        priced = {
            price.currency for price in (*self._prices.configured().values(), *(await self._prices.stored()).values())
        }
        return priced | ({self._machine.currency} if self._machine.cost(_WHILE) else set())

    def now(self) -> float:
        return self._wall()

    def warn(self, budget: Budget, purse: Purse) -> None:
        """Say so, once a month, where a threshold was reached."""
        began = self.month()
        if percent := purse.passed(began, budget.amount, budget.thresholds):
            spent = money.text(purse.spent.of(began))
            log.warning(
                "budget threshold reached",
                budget=budget.name,
                account=budget.owner,
                percent=percent,
                spent=spent,
                amount=money.text(budget.amount),
                currency=budget.currency,
            )

    async def reread(self) -> None:
        """Ask the ledger what was spent this month."""
        if self.definitions.all:
            await self.standings.reread(self._ledger, self.month(), _counted, lambda purse: purse.spent)
            for budget, _, purse in self.standings:
                self.warn(budget, purse)

    async def _refresh(self) -> None:
        """Take up what other processes have changed and spent."""
        if await self.definitions.load() or self.standings.due():
            await self.reread()

    def _refusals(
        self, budget: Budget, purse: Purse, most_cost: int, currency: str, account: str
    ) -> Iterator[ApiError]:
        if budget.currency != currency:
            yield BudgetExceeded(
                f"The budget {budget.name!r} is in {budget.currency}, and the price of the model is in {currency}. "
                "Nothing is converted: give the budget and the prices of all models that it is about one currency."
            )
            return
        left = budget.amount - purse.spent.of(self.month())
        if most_cost > left:
            yield BudgetExceeded(self._words(budget, left, most_cost, account))
        elif most_cost > left - purse.reserved:
            yield ThrottlingException(
                "Too many requests, please wait before trying again. What is left of the budget "
                f"{budget.name!r} is reserved for requests that run.",
                retry_after=_SHORTLY,
            )

    def _words(self, budget: Budget, left: int, most_cost: int, account: str) -> str:
        again = datetime.fromtimestamp(self._next, UTC).date().isoformat()
        has = f" has {money.text(max(left, 0))} {budget.currency} left" if budget.told(account) else " is nearly spent"
        return (
            f"The budget {budget.name!r} of {money.text(budget.amount)} {budget.currency} a month{has}, and this "
            f"request may cost {money.text(most_cost)}. A lower maximum of output tokens costs less; "
            f"the budget begins anew on {again} (UTC), or when it is raised."
        )


def _counted(budget: Budget, total: Total) -> int | None:
    return total.cost if total.currency == budget.currency else None


class _Reserved:
    """What an invocation that runs may cost."""

    __slots__ = ("_began", "_budgets", "_matches", "_most")

    def __init__(self, budgets: Budgets, matches: Matches, most: int, began: float) -> None:
        self._budgets = budgets
        self._matches = matches
        self._most = most
        self._began = began

    def settle(self, counts: Counts, cost: int) -> None:
        """The month that an invocation began in has all of its cost."""
        matches, self._matches = self._matches, ()
        for budget, purse in matches:
            purse.reserved -= self._most
            purse.spent.add(self._began, cost)
            self._budgets.warn(budget, purse)

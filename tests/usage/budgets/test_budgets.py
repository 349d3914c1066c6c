"""No budget is ever overspent by what was foreseen, and nothing that was reserved stays so."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule
from structlog.testing import capture_logs

from craton import config
from craton.errors import ApiError, BudgetExceeded, ThrottlingException
from craton.store.documents import Documents
from craton.usage import money
from craton.usage.budgets.budgets import Budgets
from craton.usage.budgets.purse import Purse
from craton.usage.budgets.records import Budget
from craton.usage.ledger import Ledger
from craton.usage.limits.subject import EVERY_ACCOUNT, Facts, Part, Subject
from craton.usage.machine import Machine
from craton.usage.prices import Prices
from craton.usage.records import Asked, Counts, Hold
from tests.usage.invocations import used
from tests.usage.limits.makers import ACCOUNT, OPERATOR, OTHER, Clock, asked, budget

CENT = 10_000_000
HALF = 50 * CENT


def keeping(clock: Clock, *made: Budget, ledger: Ledger | None = None) -> Budgets:
    budgets = Budgets(
        cast(Documents, None), cast(Ledger, ledger), cast(Prices, None), cast(Machine, None), wall=clock.wall
    )
    budgets.definitions.take(made)
    return budgets


def admit(budgets: Budgets, most: int, invocation: Asked | None = None, currency: str = "EUR") -> Hold:
    hold = budgets.admit(invocation or asked(), most, currency)
    assert hold is not None
    return hold


def refusal(budgets: Budgets, most: int, invocation: Asked | None = None, currency: str = "EUR") -> ApiError:
    with pytest.raises(ApiError) as caught:
        budgets.admit(invocation or asked(), most, currency)
    return caught.value


def the_purse(budgets: Budgets) -> Purse:
    ((_, _, purse),) = budgets.standings
    return purse


def test_what_may_be_spent_is_reserved_and_what_was_spent_is_kept() -> None:
    budgets = keeping(Clock(), budget("1.00"))
    first = admit(budgets, 60 * CENT)
    error = refusal(budgets, 60 * CENT)
    assert isinstance(error, ThrottlingException) and error.retry_after == 1.0
    first.settle(Counts(), 30 * CENT)
    first.settle(Counts(), 30 * CENT)  # a second time changes nothing
    admit(budgets, 60 * CENT).settle(Counts(), 60 * CENT)
    purse = the_purse(budgets)
    assert (purse.spent.of(budgets.month()), purse.reserved) == (90 * CENT, 0)


def test_at_the_limit_it_is_refused_until_the_next_month() -> None:
    clock = Clock()
    budgets = keeping(clock, budget("1.00"))
    admit(budgets, HALF).settle(Counts(), HALF)
    admit(budgets, HALF).settle(Counts(), HALF)
    error = refusal(budgets, 1)
    assert isinstance(error, BudgetExceeded) and error.code == "ServiceQuotaExceededException"
    assert error.message == (
        "The budget 'b' of 1.00 EUR a month has 0.00 EUR left, and this request may cost 0.000000001. "
        "A lower maximum of output tokens costs less; the budget begins anew on 2026-10-01 (UTC), or when it is raised."
    )
    clock.now += datetime(2026, 10, 1, tzinfo=UTC).timestamp() - clock.wall() - 1
    refusal(budgets, 1)
    clock.now += 1
    admit(budgets, 1)


def test_what_began_in_the_month_before_is_paid_from_it() -> None:
    clock = Clock()
    budgets = keeping(clock, budget("1.00"))
    late = admit(budgets, HALF)
    clock.now += 31 * 24 * 3600
    assert isinstance(refusal(budgets, 60 * CENT), ThrottlingException), "it is still reserved"
    late.settle(Counts(), HALF)
    admit(budgets, 100 * CENT)


def test_what_costs_nothing_passes_even_when_all_is_spent() -> None:
    budgets = keeping(Clock(), budget("0"))
    admit(budgets, 0)
    refusal(budgets, 1)


def test_a_price_in_another_currency_is_refused() -> None:
    budgets = keeping(Clock(), budget("1.00"))
    error = refusal(budgets, 1, currency="USD")
    assert isinstance(error, BudgetExceeded)
    assert "in EUR" in error.message and "in USD" in error.message
    admit(budgets, 0, currency="USD").settle(Counts(), 5)
    admit(budgets, 1)
    assert the_purse(budgets).spent.of(budgets.month()) == 0


def test_none_is_reserved_where_another_refuses() -> None:
    wide, narrow = budget("5.00", "wide"), budget("0.10", "narrow")
    budgets = keeping(Clock(), wide, narrow)
    for _ in range(20):
        refusal(budgets, HALF)
    assert [purse.reserved for _, _, purse in budgets.standings] == [0, 0]


def test_tags_and_principals_have_budgets_of_their_own() -> None:
    blue = budget("0.50", "blue", subject=Subject(ACCOUNT, tags={"team": "blue"}))
    each = budget("0.75", "each", subject=Subject(ACCOUNT, apart=(Part.PRINCIPAL,)))
    budgets = keeping(Clock(), blue, each)
    admit(budgets, HALF, asked(tags={"team": "blue"})).settle(Counts(), HALF)
    assert "'blue'" in refusal(budgets, CENT, asked(tags={"team": "blue"})).message
    assert "'each'" in refusal(budgets, HALF, asked()).message
    admit(budgets, HALF, asked(principal=f"arn:aws:iam::{ACCOUNT}:user/eve"))


def test_what_accounts_share_is_not_told_to_them() -> None:
    budgets = keeping(Clock(), budget("1.00", owner=OPERATOR, subject=Subject(EVERY_ACCOUNT)))
    admit(budgets, 100 * CENT, asked(account=OTHER)).settle(Counts(), 77 * CENT)
    message = refusal(budgets, 100 * CENT).message
    assert "nearly spent" in message and "0.23" not in message


def test_a_threshold_is_logged_once_a_month() -> None:
    clock = Clock()
    budgets = keeping(clock, budget("1.00", thresholds=(50.0, 80.0)))
    with capture_logs() as lines:
        for _ in range(10):
            admit(budgets, 10 * CENT).settle(Counts(), 10 * CENT)
        clock.now += 31 * 24 * 3600
        admit(budgets, HALF).settle(Counts(), HALF)
    assert [(line["event"], line["percent"], line["spent"]) for line in lines] == [
        ("budget threshold reached", 50.0, "0.50"),
        ("budget threshold reached", 80.0, "0.80"),
        ("budget threshold reached", 50.0, "0.50"),
    ]


def test_the_forecast_goes_on_at_the_same_pace() -> None:
    purse = Purse()
    september = datetime(2026, 9, 1, tzinfo=UTC).timestamp()
    purse.spent.add(september, 30 * CENT)
    assert purse.forecast(september, september + 10 * 24 * 3600) == 90 * CENT
    assert purse.forecast(september, september + 30 * 24 * 3600) == 30 * CENT


# With the ledger and the prices


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    opened = Ledger.open(tmp_path)
    yield opened
    await opened.close()


async def test_what_was_spent_before_counts_after_a_restart(ledger: Ledger) -> None:
    clock = Clock()
    at = clock.wall()
    month_ago = at - 31 * 24 * 3600
    rows = [("1", at, 70 * CENT, "EUR"), ("2", at, 10 * CENT, "USD"), ("3", month_ago, HALF, "EUR")]
    await ledger.write(
        [used(name, at=when, cost=cost, currency=currency, account=ACCOUNT) for name, when, cost, currency in rows]
    )
    budgets = keeping(clock, budget("1.00"), ledger=ledger)
    await budgets.reread()
    assert "has 0.30 EUR left" in refusal(budgets, 31 * CENT).message
    admit(budgets, 30 * CENT)


async def test_currencies_are_those_of_prices_and_of_a_machine_that_costs_something(tmp_path: Path) -> None:
    documents = Documents.open(tmp_path)
    prices = Prices(documents, {"m-1": config.Price(input=Decimal(1), currency="EUR")})

    def with_machine(settings: config.Machine) -> Budgets:
        return Budgets(documents, cast(Ledger, None), prices, Machine(settings, powercap=tmp_path))

    assert await with_machine(config.Machine(currency="CHF")).currencies() == {"EUR"}
    costly = config.Machine(price_per_hour=Decimal("0.01"), currency="CHF")
    assert await with_machine(costly).currencies() == {"EUR", "CHF"}
    await documents.close()


# In any order


class Anything(RuleBasedStateMachine):
    """Invocations come and end at any cost up to the most they may; the budgets are small, so they are met often."""

    holds = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.budgets = keeping(
            self.clock,
            budget("1.00", "all"),
            budget("0.40", "key", subject=Subject(ACCOUNT, apart=(Part.KEY,))),
            budget("2.00", "operator", OPERATOR, Subject(EVERY_ACCOUNT, model="m-1")),
        )
        self.running: dict[int, tuple[Asked, int]] = {}
        self.spent: list[tuple[Asked, int]] = []
        self.count = 0

    @rule(
        target=holds,
        account=st.sampled_from([ACCOUNT, OTHER]),
        key=st.sampled_from(["k1", "k2", "k3", "k4"]),
        model=st.sampled_from(["m-1", "m-2"]),
        most=st.integers(0, 30 * CENT),
    )
    def begin(self, account: str, key: str, model: str, most: int) -> Any:
        invocation = asked(account=account, key=key, model=model)
        try:
            hold = self.budgets.admit(invocation, most, "EUR")
        except (BudgetExceeded, ThrottlingException):
            return multiple()
        self.count += 1
        self.running[self.count] = (invocation, most)
        return (self.count, hold)

    @rule(held=consumes(holds), share=st.floats(0, 1))
    def end(self, held: tuple[int, Hold | None], share: float) -> None:
        number, hold = held
        invocation, most = self.running.pop(number)
        cost = int(most * share)
        if hold:
            hold.settle(Counts(), cost)
        self.spent.append((invocation, cost))

    @invariant()
    def no_budget_is_overspent(self) -> None:
        groups: dict[tuple[str, str], int] = {}
        for invocation, cost in [*self.spent, *self.running.values()]:
            ctx = invocation.ctx
            if ctx.account == ACCOUNT:
                groups["all", ""] = groups.get(("all", ""), 0) + cost
                groups["key", ctx.key_id] = groups.get(("key", ctx.key_id), 0) + cost
            if invocation.model == "m-1":
                groups["operator", ""] = groups.get(("operator", ""), 0) + cost
        amounts = {"all": "1.00", "key": "0.40", "operator": "2.00"}
        assert all(spent <= money.parse(amounts[name]) for (name, _), spent in groups.items())

    def teardown(self) -> None:
        about = [(len(self.budgets.standings.about(Facts.of(each))), most) for each, most in self.running.values()]
        assert sum(purse.reserved for _, _, purse in self.budgets.standings) == sum(n * most for n, most in about)


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)

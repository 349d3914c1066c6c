"""Line items: what was used in one hour of one kind of token, by one caller, of one model, as bills have them.

Knows no bill's columns. The cost of the kinds adds up to the recorded one; how it divides among them follows from the
prices in force now, and where a model has none, all of it is told of its output, or of its input where there is none.
"""

import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, literal, select

from craton.usage.ledger import Ledger
from craton.usage.prices import Price, Prices
from craton.usage.records import Counts
from craton.usage.reports.selection import HOUR, Selection, moment
from craton.usage.tables import COUNTS, invocations

_i = invocations.c
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is counted and priced by itself. The names are the ends of Bedrock's usage types."""

    name: str
    unit: str
    per: int
    amount: Callable[[Counts], int]
    price: Callable[[Price], int]


INPUT = Kind("input-tokens", "1K tokens", 1000, attrgetter("input_tokens"), attrgetter("input"))
OUTPUT = Kind("output-tokens", "1K tokens", 1000, attrgetter("output_tokens"), attrgetter("output"))
READ = Kind(
    "cache-read-input-token-count", "1K tokens", 1000, attrgetter("cache_read_tokens"), attrgetter("cache_read")
)
WRITTEN = Kind(
    "cache-write-input-token-count", "1K tokens", 1000, attrgetter("cache_write_tokens"), attrgetter("cache_write")
)
SEARCHES = Kind("search-units", "Searches", 1, attrgetter("searches"), attrgetter("search"))
KINDS = (INPUT, OUTPUT, READ, WRITTEN, SEARCHES)
# Of an hour in which something was paid for though no token was counted, as when all clients left too early.
INVOCATIONS = Kind("invocations", "Invocations", 1, lambda counts: 0, lambda price: 0)


@dataclass(frozen=True, slots=True)
class Use:
    """What one caller used of one model in the hour that begins at `hour`."""

    hour: datetime
    account: str
    region: str
    principal: str
    key_id: str
    model: str
    profile: str | None
    operation: str
    tier: str
    currency: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` of tokens or searches; `cost` in billionths."""

    use: Use
    kind: Kind
    amount: int
    cost: int

    @property
    def id(self) -> str:
        """The same in each export."""
        return hashlib.sha256(f"{self.use!r} {self.kind.name}".encode()).hexdigest()[:52]


async def lines(ledger: Ledger, prices: Prices, selection: Selection) -> AsyncGenerator[list[Line], None]:
    """Those of one day after the other, in UTC, each in the order of its hours."""
    day, last = await _ends(ledger, selection)
    while day <= last:
        next_day = (day + _DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        within = Selection(day, min(next_day, selection.end), selection.account, selection.filters)
        found: list[Line] = []
        for use, counts, cost, number in await _uses(ledger, within):
            found += _divided(use, counts, cost, number, await prices.of(use.model))
        yield found
        day = next_day


async def _ends(ledger: Ledger, selection: Selection) -> tuple[datetime, datetime]:
    """When the first and the last of the invocations began; the last before the first where there are none."""
    query = select(func.min(_i.at), func.max(_i.at)).where(*selection.where())
    first, last = await ledger.read(lambda connection: connection.execute(query).one())
    return moment(first or 1), moment(last or 0)


async def _uses(ledger: Ledger, selection: Selection) -> list[tuple[Use, Counts, int, int]]:
    """With what was counted, what it cost, and the number of invocations."""
    hour = (_i.at // literal(HOUR)).label("hour")
    columns = (_i.account, _i.region, _i.principal, _i.key_id, _i.model, _i.profile, _i.operation, _i.tier, _i.currency)
    group = (hour, *columns, _i.tags)
    query = select(*group, func.sum(_i.cost), func.count(), *map(func.sum, COUNTS)).where(*selection.where())
    query = query.group_by(*group).order_by(*group)

    def work(connection: Connection) -> list[tuple[Use, Counts, int, int]]:
        return [_use(row) for row in connection.execute(query)]

    return await ledger.read(work)


def _use(row: Row[*tuple[Any, ...]]) -> tuple[Use, Counts, int, int]:
    width = -len(COUNTS)
    hour, *columns, tags, cost, number = row[:width]
    use = Use(*(moment(hour * HOUR), *columns, msgspec.json.decode(tags, type=dict[str, str])))
    return use, Counts(*row[width:]), cost, number


def _divided(use: Use, counts: Counts, cost: int, number: int, price: Price | None) -> list[Line]:
    amounts = {kind: amount for kind in KINDS if (amount := kind.amount(counts))}
    if not amounts:
        return [Line(use, INVOCATIONS, number, cost)] if cost else []
    weights = _weights(amounts, price)
    whole = sum(weights.values())
    costs = {kind: cost * weight // whole for kind, weight in weights.items()}
    costs[max(weights, key=weights.__getitem__)] += cost - sum(costs.values())
    return [Line(use, kind, amount, costs[kind]) for kind, amount in amounts.items()]


def _weights(amounts: Mapping[Kind, int], price: Price | None) -> dict[Kind, int]:
    """What each kind costs in relation to the others."""
    weights = {kind: amount * kind.price(price) for kind, amount in amounts.items()} if price else {}
    if any(weights.values()):
        return weights
    bearer = OUTPUT if OUTPUT in amounts else next(iter(amounts))
    return {kind: int(kind is bearer) for kind in amounts}

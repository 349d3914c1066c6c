"""Sums and latencies of groups of invocations. Reads the ledger once for a report; knows no wire and no file."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, case, func, select, type_coerce

from craton.core.trace import CANCELLED
from craton.usage.ledger import Ledger
from craton.usage.records import JOULES_PER_KWH, OK, Counts
from craton.usage.reports.selection import Selection, dimension
from craton.usage.tables import COUNTS, invocations

_i = invocations.c


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds, of invocations that ended well: half of them, nine in ten and 99 in a hundred took no longer."""

    p50: int
    p90: int
    p99: int

    @classmethod
    def of(cls, times: Sequence[int]) -> "Latency":
        ordered = sorted(times)
        return cls(*(ordered[ceil(len(ordered) * share / 100) - 1] for share in (50, 90, 99)))


@dataclass(frozen=True, slots=True)
class Group:
    """What invocations with the same values of the dimensions used together, in one currency.

    `values` stand in the order of the dimensions, None where an invocation has none. `cost` is in billionths, `energy`
    in kWh. `errors` ended badly, `cancelled` were given up by their clients; `first_token` is the mean, in
    milliseconds, of those that had one.
    """

    values: tuple[str | None, ...]
    currency: str
    invocations: int
    counts: Counts
    cost: int
    energy: float
    errors: int
    cancelled: int
    first_token: float | None
    latency: Latency | None


async def report(ledger: Ledger, selection: Selection, by: Sequence[str]) -> list[Group]:
    """The groups in the order of their values. Raises ValidationException for a dimension that is none."""
    query = _query(selection, by)

    def work(connection: Connection) -> list[Group]:
        return [_group(row, len(by)) for row in connection.execute(query)]

    return await ledger.read(work)


def _query(selection: Selection, by: Sequence[str]) -> Select[*tuple[Any, ...]]:
    groups = [dimension(name, grouped=True).label(f"group{number}") for number, name in enumerate(by)]
    ended_well: ColumnElement[str] = case((_i.status == OK, _i.latency))
    sums = [
        func.count(),
        *map(func.sum, (*COUNTS, _i.cost, _i.energy)),
        func.sum(type_coerce(_i.status.not_in((OK, CANCELLED)), Integer)),
        func.sum(type_coerce(_i.status == CANCELLED, Integer)),
        func.avg(case((_i.first_token > 0, _i.first_token))),
        # One text of numbers for each group: the cheapest way to exact percentiles, which SQLite has no function for.
        func.group_concat(ended_well),
    ]
    return (
        select(*groups, _i.currency, *sums)
        .where(*selection.where())
        .group_by(*groups, _i.currency)
        .order_by(*groups, _i.currency)
    )


def _group(row: Row[*tuple[Any, ...]], width: int) -> Group:
    currency, invocations, *tokens = row[width : width + 7]
    cost, energy, errors, cancelled, first_token, latencies = row[width + 7 :]
    return Group(
        values=tuple(row[:width]),
        currency=currency,
        invocations=invocations,
        counts=Counts(*tokens),
        cost=cost,
        energy=energy / JOULES_PER_KWH,
        errors=errors,
        cancelled=cancelled,
        first_token=first_token,
        latency=Latency.of([int(each) for each in latencies.split(",")]) if latencies else None,
    )

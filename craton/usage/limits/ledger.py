"""What limits ask of the ledger: what was used since a moment, by all that a limit may be about. Knows no limit."""

from typing import NamedTuple

import msgspec

from craton.usage import tables
from craton.usage.ledger import Ledger
from craton.usage.limits.subject import Facts
from craton.usage.records import Counts

_BY = ("account", "key_id", "principal", "model", "profile", "tags")


class Total(NamedTuple):
    """What all invocations of the same facts used together. `cost` is in billionths of `currency`."""

    facts: Facts
    counts: Counts
    cost: int
    currency: str


async def totals(ledger: Ledger, since: float) -> list[Total]:
    """Of all invocations, in all processes, that began then or later; also those that just ended here."""
    found = await ledger.totals(tables.invocations.c.at >= round(since * tables.SECOND), by=_BY)
    return [Total(_facts(*total.group), total.counts, total.cost, total.currency) for total in found]


def _facts(account: str, key: str, principal: str, model: str, profile: str | None, tags: str) -> Facts:
    told = msgspec.json.decode(tags, type=dict[str, str])
    return Facts(account, key, principal, model, profile or "", frozenset(told.items()))

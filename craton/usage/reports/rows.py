"""Single invocations of a selection: the newest first, page by page, or all of them in the order of time.

Knows no column of an export.
"""

from collections.abc import AsyncGenerator

from sqlalchemy import and_, or_

from craton.usage.ledger import Ledger
from craton.usage.records import Used
from craton.usage.reports.selection import Selection
from craton.usage.tables import SECOND, invocations

_i = invocations.c

AT_ONCE = 5000
# A place in the list: the time of an invocation, and how many of that very time come before it.
_SAME_TIME = 13  # bits


async def newest(ledger: Ledger, selection: Selection, limit: int, place: int | None) -> tuple[list[Used], int | None]:
    """At most `limit` of them from a place on, and the place of the next where there are more."""
    where = selection.where()
    skip = 0
    if place is not None:
        skip = place & ((1 << _SAME_TIME) - 1)
        where.append(_i.at <= place >> _SAME_TIME)
    found = (await ledger.rows(*where, descending=True, limit=skip + limit + 1))[skip:]
    if len(found) <= limit:
        return found, None
    page = found[:limit]
    last = _at(page[-1])
    before = sum(1 for used in page if _at(used) == last)
    if place is not None and last == place >> _SAME_TIME:
        before += skip
    return page, last << _SAME_TIME | before


async def oldest(ledger: Ledger, selection: Selection) -> AsyncGenerator[list[Used], None]:
    """All of them, some thousands at a time."""
    where = selection.where()
    found = await ledger.rows(*where, limit=AT_ONCE)
    while found:
        yield found
        at = _at(found[-1])
        after = or_(_i.at > at, and_(_i.at == at, _i.id > found[-1].id))
        found = await ledger.rows(*where, _i.at >= at, after, limit=AT_ONCE)


def _at(used: Used) -> int:
    return round(used.at * SECOND)

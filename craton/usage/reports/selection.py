"""Which invocations a report is about, and what it groups them by, as SQL. Knows no report.

A dimension is `account`, `key`, `principal`, `model`, `profile`, `operation`, `tier`, `status`, `region`, `tag:NAME` or
`metadata:NAME`; reports are also grouped by `hour`, `day` or `month`, in UTC.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, String, cast, func, literal

from craton.errors import ValidationException
from craton.usage.tables import SECOND, invocations

_i = invocations.c

COLUMNS: Mapping[str, ColumnElement[str]] = {
    "account": _i.account,
    "key": _i.key_id,
    "principal": _i.principal,
    "model": _i.model,
    "profile": _i.profile,
    "operation": _i.operation,
    "tier": _i.tier,
    "status": _i.status,
    "region": _i.region,
}
MAPS: Mapping[str, ColumnElement[str]] = {"tag": _i.tags, "metadata": _i.metadata}
HOUR = 3600 * SECOND
_SECONDS = _i.at // literal(SECOND)
# Each as text that sorts in the order of time.
TIMES: Mapping[str, ColumnElement[str]] = {
    "hour": func.strftime("%Y-%m-%dT%H:00:00Z", _SECONDS, "unixepoch"),
    "day": func.strftime("%Y-%m-%d", _SECONDS, "unixepoch"),
    "month": func.strftime("%Y-%m", _SECONDS, "unixepoch"),
}
# A name in a JSON path cannot hold these; no key of AWS does.
_UNNAMEABLE = re.compile(r'["\\\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class Selection:
    """Invocations that began at `start` or later and before `end`, of one account or of all.

    `filters` are the values that a dimension may have: one of several, and that for each dimension.
    """

    start: datetime
    end: datetime
    account: str | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def where(self) -> list[ColumnElement[bool]]:
        """Raises ValidationException for a dimension that is none."""
        conditions: list[ColumnElement[bool]] = [_i.at >= micros(self.start), _i.at < micros(self.end)]
        if self.account is not None:
            conditions.append(_i.account == self.account)
        conditions += [dimension(name).in_(list(values)) for name, values in self.filters.items()]
        return conditions


def dimension(name: str, *, grouped: bool = False) -> ColumnElement[str]:
    """The SQL of a dimension; `grouped` allows times too. Raises ValidationException."""
    if (column := COLUMNS.get(name)) is not None:
        return column
    if grouped and (column := TIMES.get(name)) is not None:
        return column
    kind, _, key = name.partition(":")
    if kind in MAPS and key and not _UNNAMEABLE.search(key):
        return cast(func.json_extract(MAPS[kind], f'$."{key}"'), String)
    known = [*COLUMNS, "tag:NAME", "metadata:NAME", *(TIMES if grouped else ())]
    raise ValidationException(f"{name!r} is nothing to {'group' if grouped else 'filter'} by. Use {', '.join(known)}.")


def micros(time: datetime) -> int:
    """As the ledger has times."""
    return round(time.timestamp() * SECOND)


def moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / SECOND, UTC)

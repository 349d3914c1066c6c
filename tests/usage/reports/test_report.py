"""Reports agree with sums that are made another way, for any grouping and filter."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from craton.errors import ValidationException
from craton.usage.ledger import Ledger
from craton.usage.records import Used
from craton.usage.reports.report import Group, report
from craton.usage.reports.selection import Selection
from tests.usage.reports.makers import START, generated, ledger_of

ROWS = generated(2000)
WHOLE = Selection(START, START + timedelta(days=5))


def time(used: Used) -> datetime:
    return datetime.fromtimestamp(used.at, UTC)


VALUES: dict[str, Callable[[Used], str | None]] = {
    "account": lambda used: used.account,
    "key": lambda used: used.key_id,
    "principal": lambda used: used.principal,
    "model": lambda used: used.model,
    "profile": lambda used: used.profile,
    "operation": lambda used: used.operation,
    "tier": lambda used: used.tier,
    "status": lambda used: used.status,
    "region": lambda used: used.region,
    "tag:team": lambda used: used.tags.get("team"),
    "metadata:tenant": lambda used: used.metadata.get("tenant"),
    "metadata:a.b c": lambda used: used.metadata.get("a.b c"),
    "hour": lambda used: time(used).strftime("%Y-%m-%dT%H:00:00Z"),
    "day": lambda used: time(used).strftime("%Y-%m-%d"),
    "month": lambda used: time(used).strftime("%Y-%m"),
}


def summed(rows: Sequence[Used], by: Sequence[str]) -> dict[tuple[object, ...], list[Used]]:
    groups: dict[tuple[object, ...], list[Used]] = defaultdict(list)
    for row in rows:
        groups[*(VALUES[name](row) for name in by), row.currency].append(row)
    return groups


def smallest_not_below(share: int, times: list[int]) -> int:
    """The nearest rank: the smallest time that so many in a hundred do not exceed."""
    return next(each for each in sorted(times) if 100 * sum(other <= each for other in times) >= share * len(times))


def check(group: Group, rows: list[Used]) -> None:
    assert group.invocations == len(rows)
    for name in ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"):
        assert getattr(group.counts, name) == sum(getattr(row.counts, name) for row in rows)
    assert group.cost == sum(row.cost for row in rows)
    assert group.energy == pytest.approx(sum(row.energy for row in rows) / 3.6e6)
    assert group.errors == sum(row.status == "ThrottlingException" for row in rows)
    assert group.cancelled == sum(row.status == "CANCELLED" for row in rows)
    firsts = [row.first_token for row in rows if row.first_token]
    assert group.first_token == (pytest.approx(statistics.mean(firsts)) if firsts else None)
    times = [row.latency for row in rows if row.status == "OK"]
    if times:
        assert group.latency
        told = (group.latency.p50, group.latency.p90, group.latency.p99)
        assert told == tuple(smallest_not_below(share, times) for share in (50, 90, 99))
    else:
        assert group.latency is None


@pytest.mark.parametrize(
    "by",
    [
        *([name] for name in VALUES),
        [],
        ["model", "day"],
        ["account", "key", "tag:team"],
        ["month", "metadata:tenant", "status", "profile"],
        ["hour", "operation"],
    ],
    ids=",".join,
)
async def test_any_grouping(tmp_path: Path, by: list[str]) -> None:
    async with ledger_of(tmp_path, ROWS) as ledger:
        groups = await report(ledger, WHOLE, by)
    expected = summed(ROWS, by)
    assert {(*group.values, group.currency) for group in groups} == expected.keys()
    assert len(groups) == len(expected)
    for group in groups:
        check(group, expected[*group.values, group.currency])


@pytest.mark.parametrize(
    ("selection", "belongs"),
    [
        (Selection(START, WHOLE.end, "111122223333"), lambda row: row.account == "111122223333"),
        (
            Selection(START, WHOLE.end, None, {"model": ["m-1", "m-2"], "tag:team": ["red"]}),
            lambda row: row.model != "m-3" and row.tags.get("team") == "red",
        ),
        (
            Selection(START + timedelta(hours=5), START + timedelta(hours=30), "123456789012", {"status": ["OK"]}),
            lambda row: (
                START.timestamp() + 5 * 3600 <= row.at < START.timestamp() + 30 * 3600
                and row.account == "123456789012"
                and row.status == "OK"
            ),
        ),
        (Selection(START, WHOLE.end, None, {"model": ["none"]}), lambda row: False),
    ],
)
async def test_any_selection(tmp_path: Path, selection: Selection, belongs: Callable[[Used], bool]) -> None:
    async with ledger_of(tmp_path, ROWS) as ledger:
        groups = await report(ledger, selection, ["model"])
    expected = summed([row for row in ROWS if belongs(row)], ["model"])
    assert {(*group.values, group.currency) for group in groups} == expected.keys()
    for group in groups:
        check(group, expected[*group.values, group.currency])


async def test_groups_come_in_order(tmp_path: Path) -> None:
    async with ledger_of(tmp_path, ROWS) as ledger:
        groups = await report(ledger, WHOLE, ["day", "model"])
    keys = [(*group.values, group.currency) for group in groups]
    assert keys == sorted(keys, key=str)


@pytest.mark.parametrize("name", ["modle", "tag:", "tag", 'tag:a"b', "metadata:\\", "hour "])
async def test_what_is_no_dimension_is_named(ledger: Ledger, name: str) -> None:
    with pytest.raises(ValidationException, match=r"nothing to group by\. Use account, key, principal"):
        await report(ledger, WHOLE, [name])


@pytest.mark.parametrize("name", ["hour", "month", "nobody"])
async def test_times_are_no_filter(ledger: Ledger, name: str) -> None:
    with pytest.raises(ValidationException, match="nothing to filter by"):
        await report(ledger, Selection(START, WHOLE.end, None, {name: ["x"]}), [])

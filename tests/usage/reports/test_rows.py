"""Every invocation once, page by page, though many began at the very same time."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from craton.usage.reports import rows
from craton.usage.reports.rows import newest, oldest
from craton.usage.reports.selection import Selection
from tests.usage.reports.makers import START, generated, ledger_of

WHOLE = Selection(START, START + timedelta(days=5))
ROWS = [
    replace(row, at=START.timestamp() + 60.5) if number % 3 == 0 else row for number, row in enumerate(generated(200))
]
IN_ORDER = [row.id for row in sorted(ROWS, key=lambda row: (row.at, row.id))]


@pytest.mark.parametrize("limit", [1, 7, 66, 67, 199, 200, 500])
async def test_newest_first(tmp_path: Path, limit: int) -> None:
    found: list[str] = []
    place: int | None = None
    async with ledger_of(tmp_path, ROWS) as ledger:
        while True:
            page, place = await newest(ledger, WHOLE, limit, place)
            found += [row.id for row in page]
            if place is None:
                break
            assert len(page) == limit
    assert found == IN_ORDER[::-1]


async def test_what_is_new_does_not_shift_the_pages(tmp_path: Path) -> None:
    async with ledger_of(tmp_path, ROWS) as ledger:
        first, place = await newest(ledger, WHOLE, 50, None)
        ledger.add(replace(ROWS[0], id="new", at=WHOLE.end.timestamp() - 1))
        second, _ = await newest(ledger, WHOLE, 50, place)
    assert [row.id for row in [*first, *second]] == IN_ORDER[::-1][:100]


async def test_all_in_the_order_of_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "AT_ONCE", 13)
    async with ledger_of(tmp_path, ROWS) as ledger:
        found = [row.id async for page in oldest(ledger, WHOLE) for row in page]
    assert found == IN_ORDER

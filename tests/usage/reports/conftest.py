"""An empty ledger."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from craton.usage.ledger import Ledger
from tests.usage.reports.makers import ledger_of


@pytest_asyncio.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[Ledger]:
    async with ledger_of(tmp_path, []) as opened:
        yield opened

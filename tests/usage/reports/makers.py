"""Generated invocations, and a ledger that has them."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from craton.usage.ledger import Ledger
from craton.usage.records import Counts, Used
from tests.usage.invocations import used

START = datetime(2026, 10, 30, tzinfo=UTC)
SPAN = 4 * 86400  # seconds: two months, five days
ACCOUNTS = ("123456789012", "111122223333")
MODELS = ("m-1", "m-2", "m-3")


def generated(count: int, seed: int = 7) -> list[Used]:
    """Invocations at whole milliseconds, several at the same time among them, in no order."""
    chance = random.Random(seed)
    made: list[Used] = []
    for number in range(count):
        counts = Counts(chance.randrange(3000), chance.randrange(700), chance.choice((0, 0, 512)), 0)
        failed = chance.random() < 0.2
        tags = {"team": chance.choice(("red", "blue"))} if chance.random() < 0.7 else {}
        made.append(
            used(
                f"i-{number:05}",
                request_id=f"r-{number}",
                at=START.timestamp() + chance.randrange(SPAN) + chance.choice((0.0, 0.0, 0.125)),
                account=chance.choice(ACCOUNTS),
                key_id=chance.choice(("AKIA1", "AKIA2")),
                model=chance.choice(MODELS),
                profile=chance.choice((None, "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/p")),
                operation=chance.choice(("bedrock-runtime.Converse", "bedrock-runtime.ConverseStream")),
                tier=chance.choice(("default", "flex")),
                status=chance.choice(("CANCELLED", "ThrottlingException")) if failed else "OK",
                counts=counts,
                latency=chance.randrange(1, 5000),
                first_token=chance.choice((0, chance.randrange(1, 300))),
                cost=chance.randrange(10**8),
                currency=chance.choice(("USD", "EUR")),
                energy=float(chance.randrange(1000)),
                tags=tags,
                metadata={"tenant": chance.choice("abc"), "a.b c": "1"},
            )
        )
    return made


@asynccontextmanager
async def ledger_of(home: Path, rows: list[Used]) -> AsyncIterator[Ledger]:
    ledger = Ledger.open(home)
    for row in rows:
        ledger.add(row)
    try:
        yield ledger
    finally:
        await ledger.close()

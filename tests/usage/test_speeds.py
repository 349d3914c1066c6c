"""How fast models answer, from what the meter tells of their answers."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from craton.store.documents import Documents
from craton.usage.records import Counts
from craton.usage.speeds import ANSWERS, MEASURING, Speeds
from tests.usage.invocations import used

MODEL = "acme.local-v1:0"


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    store = Documents.open(tmp_path / "home")
    yield store
    await store.close()


def answered(tokens: int = 101, seconds: float = 1.0, first: int = 200, **more: Any) -> Any:
    counts = Counts(10, tokens)
    return used(model=MODEL, counts=counts, first_token=first, latency=first + round(seconds * 1000), **more)


async def test_the_rate_is_that_between_the_first_token_and_the_last(documents: Documents) -> None:
    speeds = Speeds(documents, lambda: "this one")
    assert speeds.of(MODEL) is None
    for seconds, first in ((1.0, 200), (2.0, 300), (4.0, 5000)):
        speeds.used(answered(seconds=seconds, first=first))
    speed = speeds.of(MODEL)
    assert speed
    assert (speed.rate, speed.first_token, speed.answers, speed.asked) == (50.0, 300, 3, True)
    await speeds.close()


@pytest.mark.parametrize(
    "told",
    [
        answered(tokens=15),
        answered(seconds=0.04),
        answered(first=0),
        answered(status="ModelErrorException"),
        answered(estimated=True),
    ],
    ids=["short", "quick", "no first token", "failed", "estimated"],
)
async def test_what_tells_too_little_does_not_count(documents: Documents, told: Any) -> None:
    speeds = Speeds(documents, lambda: "this one")
    speeds.used(told)
    assert speeds.of(MODEL) is None
    await speeds.close()


async def test_the_last_answers_count(documents: Documents) -> None:
    speeds = Speeds(documents, lambda: "this one")
    for seconds in (1.0,) * ANSWERS + (2.0,) * ANSWERS:
        speeds.used(answered(seconds=seconds, operation=MEASURING))
    speed = speeds.of(MODEL)
    assert speed
    assert (speed.rate, speed.answers, speed.asked) == (50.0, ANSWERS, False)
    await speeds.close()


async def test_they_are_kept_for_this_machine(documents: Documents) -> None:
    speeds = Speeds(documents, lambda: "this one")
    speeds.used(answered())
    before = speeds.of(MODEL)
    await speeds.close()
    assert before
    assert Speeds(documents, lambda: "this one").of(MODEL) == before
    other = Speeds(documents, lambda: "another")
    assert other.of(MODEL) is None
    other.used(answered(seconds=2.0))
    await other.close()
    again = Speeds(documents, lambda: "another").of(MODEL)
    assert again
    assert (again.rate, again.answers) == (50.0, 1)

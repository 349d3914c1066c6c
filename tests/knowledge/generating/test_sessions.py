"""Conversations, and whose they are."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from craton.core.context import Context
from craton.errors import ValidationException
from craton.knowledge.generating import sessions
from craton.knowledge.generating.sessions import MOST, SESSION, Exchange, Sessions
from craton.store.documents import Documents

OURS = Context("111111111111", "us-east-1", "arn:aws:iam::111111111111:root", "one")
THEIRS = Context("222222222222", "us-east-1", "arn:aws:iam::222222222222:root", "two")
ELSEWHERE = Context("111111111111", "eu-central-1", "arn:aws:iam::111111111111:root", "three")

Run = Callable[[Callable[[Documents], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def running(work: Callable[[Documents], Coroutine[Any, Any, None]]) -> None:
        async def all_of_it() -> None:
            documents = Documents.open(tmp_path)
            try:
                await work(documents)
            finally:
                await documents.close()

        asyncio.run(all_of_it())

    return running


def test_the_last_exchanges_are_kept(run: Run) -> None:
    async def work(documents: Documents) -> None:
        kept = Sessions(documents)
        name = (await kept.open(OURS, None, None)).id
        for number in range(MOST + 2):
            await kept.add(OURS, name, Exchange(f"question {number}", f"answer {number}"))
        again = await Sessions(documents).open(OURS, name, None)
        assert [each.query for each in again.exchanges] == [f"question {number}" for number in range(2, MOST + 2)]

    run(work)


@pytest.mark.parametrize("ctx", [THEIRS, ELSEWHERE])
def test_nobody_else_has_it(run: Run, ctx: Context) -> None:
    async def work(documents: Documents) -> None:
        kept = Sessions(documents)
        name = (await kept.open(OURS, None, None)).id
        with pytest.raises(ValidationException, match="is not valid"):
            await kept.open(ctx, name, None)
        await kept.add(ctx, name, Exchange("mine?", "no"))
        assert (await kept.open(OURS, name, None)).exchanges == []

    run(work)


def test_one_that_is_over_is_gone_and_taken_away(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(documents: Documents) -> None:
        kept = Sessions(documents)
        old = [(await kept.open(OURS, None, None)).id for _ in range(2)]
        monkeypatch.setattr(sessions, "LIFE", timedelta(0))
        with pytest.raises(ValidationException, match="is not valid"):
            await kept.open(OURS, old[0], None)
        new = (await kept.open(OURS, None, None)).id
        left = await documents.page(OURS.scope, SESSION)
        assert [document.id for document in left.items] == [new]

    run(work)

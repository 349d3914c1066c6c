"""Definitions are kept, and what one process changes the others see when they look."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from craton.errors import ResourceNotFoundException, ServiceQuotaExceededException
from craton.store.documents import Documents
from craton.usage.limits import definitions as module
from craton.usage.limits.definitions import Definitions
from craton.usage.quotas.records import KIND, Quota, read
from tests.usage.limits.makers import ACCOUNT, OTHER

BODY = {"appliesTo": {"account": ACCOUNT}, "requestsPerMinute": 1}


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


def opened(documents: Documents) -> tuple[Definitions[Quota], list[str]]:
    changes: list[str] = []
    return Definitions(documents, KIND, read, lambda: changes.append("changed")), changes


async def test_what_another_process_changes_is_seen(documents: Documents, tmp_path: Path) -> None:
    elsewhere = Documents.open(tmp_path)
    (here, changes), (there, _) = opened(documents), opened(elsewhere)
    assert await here.load() and not await here.load()
    await there.put(ACCOUNT, "a", BODY)
    assert await here.load() and not await here.load()
    assert [quota.name for quota in here.all] == ["a"]
    await there.put(ACCOUNT, "a", {**BODY, "requestsPerMinute": 7})
    assert await here.load()
    assert [quota.requests_per_minute for quota in here.all] == [7]
    await there.delete(ACCOUNT, "a")
    assert await here.load()
    assert list(here.all) == []
    assert len(changes) == 4
    await elsewhere.close()


async def test_emptying_the_store_is_seen_too(documents: Documents) -> None:
    here, _ = opened(documents)
    await here.put(ACCOUNT, "a", BODY)
    await documents.empty()
    await here.load()
    assert list(here.all) == []
    await here.put(ACCOUNT, "a", BODY)
    assert len(here.all) == 1


async def test_names_are_each_accounts_own(documents: Documents) -> None:
    here, _ = opened(documents)
    await here.put(ACCOUNT, "a", BODY)
    await here.put(OTHER, "a", {**BODY, "requestsPerMinute": 2})
    with pytest.raises(ResourceNotFoundException, match="'b'"):
        await here.delete(ACCOUNT, "b")
    await here.delete(ACCOUNT, "a")
    assert here.find(ACCOUNT, "a") is None
    assert here.find(OTHER, "a") is not None


async def test_an_account_may_have_so_many(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    here, _ = opened(documents)
    for name in ("a", "b"):
        await here.put(ACCOUNT, name, BODY)
    with pytest.raises(ServiceQuotaExceededException, match="2 quotas"):
        await here.put(ACCOUNT, "c", BODY)
    await here.put(ACCOUNT, "b", BODY)
    await here.put(OTHER, "c", BODY)

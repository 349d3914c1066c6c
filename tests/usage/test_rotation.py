"""A limit follows the key that it names, and knows the ones that were replaced as long as they can count."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from craton.store.documents import Documents
from craton.usage.limits.definitions import Definitions
from craton.usage.quotas.records import KIND, Quota, read
from craton.usage.rotation import hand_over
from tests.usage.limits.makers import ACCOUNT, OPERATOR, OTHER


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


def opened(documents: Documents) -> Definitions[Quota]:
    return Definitions(documents, KIND, read, lambda: None)


def body(account: str, key: str) -> dict[str, object]:
    return {"appliesTo": {"account": account, "keyId": key}, "requestsPerMinute": 1}


async def rotate(documents: Documents, old: str, new: str, ends: datetime | None = None) -> None:
    until = ends or datetime.now(UTC)
    await documents.transaction(lambda t: hand_over(t, ACCOUNT, old, new, until))


async def test_only_what_is_about_the_key_and_its_account_follows(documents: Documents) -> None:
    quotas = opened(documents)
    await quotas.put(ACCOUNT, "own", body(ACCOUNT, "AKIA1"))
    await quotas.put(OPERATOR, "operator's", body("*", "AKIA1"))
    await quotas.put(ACCOUNT, "of another key", body(ACCOUNT, "AKIA2"))
    await quotas.put(OTHER, "of an account that guesses", body(OTHER, "AKIA1"))
    await rotate(documents, "AKIA1", "AKIA3")
    assert await quotas.load()
    assert [quota.subject.key for quota in quotas.all] == ["AKIA3", "AKIA3", "AKIA2", "AKIA1"]
    assert [set(quota.subject.replaced) for quota in quotas.all] == [{"AKIA1"}, {"AKIA1"}, set(), set()]


async def test_where_no_limit_names_the_key_no_process_has_to_look(documents: Documents) -> None:
    quotas = opened(documents)
    await quotas.put(ACCOUNT, "q", body(ACCOUNT, "AKIA2"))
    await rotate(documents, "AKIA1", "AKIA3")
    assert not await quotas.load()


async def test_keys_that_ended_before_this_month_are_forgotten(documents: Documents) -> None:
    quotas = opened(documents)
    await quotas.put(ACCOUNT, "q", body(ACCOUNT, "AKIA1"))
    await rotate(documents, "AKIA1", "AKIA2", datetime.now(UTC) - timedelta(days=32))
    await rotate(documents, "AKIA2", "AKIA3")
    await rotate(documents, "AKIA3", "AKIA4")
    await quotas.load()
    ((key, replaced),) = [(quota.subject.key, set(quota.subject.replaced)) for quota in quotas.all]
    assert (key, replaced) == ("AKIA4", {"AKIA2", "AKIA3"})


async def test_who_changes_it_need_not_have_heard_of_the_rotation(documents: Documents) -> None:
    quotas = opened(documents)
    await quotas.put(ACCOUNT, "q", body(ACCOUNT, "AKIA1"))
    await rotate(documents, "AKIA1", "AKIA2")
    for named in ("AKIA1", "AKIA2"):
        made = await quotas.put(ACCOUNT, "q", {**body(ACCOUNT, named), "requestsPerMinute": 5})
        assert (made.subject.key, made.subject.replaced, made.requests_per_minute) == ("AKIA2", {"AKIA1"}, 5)
    made = await quotas.put(ACCOUNT, "q", body(ACCOUNT, "AKIA9"))
    assert (made.subject.key, made.subject.replaced) == ("AKIA9", frozenset())

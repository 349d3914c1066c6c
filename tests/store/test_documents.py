"""Documents as slices use them: what goes in comes out, and what others do meanwhile does no harm."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from craton.errors import ConflictException, ResourceNotFoundException, TooManyTagsException, ValidationException
from craton.store import transaction
from craton.store.documents import Document, Documents, Scope, Transaction

ARN = "arn:aws:bedrock:us-east-1:123456789012:guardrail/g1"
OTHER_SCOPES = [
    Scope("999999999999", "us-east-1"),
    Scope("123456789012", "eu-central-1"),
    Scope("us-east-1", "123456789012"),
]


# Bodies


async def test_a_document_comes_back_as_it_was_made(documents: Documents, here: Scope) -> None:
    now = datetime.now(UTC)
    body = {"name": "Größe", "at": now, "raw": b"\x00\xff", "n": [1, 2.5, None, True], "deep": {"": [{}]}, "big": 2**63}
    made = await documents.create(here, "guardrail", "g1", body, parent="p", arn=ARN)
    assert made == await documents.get(here, "guardrail", "g1")
    assert made.body == body
    assert (made.kind, made.id, made.version, made.revision, made.parent, made.arn) == (
        "guardrail",
        "g1",
        "DRAFT",
        1,
        "p",
        ARN,
    )
    assert now <= made.created_at == made.updated_at <= datetime.now(UTC)


def test_a_time_of_any_zone_keeps_its_instant() -> None:
    noon = datetime(2026, 1, 1, 12, 0, 0, 123456, timezone(timedelta(hours=2)))
    assert msgpack.decode(msgpack.encode(noon)) == noon


def test_more_than_64_bits_are_refused_with_advice() -> None:
    with pytest.raises(ValidationException, match="send it as a string"):
        transaction._encode({"n": 2**70})


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**64 - 1)
        | st.floats(allow_nan=False)
        | st.text()
        | st.binary()
        | st.datetimes(timezones=st.just(UTC)),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_every_value_of_an_aws_shape_survives(value: Any) -> None:
    assert transaction._decode(transaction._encode({"value": value})) == {"value": value}


async def test_a_document_survives_a_restart(tmp_path: Path, here: Scope) -> None:
    documents = Documents.open(tmp_path)
    made = await documents.create(here, "prompt", "p1", {"a": 1})
    first = await documents.page(here, "prompt", limit=1)
    await documents.create(here, "prompt", "p2", {})
    token = (await documents.page(here, "prompt", limit=1)).next_token
    await documents.close()
    documents = Documents.open(tmp_path)
    assert await documents.get(here, "prompt", "p1") == made == first.items[0]
    assert [item.id for item in (await documents.page(here, "prompt", token=token)).items] == ["p2"]
    await documents.close()


# Finding


async def test_what_is_missing_is_said_to_be(documents: Documents, here: Scope) -> None:
    assert await documents.find(here, "guardrail", "g1") is None
    with pytest.raises(ResourceNotFoundException, match="The guardrail 'g1' does not exist"):
        await documents.get(here, "guardrail", "g1")
    for change in (
        documents.replace(here, "guardrail", "g1", {}),
        documents.delete(here, "guardrail", "g1"),
        documents.publish(here, "guardrail", "g1"),
        documents.tag(here, ARN, {"a": "b"}),
        documents.untag(here, ARN, ["a"]),
        documents.tags(here, ARN),
    ):
        with pytest.raises(ResourceNotFoundException):
            await change


@pytest.mark.parametrize("elsewhere", OTHER_SCOPES)
async def test_another_account_or_region_sees_and_changes_nothing(
    documents: Documents, here: Scope, elsewhere: Scope
) -> None:
    await documents.create(here, "guardrail", "g1", {"n": 1}, arn=ARN, unique={"name": "mine"}, tags={"a": "b"})
    await documents.publish(here, "guardrail", "g1")
    await documents.once(here, "Create", "token", {}, _answer({"id": "g1"}))

    assert await documents.find(elsewhere, "guardrail", "g1") is None
    assert await documents.find(elsewhere, "guardrail", "g1", version="1") is None
    assert await documents.named(elsewhere, "guardrail", "name", "mine") is None
    assert await documents.at(elsewhere, ARN) is None
    assert (await documents.page(elsewhere, "guardrail")).items == []
    assert (await documents.page(elsewhere, "guardrail", versions_of="g1")).items == []
    assert await documents.once(elsewhere, "Create", "token", {"other": 1}, _answer({"id": "x"})) == {"id": "x"}
    for change in (
        documents.replace(elsewhere, "guardrail", "g1", {}),
        documents.delete(elsewhere, "guardrail", "g1"),
        documents.publish(elsewhere, "guardrail", "g1"),
        documents.tag(elsewhere, ARN, {"a": "c"}),
        documents.tags(elsewhere, ARN),
    ):
        with pytest.raises(ResourceNotFoundException):
            await change

    await documents.create(elsewhere, "guardrail", "g1", {"n": 2}, arn=ARN, unique={"name": "mine"})
    await documents.delete(elsewhere, "guardrail", "g1")
    assert (await documents.get(here, "guardrail", "g1")).body == {"n": 1}
    assert await documents.tags(here, ARN) == {"a": "b"}


# Names, revisions and versions


async def test_a_name_belongs_to_one_document_until_it_is_gone(documents: Documents, here: Scope) -> None:
    await documents.create(here, "guardrail", "g1", {}, unique={"name": "mine"})
    with pytest.raises(ConflictException, match="Another guardrail has the name 'mine'"):
        await documents.create(here, "guardrail", "g2", {}, unique={"name": "mine"})
    assert await documents.find(here, "guardrail", "g2") is None
    await documents.create(here, "prompt", "p1", {}, unique={"name": "mine"})

    await documents.replace(here, "guardrail", "g1", {}, unique={"name": "new"})
    await documents.create(here, "guardrail", "g2", {}, unique={"name": "mine"})
    with pytest.raises(ConflictException):
        await documents.replace(here, "guardrail", "g1", {"changed": True}, unique={"name": "mine"})
    named = await documents.named(here, "guardrail", "name", "new")
    assert named is not None
    assert (named.id, named.body) == ("g1", {})

    await documents.delete(here, "guardrail", "g2")
    await documents.create(here, "guardrail", "g3", {}, unique={"name": "mine"})


async def test_an_id_and_an_arn_are_given_once(documents: Documents, here: Scope) -> None:
    await documents.create(here, "guardrail", "g1", {}, arn=ARN)
    with pytest.raises(ConflictException, match="The guardrail 'g1' exists already"):
        await documents.create(here, "guardrail", "g1", {})
    with pytest.raises(ConflictException):
        await documents.create(here, "guardrail", "g2", {}, arn=ARN)


async def test_a_change_made_from_an_old_revision_is_refused(documents: Documents, here: Scope) -> None:
    made = await documents.create(here, "agent", "a1", {"n": 0})
    changed = await documents.replace(here, "agent", "a1", {"n": 1}, expect=made.revision)
    assert (changed.revision, changed.created_at) == (2, made.created_at)
    assert changed.updated_at >= made.updated_at
    with pytest.raises(ConflictException, match="read it again"):
        await documents.replace(here, "agent", "a1", {"n": 2}, expect=made.revision)
    with pytest.raises(ConflictException):
        await documents.delete(here, "agent", "a1", expect=made.revision)
    assert (await documents.get(here, "agent", "a1")).body == {"n": 1}


async def test_published_versions_are_numbered_and_stay_as_they_were(documents: Documents, here: Scope) -> None:
    await documents.create(here, "prompt", "p1", {"text": "a"}, arn=ARN)
    first = await documents.publish(here, "prompt", "p1")
    await documents.replace(here, "prompt", "p1", {"text": "b"})
    second = await documents.publish(here, "prompt", "p1", arn=lambda version: f"{ARN}:{version}", tags={"v": "2"})
    assert (first.version, first.body, first.arn) == ("1", {"text": "a"}, "")
    assert (second.version, second.body, second.arn) == ("2", {"text": "b"}, f"{ARN}:2")
    assert await documents.get(here, "prompt", "p1", version="1") == first
    assert await documents.at(here, f"{ARN}:2") == second

    versions = await documents.page(here, "prompt", versions_of="p1")
    assert [item.version for item in versions.items] == ["DRAFT", "1", "2"]
    assert [item.version for item in (await documents.page(here, "prompt")).items] == ["DRAFT"]

    await documents.delete(here, "prompt", "p1", version="2")
    with pytest.raises(ResourceNotFoundException, match="version '2' of the prompt 'p1'"):
        await documents.get(here, "prompt", "p1", version="2")
    with pytest.raises(ResourceNotFoundException):
        await documents.tags(here, f"{ARN}:2")
    assert (await documents.publish(here, "prompt", "p1", body={"own": 1})).version == "3"
    await documents.delete(here, "prompt", "p1")
    assert (await documents.page(here, "prompt", versions_of="p1")).items == []


@pytest.mark.parametrize("version", ["0", "01", "-1", "+1", " 1", "1_0", "", "draft", "²", "१", "9" * 30])
async def test_what_is_no_version_number_is_not_found(documents: Documents, here: Scope, version: str) -> None:
    await documents.create(here, "prompt", "p1", {})
    for _ in range(11):
        await documents.publish(here, "prompt", "p1")
    assert await documents.find(here, "prompt", "p1", version=version) is None


# Tags


async def test_tags_go_with_their_resource(documents: Documents, here: Scope) -> None:
    await documents.create(here, "guardrail", "g1", {}, arn=ARN, tags={"b": "1", "a": "2"})
    await documents.tag(here, ARN, {"b": "3", "c": ""})
    assert list((await documents.tags(here, ARN)).items()) == [("a", "2"), ("b", "3"), ("c", "")]
    await documents.untag(here, ARN, ["a", "never there"])
    assert await documents.tags(here, ARN) == {"b": "3", "c": ""}
    await documents.delete(here, "guardrail", "g1")
    await documents.create(here, "guardrail", "g1", {}, arn=ARN)
    assert await documents.tags(here, ARN) == {}


async def test_tags_have_limits_and_a_refused_change_changes_nothing(documents: Documents, here: Scope) -> None:
    fifty = {f"k{n}": "v" for n in range(50)}
    await documents.create(here, "guardrail", "g1", {}, arn=ARN, tags=fifty)
    await documents.tag(here, ARN, {"k1": "new"})
    with pytest.raises(TooManyTagsException, match="more than 50 tags"):
        await documents.tag(here, ARN, {"k2": "new", "one more": "v"})
    with pytest.raises(ValidationException, match="reserved"):
        await documents.tag(here, ARN, {"k3": "new", "AWS:x": "v"})
    assert await documents.tags(here, ARN) == fifty | {"k1": "new"}
    with pytest.raises(TooManyTagsException):
        await documents.create(here, "guardrail", "g2", {}, arn=ARN + "2", tags=fifty | {"x": ""})
    assert await documents.find(here, "guardrail", "g2") is None


# Pages


async def _walk(documents: Documents, here: Scope, **options: Any) -> list[str]:
    found: list[str] = []
    token = None
    while True:
        page = await documents.page(here, "agent", token=token, **options)
        found += [item.id for item in page.items]
        if page.next_token is None:
            return found
        assert len(page.items) == options["limit"]
        token = page.next_token


@pytest.fixture
async def agents(documents: Documents, here: Scope) -> list[str]:
    ids = [f"a{n}" for n in (5, 3, 9, 1, 7, 2)]
    for n, name in enumerate(ids):
        await documents.create(here, "agent", name, {"even": n % 2 == 0}, parent=f"p{n % 2}")
    await documents.create(here, "prompt", "other", {})
    return ids


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 1000])
async def test_pages_hold_everything_once_in_order_of_creation(
    documents: Documents, here: Scope, agents: list[str], limit: int
) -> None:
    assert await _walk(documents, here, limit=limit) == agents
    assert await _walk(documents, here, limit=limit, descending=True) == agents[::-1]
    assert await _walk(documents, here, limit=limit, parent="p1") == agents[1::2]
    assert await _walk(documents, here, limit=limit, where=lambda agent: agent.body["even"]) == agents[::2]


async def test_a_filter_reads_on_until_the_page_is_full(documents: Documents, here: Scope) -> None:
    def fill(t: Transaction) -> None:
        for n in range(1000):
            t.create(here, "agent", f"a{n}", {"n": n})

    await documents.transaction(fill)
    rare = lambda agent: agent.body["n"] % 300 == 299  # noqa: E731
    assert await _walk(documents, here, limit=1, where=rare) == ["a299", "a599", "a899"]
    assert await _walk(documents, here, limit=2, where=rare, descending=True) == ["a899", "a599", "a299"]


async def test_a_token_survives_what_is_made_and_deleted_meanwhile(
    documents: Documents, here: Scope, agents: list[str]
) -> None:
    page = await documents.page(here, "agent", limit=2)
    await documents.delete(here, "agent", agents[1])  # the last one seen
    await documents.delete(here, "agent", agents[2])  # the next one
    await documents.delete(here, "agent", agents[5])  # the newest: its place must not be taken again
    await documents.create(here, "agent", "late", {})
    rest = await documents.page(here, "agent", token=page.next_token)
    assert [item.id for item in rest.items] == [agents[3], agents[4], "late"]


async def test_a_token_after_the_newest_still_sees_what_comes(documents: Documents, here: Scope) -> None:
    for name in ("a", "b"):
        await documents.create(here, "agent", name, {})
    token = (await documents.page(here, "agent", limit=1)).next_token
    await documents.delete(here, "agent", "a")
    await documents.delete(here, "agent", "b")
    await documents.create(here, "agent", "c", {})
    assert [item.id for item in (await documents.page(here, "agent", token=token)).items] == ["c"]


async def test_a_token_serves_only_its_own_list(documents: Documents, here: Scope, agents: list[str]) -> None:
    token = (await documents.page(here, "agent", limit=2)).next_token
    assert token is not None
    for scope, kind, options in (
        *((scope, "agent", {}) for scope in OTHER_SCOPES),
        (here, "prompt", {}),
        (here, "agent", {"parent": "p1"}),
        (here, "agent", {"versions_of": "a1"}),
        (here, "agent", {"descending": True}),
    ):
        with pytest.raises(ValidationException, match="nextToken"):
            await documents.page(scope, kind, token=token, **options)


# Once


def _answer(answer: dict[str, Any], calls: list[int] | None = None) -> Any:
    async def make() -> dict[str, Any]:
        if calls is not None:
            calls.append(1)
        await asyncio.sleep(0)
        return answer

    return make


async def test_the_same_request_is_done_once(documents: Documents, here: Scope) -> None:
    calls: list[int] = []
    answer = {"id": "g1", "createdAt": datetime.now(UTC)}
    request = {"name": "n", "tags": [{"key": "a", "value": "b"}]}
    same = {"tags": [{"value": "b", "key": "a"}], "name": "n"}
    answers = await asyncio.gather(
        *(documents.once(here, "Create", "t", sent, _answer(answer, calls)) for sent in (request, same) * 10)
    )
    assert answers == [answer] * 20
    assert len(calls) == 1


async def test_the_same_token_with_another_request_is_a_conflict(documents: Documents, here: Scope) -> None:
    await documents.once(here, "Create", "t", {"name": "n"}, _answer({"id": "1"}))
    with pytest.raises(ConflictException, match="clientToken 't'"):
        await documents.once(here, "Create", "t", {"name": "m"}, _answer({"id": "2"}))
    assert await documents.once(here, "Delete", "t", {"name": "m"}, _answer({"id": "3"})) == {"id": "3"}


async def test_without_a_token_each_request_counts(documents: Documents, here: Scope) -> None:
    calls: list[int] = []
    for _ in range(2):
        await documents.once(here, "Create", None, {}, _answer({}, calls))
    assert len(calls) == 2


async def test_a_failed_request_may_be_tried_again(documents: Documents, here: Scope) -> None:
    async def fail() -> dict[str, Any]:
        raise ConflictException("No.")

    with pytest.raises(ConflictException, match="No"):
        await documents.once(here, "Create", "t", {}, fail)
    assert await documents.once(here, "Create", "t", {}, _answer({"id": "1"})) == {"id": "1"}


async def test_answers_outlive_the_process_for_a_day(
    tmp_path: Path, here: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = Documents.open(tmp_path)
    await documents.once(here, "Create", "t", {}, _answer({"id": "1"}))
    await documents.close()
    documents = Documents.open(tmp_path)
    assert await documents.once(here, "Create", "t", {}, _answer({"id": "2"})) == {"id": "1"}
    tomorrow = transaction._now() + transaction._DAY
    monkeypatch.setattr(transaction, "_now", lambda: tomorrow)
    assert await documents.once(here, "Create", "t", {}, _answer({"id": "3"})) == {"id": "3"}
    assert await documents.once(here, "Create", "t", {}, _answer({"id": "4"})) == {"id": "3"}
    await documents.close()


async def test_once_in_a_transaction_keeps_work_and_answer_together(documents: Documents, here: Scope) -> None:
    def make(t: Transaction) -> dict[str, Any]:
        return {"id": t.create(here, "agent", "a1", {}).id}

    for _ in range(2):
        assert await documents.transaction(lambda t: t.once(here, "Create", "t", {}, make)) == {"id": "a1"}


# Transactions and emptying


async def test_a_transaction_is_done_whole_or_not_at_all(documents: Documents, here: Scope) -> None:
    def fail(t: Transaction) -> None:
        t.create(here, "agent", "a1", {})
        assert t.get(here, "agent", "a1")
        raise ValidationException("Stop.")

    with pytest.raises(ValidationException, match="Stop"):
        await documents.transaction(fail)
    assert await documents.find(here, "agent", "a1") is None


async def test_concurrent_changes_in_transactions_are_all_counted(documents: Documents, here: Scope) -> None:
    await documents.create(here, "counter", "c", {"n": 0})

    def count(t: Transaction) -> Document:
        return t.replace(here, "counter", "c", {"n": t.get(here, "counter", "c").body["n"] + 1})

    await asyncio.gather(*(documents.transaction(count) for _ in range(200)))
    assert (await documents.get(here, "counter", "c")).body == {"n": 200}


async def test_emptying_leaves_only_what_is_to_be_kept(documents: Documents, here: Scope) -> None:
    await documents.create(here, "key", "k", {}, arn="arn:kept", unique={"name": "n"}, tags={"a": "b"})
    await documents.create(here, "agent", "a", {}, arn=ARN, unique={"name": "n"}, tags={"a": "b"})
    await documents.once(here, "Create", "t", {}, _answer({"id": "1"}))
    await documents.empty(keep=["key"])
    assert await documents.find(here, "agent", "a") is None
    assert await documents.named(here, "key", "name", "n") is not None
    assert await documents.tags(here, "arn:kept") == {"a": "b"}
    assert await documents.once(here, "Create", "t", {}, _answer({"id": "2"})) == {"id": "2"}
    await documents.create(here, "agent", "a", {}, arn=ARN, unique={"name": "n"})
    assert await documents.tags(here, ARN) == {}
    await documents.empty()
    assert await documents.find(here, "key", "k") is None

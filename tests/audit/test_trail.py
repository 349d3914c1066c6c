"""The audit trail: a record for each change, in the change's own transaction; no change of it goes unseen."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from craton.audit import events
from craton.audit.events import Act
from craton.audit.trail import Event, Trail, Wanted, Witnessed, attending
from craton.errors import ConflictException
from craton.store import chain
from craton.store.documents import Documents, Scope, Transaction

ACCOUNT, OTHER = "123456789012", "111122223333"
PLACE = Scope(ACCOUNT, "us-east-1")


def act(name: str = "CreateThing", account: str = ACCOUNT, **parameters: object) -> Act:
    identity = events.caller(f"arn:aws:iam::{account}:user/ada", account, "AKIA")
    return Act("bedrock", name, account, "us-east-1", identity, "a-request", parameters)


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def trail(documents: Documents) -> Trail:
    return Trail(documents)


async def listed(trail: Trail, account: str = ACCOUNT, wanted: Wanted | None = None) -> list[Event]:
    return (await trail.page(account, wanted or Wanted(), 1000, None))[0]


async def make(trail: Trail, documents: Documents, id: str, account: str = ACCOUNT) -> Witnessed:
    witnessed = Witnessed(act(account=account, name="CreateThing", id=id))
    async with trail.of(witnessed):
        await documents.create(Scope(account, "us-east-1"), "thing", id, {}, arn=f"arn:{account}:{id}")
    return witnessed


class TestRecords:
    async def test_a_change_is_told_with_what_it_changed(self, trail: Trail, documents: Documents) -> None:
        witnessed = await make(trail, documents, "one")
        (event,) = await listed(trail)
        told = event.event
        assert event.hash == witnessed.hash
        assert told["eventName"] == "CreateThing"
        assert told["eventSource"] == "bedrock.amazonaws.com"
        assert told["recipientAccountId"] == ACCOUNT
        assert told["requestParameters"] == {"id": "one"}
        assert told["resources"] == [{"accountId": ACCOUNT, "type": "thing", "ARN": f"arn:{ACCOUNT}:one"}]
        assert told["userIdentity"] == {
            "type": "IAMUser",
            "principalId": "ada",
            "userName": "ada",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/ada",
            "accountId": ACCOUNT,
            "accessKeyId": "AKIA",
        }
        assert "errorCode" not in told

    async def test_a_refused_change_is_told_with_its_code(self, trail: Trail, documents: Documents) -> None:
        await make(trail, documents, "one")
        with pytest.raises(ConflictException):
            await make(trail, documents, "one")
        refused, _ = await listed(trail)
        assert refused.event["errorCode"] == "ConflictException"
        assert refused.event["resources"] == []

    async def test_a_change_that_fails_later_has_both_records(self, trail: Trail, documents: Documents) -> None:
        with pytest.raises(ConflictException):
            async with trail.of(Witnessed(act())):
                await documents.create(PLACE, "thing", "one", {})
                raise ConflictException("Too late.")
        failed, changed = await listed(trail)
        assert (failed.event["errorCode"], "errorCode" in changed.event) == ("ConflictException", False)

    async def test_each_step_of_a_change_has_one(self, trail: Trail, documents: Documents) -> None:
        async with trail.of(Witnessed(act())):
            await documents.create(PLACE, "thing", "one", {})
            await documents.create(PLACE, "thing", "two", {})
        assert [event.event["resources"][0]["id"] for event in await listed(trail)] == ["two", "one"]  # type: ignore[index]

    async def test_what_changes_nothing_is_told_all_the_same(self, trail: Trail) -> None:
        async with trail.of(Witnessed(act("DeleteNothing"))):
            pass
        (event,) = await listed(trail)
        assert event.event["eventName"] == "DeleteNothing"

    async def test_what_outlives_its_call_is_no_longer_told(self, trail: Trail, documents: Documents) -> None:
        begin = asyncio.Event()

        async def work() -> None:
            await begin.wait()
            await documents.create(PLACE, "thing", "later", {})

        async with trail.of(Witnessed(act())):
            task = asyncio.create_task(work())
        begin.set()
        await task
        (event,) = await listed(trail)
        assert event.event["resources"] == []

    async def test_reads_beside_a_witness_are_not_told(self, trail: Trail, documents: Documents) -> None:
        with attending(Witnessed(act())):
            await documents.transaction(lambda t: t.find(PLACE, "thing", "one"))
        assert await listed(trail) == []

    async def test_a_change_that_cannot_be_written_has_no_record(self, trail: Trail, documents: Documents) -> None:
        def fail(t: Transaction) -> None:
            t.create(PLACE, "thing", "one", {})
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            async with trail.of(Witnessed(act())):
                await documents.transaction(fail)
        assert await listed(trail) == []
        assert await documents.find(PLACE, "thing", "one") is None

    async def test_many_at_once_make_one_chain(self, trail: Trail, documents: Documents) -> None:
        await asyncio.gather(*(make(trail, documents, f"thing-{number}") for number in range(200)))
        verdict = await trail.verify()
        assert (verdict.events, verdict.fault) == (200, None)

    async def test_two_processes_make_one_chain(self, trail: Trail, documents: Documents, tmp_path: Path) -> None:
        other = Documents.open(tmp_path)
        try:
            theirs = Trail(other)
            await asyncio.gather(
                *(make(trail, documents, f"ours-{number}") for number in range(50)),
                *(make(theirs, other, f"theirs-{number}") for number in range(50)),
            )
            assert (await theirs.verify()).events == 100
            assert (await trail.verify()).fault is None
        finally:
            await other.close()


class TestLists:
    async def test_an_account_sees_its_own(self, trail: Trail, documents: Documents) -> None:
        await make(trail, documents, "mine")
        await make(trail, documents, "theirs", account=OTHER)
        (mine,) = await listed(trail)
        assert mine.event["requestParameters"] == {"id": "mine"}
        assert (await trail.verify(ACCOUNT)).events == 1

    async def test_pages_go_on_where_they_were(self, trail: Trail, documents: Documents) -> None:
        for number in range(7):
            await make(trail, documents, str(number))
        first, place = await trail.page(ACCOUNT, Wanted(), 3, None)
        await make(trail, documents, "late")
        second, place = await trail.page(ACCOUNT, Wanted(), 3, place)
        third, end = await trail.page(ACCOUNT, Wanted(), 3, place)
        ids = [event.event["requestParameters"]["id"] for event in (*first, *second, *third)]  # type: ignore[index]
        assert ids == ["6", "5", "4", "3", "2", "1", "0"]
        assert end is None

    async def test_only_what_is_wanted(self, trail: Trail, documents: Documents) -> None:
        await make(trail, documents, "one")
        async with trail.of(Witnessed(act("DeleteThing"))):
            pass
        (deleted,) = await listed(trail, wanted=Wanted(name="DeleteThing"))
        assert deleted.event["eventName"] == "DeleteThing"
        assert len(await listed(trail, wanted=Wanted(principal=f"arn:aws:iam::{ACCOUNT}:user/ada"))) == 2
        assert await listed(trail, wanted=Wanted(principal=f"arn:aws:iam::{ACCOUNT}:root")) == []
        assert await listed(trail, wanted=Wanted(since=deleted.time.replace(year=2100))) == []
        assert await listed(trail, wanted=Wanted(until=deleted.time)) == []


CHANGE = "UPDATE chain SET record = CAST(replace(CAST(record AS TEXT), 'ada', 'eve') AS BLOB) WHERE sequence = 3"
SWAP = """
    UPDATE chain SET sequence = -3 WHERE sequence = 3;
    UPDATE chain SET sequence = 3 WHERE sequence = 4;
    UPDATE chain SET sequence = 4 WHERE sequence = -3
"""
INSERT = """
    UPDATE chain SET sequence = -sequence WHERE sequence > 3;
    UPDATE chain SET sequence = 1 - sequence WHERE sequence < 0;
    INSERT INTO chain SELECT 4, account, at, record, hash FROM chain WHERE sequence = 2
"""
REMOVE = """
    DELETE FROM chain WHERE sequence = 3;
    UPDATE chain SET sequence = sequence - 1 WHERE sequence > 3
"""
MOVE = f"UPDATE chain SET account = '{OTHER}' WHERE sequence = 3"
FIRST = "DELETE FROM chain WHERE sequence = 1; UPDATE chain SET sequence = sequence - 1"
TAIL = "DELETE FROM chain WHERE sequence > 4"
BEFORE = "INSERT INTO chain SELECT 0, account, at, record, hash FROM chain WHERE sequence = 2"
FAR_BEFORE = "INSERT INTO chain SELECT -7, account, at, record, hash FROM chain WHERE sequence = 2"
TEXT = "UPDATE chain SET record = CAST(record AS TEXT) WHERE sequence = 3"


class TestTampering:
    @pytest.fixture
    async def kept(self, trail: Trail, documents: Documents) -> str:
        """The head that was kept elsewhere, of a trail of six records."""
        for number in range(6):
            await make(trail, documents, str(number))
        head = await trail.head()
        assert head
        return head

    @pytest.fixture
    def tamper(self, tmp_path: Path) -> Callable[[str], None]:
        def run(script: str) -> None:
            with sqlite3.connect(tmp_path / "craton.db") as connection:
                connection.executescript(script)
            connection.close()

        return run

    async def test_an_untouched_trail_is_whole(self, documents: Documents, kept: str) -> None:
        verdict = await Trail(documents).verify(head=kept)
        assert (verdict.events, verdict.head, verdict.fault) == (6, kept, None)

    @pytest.mark.parametrize("script", [CHANGE, SWAP, INSERT, REMOVE, MOVE, FIRST, BEFORE, FAR_BEFORE, TEXT])
    async def test_a_change_is_found(
        self, documents: Documents, kept: str, tamper: Callable[[str], None], script: str
    ) -> None:
        tamper(script)
        verdict = await Trail(documents).verify()
        assert verdict.fault
        assert "record" in verdict.fault

    @pytest.mark.parametrize("place", [0, -7])
    async def test_what_was_put_before_the_first_is_not_listed(
        self, documents: Documents, kept: str, tamper: Callable[[str], None], place: int
    ) -> None:
        tamper(f"INSERT INTO chain SELECT {place}, account, at, record, hash FROM chain WHERE sequence = 2")
        assert [event.sequence for event in await listed(Trail(documents))] == [6, 5, 4, 3, 2, 1]

    @pytest.mark.parametrize("record", [b"nothing", b"{}", b"[1]"])
    async def test_what_is_no_record_is_found_though_it_is_sealed_well(
        self, documents: Documents, kept: str, tamper: Callable[[str], None], record: bytes
    ) -> None:
        last = documents.look(chain.head)
        assert last
        sealed = chain.seal(last.hash, record)
        values = f"7, '{ACCOUNT}', 0, x'{record.hex()}', x'{sealed.hex()}'"
        tamper(f"INSERT INTO chain (sequence, account, at, record, hash) VALUES ({values})")
        assert "record 7" in str((await Trail(documents).verify()).fault)

    async def test_a_cut_tail_is_found_with_a_head_kept_elsewhere(
        self, documents: Documents, kept: str, tamper: Callable[[str], None]
    ) -> None:
        tamper(TAIL)
        assert (await Trail(documents).verify()).fault is None
        assert "cut off" in str((await Trail(documents).verify(head=kept)).fault)

    async def test_a_cut_tail_is_found_by_the_server_that_runs(
        self, trail: Trail, kept: str, tamper: Callable[[str], None]
    ) -> None:
        tamper(TAIL)
        assert "cut off" in str((await trail.verify()).fault)

    async def test_a_trail_made_anew_is_found(
        self, documents: Documents, trail: Trail, kept: str, tamper: Callable[[str], None]
    ) -> None:
        tamper("DELETE FROM chain")
        forged = Trail(documents)
        for _ in range(6):
            async with forged.of(Witnessed(act("Innocent"))):
                pass
        assert (await forged.verify()).fault is None
        assert (await forged.verify(head=kept)).fault
        assert "replaced" in str((await trail.verify()).fault)


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (f"arn:aws:iam::{ACCOUNT}:root", {"type": "Root", "principalId": ACCOUNT}),
        (f"arn:aws:iam::{ACCOUNT}:user/ada", {"type": "IAMUser", "userName": "ada"}),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/ada", {"type": "AssumedRole", "principalId": "ops:ada"}),
    ],
)
def test_who_called_is_told_as_cloudtrail_does(principal: str, expected: dict[str, Any]) -> None:
    identity = events.caller(principal, ACCOUNT, "AKIA")
    assert identity.items() >= expected.items()
    if "assumed-role" in principal:
        issuer: Any = identity["sessionContext"]
        assert issuer["sessionIssuer"]["arn"] == f"arn:aws:iam::{ACCOUNT}:role/ops"

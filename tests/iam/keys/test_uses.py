"""When keys were last used: told at once, written later, and kept when the server ends."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from craton.iam.identity import Identity
from craton.iam.keys import uses
from craton.iam.keys.uses import Uses
from craton.iam.records import DEFAULT_ACCOUNT
from craton.store import writer
from craton.store.documents import Documents, Transaction


async def test_a_use_is_told_at_once_and_written_only_later(documents: Documents) -> None:
    noted = Uses(documents)
    noted.note("AKIA", "bedrock", "eu-central-1")
    use = await noted.last("AKIA")
    assert use
    assert (use.service, use.region) == ("bedrock", "eu-central-1")
    assert datetime.now(UTC) - use.at < timedelta(seconds=60)
    assert await Uses(documents).last("AKIA") is None
    await noted.close()
    assert await Uses(documents).last("AKIA") == use


async def test_the_last_use_counts(documents: Documents) -> None:
    noted = Uses(documents)
    noted.note("AKIA", "bedrock", "us-east-1")
    await noted.write()
    noted.note("AKIA", "craton", "us-west-2")
    await noted.write()
    use = await Uses(documents).last("AKIA")
    assert use
    assert use.service == "craton"
    await noted.close()


async def test_uses_are_written_now_and_then(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "EVERY", 0.01)
    noted, other = Uses(documents), Uses(documents)
    noted.note("AKIA", "bedrock", "us-east-1")
    async with asyncio.timeout(10):
        while not noted._writing:  # noqa: ASYNC110 - it is a timer that begins to write
            await asyncio.sleep(0.01)
        await noted._writing
    assert await other.last("AKIA")
    await noted.close()


async def test_a_deleted_key_leaves_no_use_behind(identity: Identity, documents: Documents) -> None:
    made = await identity.keys.create_access_key(DEFAULT_ACCOUNT)
    identity.uses.note(made.access_key_id, "bedrock", "us-east-1")
    await identity.uses.write()
    await identity.keys.delete(made.access_key_id)
    assert await Uses(documents).last(made.access_key_id) is None
    await identity.close()


async def test_what_is_written_later_is_no_part_of_the_request_that_was_noted(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store asks the witness of a request's context to write down each change."""

    class Watching:
        attended = 0

        def attend(self, t: Transaction) -> None:
            self.attended += 1

        def confirm(self) -> None: ...

    monkeypatch.setattr(uses, "EVERY", 0.01)
    noted, watching = Uses(documents), Watching()
    token = writer.witness.set(watching)
    noted.note("AKIA", "bedrock", "us-east-1")
    writer.witness.reset(token)
    async with asyncio.timeout(10):
        while await Uses(documents).last("AKIA") is None:  # noqa: ASYNC110 - it is a timer that begins to write
            await asyncio.sleep(0.01)
    assert watching.attended == 0
    await noted.close()

"""A disk that is full or may not be written: writes are refused, reads go on, and all is well when it is."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from craton.errors import ServiceUnavailableException
from craton.store.documents import Documents, Scope

HERE = Scope("1", "r")
Pragma = Callable[[str], None]


@pytest.fixture
def pragma(documents: Documents) -> Pragma:
    """Set a pragma of the writing connection, which is what the disk would do to it."""
    pragmas: list[str] = []

    def before(connection: sqlite3.Connection, *_: object) -> None:
        for text in pragmas:
            connection.execute(f"PRAGMA {text}").close()

    event.listen(documents._writer._engine, "checkout", before)
    return lambda text: pragmas.__setitem__(slice(None), [text])


FULL, SPACE = "max_page_count=1", "max_page_count=1000000"
READ_ONLY, WRITABLE = "query_only=1", "query_only=0"


@pytest.mark.parametrize(("breaks", "mends"), [(FULL, SPACE), (READ_ONLY, WRITABLE)], ids=["full", "read-only"])
async def test_writes_are_refused_reads_go_on_and_nothing_is_half_done(
    documents: Documents, pragma: Pragma, breaks: str, mends: str, tmp_path: Path
) -> None:
    await documents.create(HERE, "k", "before", {"n": 1})
    pragma(breaks)
    large = {"text": "x" * 100_000}
    with pytest.raises(ServiceUnavailableException, match="nothing was changed"):
        await documents.create(HERE, "k", "one", large, arn="arn:one", unique={"name": "one"}, tags={"a": "b"})
    assert (await documents.get(HERE, "k", "before")).body == {"n": 1}
    assert await documents.find(HERE, "k", "one") is None
    assert await documents.named(HERE, "k", "name", "one") is None
    pragma(mends)
    await documents.create(HERE, "k", "one", large, arn="arn:one", unique={"name": "one"}, tags={"a": "b"})
    assert await documents.tags(HERE, "arn:one") == {"a": "b"}
    check = sqlite3.connect(tmp_path / "home" / "craton.db")
    assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    check.close()


async def test_writes_that_share_a_commit_are_all_refused_or_all_told_that_they_are_kept(
    documents: Documents, pragma: Pragma
) -> None:
    """Small ones might still fit where a large one does not: what is acknowledged is there, and nothing else."""
    await documents.create(HERE, "k", "before", {})
    pragma("max_page_count=60")
    bodies = [{"text": "x" * (200_000 if n % 5 == 4 else 10)} for n in range(50)]
    results = await asyncio.gather(
        *(documents.create(HERE, "k", f"n{n}", body) for n, body in enumerate(bodies)), return_exceptions=True
    )
    assert {type(result) for result in results if isinstance(result, BaseException)} == {ServiceUnavailableException}
    kept = {document.id for document in (await documents.page(HERE, "k", limit=100)).items}
    assert kept == {"before", *(result.id for result in results if not isinstance(result, BaseException))}

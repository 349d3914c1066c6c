"""What documents hold, as files."""

from pathlib import Path

import pytest

from craton.knowledge.ingestion.contents import Contents, MissingContent
from craton.store.records import Scope

SCOPE = Scope("123456789012", "us-east-1")
ONE, TWO = "BASE/SOURCE/" + "1" * 32, "BASE/SOURCE/" + "2" * 32


@pytest.fixture
def contents(tmp_path: Path) -> Contents:
    return Contents(tmp_path)


def file(folder: Path, name: str) -> Path:
    return next(folder.rglob(f"*{name}"))


def files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


async def test_what_is_kept_is_read(contents: Contents, tmp_path: Path) -> None:
    name = await contents.keep(SCOPE, ONE, b"a text")
    assert await contents.keep(SCOPE, ONE, b"a text") == name
    assert await contents.read(SCOPE, ONE, name) == b"a text"
    assert files(tmp_path) == 1


async def test_documents_and_accounts_have_their_own(contents: Contents) -> None:
    name = await contents.keep(SCOPE, ONE, b"a text")
    with pytest.raises(MissingContent):
        await contents.read(SCOPE, TWO, name)
    with pytest.raises(MissingContent):
        await contents.read(Scope("999999999999", "us-east-1"), ONE, name)


async def test_what_is_not_needed_is_dropped(contents: Contents, tmp_path: Path) -> None:
    first, second = [await contents.keep(SCOPE, ONE, data) for data in (b"first", b"second")]
    other = await contents.keep(SCOPE, TWO, b"first")
    await contents.drop(SCOPE, ONE, (second, None))
    with pytest.raises(MissingContent):
        await contents.read(SCOPE, ONE, first)
    assert await contents.read(SCOPE, ONE, second) == b"second"
    assert await contents.read(SCOPE, TWO, other) == b"first"
    await contents.remove(SCOPE, "BASE/SOURCE")
    await contents.remove(SCOPE, "BASE/SOURCE")
    assert files(tmp_path) == 0


async def test_what_a_killed_process_left_is_swept(contents: Contents, tmp_path: Path) -> None:
    needed = await contents.keep(SCOPE, ONE, b"needed")
    await contents.keep(SCOPE, ONE, b"left")
    await contents.keep(SCOPE, TWO, b"left, too")
    file(tmp_path, needed).with_name(f"{'1' * 32}.0123.part").write_bytes(b"half")
    await contents.sweep(SCOPE, "BASE/SOURCE", lambda document: [needed, None] if document == ONE else [])
    assert files(tmp_path) == 1
    assert await contents.read(SCOPE, ONE, needed) == b"needed"


async def test_what_was_changed_is_not_handed_out(contents: Contents, tmp_path: Path) -> None:
    name = await contents.keep(SCOPE, ONE, b"a text")
    file(tmp_path, name).write_bytes(b"b text")
    with pytest.raises(MissingContent, match="damaged"):
        await contents.read(SCOPE, ONE, name)

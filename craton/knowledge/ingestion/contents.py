"""What documents hold, kept as files of the home: their bytes, where no source has them, and their extracted text.

    <home>/knowledge/contents/<account>/<region>/<knowledge base>/<data source>/<two digits>/<document>.<sha256>

A file is named by what is in it and is never changed, so whoever is named in a record is there, whole. Knows no record
and no format.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from craton.store.records import Scope

FOLDER = "contents"


class MissingContent(Exception):
    """What was kept is not there any more, or is not what it was. The message is a full sentence."""


class Contents:
    """`document` is the id of a document's record, `<knowledge base>/<data source>/<hash>`."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "knowledge" / FOLDER

    async def keep(self, scope: Scope, document: str, data: bytes) -> str:
        """The name to read it by; it is on disk when this returns."""
        return await asyncio.to_thread(self._keep, self._beginning(scope, document), data)

    async def read(self, scope: Scope, document: str, name: str) -> bytes:
        """Raises MissingContent."""
        return await asyncio.to_thread(self._read, self._beginning(scope, document), document, name)

    async def drop(self, scope: Scope, document: str, keep: Collection[str | None] = ()) -> None:
        """Delete what is kept of a document, but for these names."""
        await asyncio.to_thread(_drop, self._beginning(scope, document), keep)

    async def remove(self, scope: Scope, place: str) -> None:
        """Delete all that is kept of a knowledge base, or of a `<knowledge base>/<data source>`."""
        await asyncio.to_thread(shutil.rmtree, self._place(scope, place), ignore_errors=True)

    async def sweep(self, scope: Scope, source: str, needed: Callable[[str], Collection[str | None]]) -> None:
        """Delete what is not `needed` of each document of a source, as a process that was killed may leave it."""
        for shard in await asyncio.to_thread(_shards, self._place(scope, source)):
            documents = await asyncio.to_thread(_documents, shard)
            for beginning in documents:
                wanted = needed(f"{source}/{beginning.name}")
                if documents[beginning] - {name for name in wanted if name}:
                    await asyncio.to_thread(_drop, beginning, wanted)

    def _place(self, scope: Scope, place: str) -> Path:
        return self._folder / scope.account / scope.region / place

    def _beginning(self, scope: Scope, document: str) -> Path:
        """The path of a document's files, without what is in them."""
        source, _, name = document.rpartition("/")
        return self._place(scope, source) / name[:2] / name

    def _keep(self, beginning: Path, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        file = _file(beginning, name)
        if not file.is_file() or file.stat().st_size != len(data):
            made = _made(file.parent, self._folder.parent.parent)
            draft = file.with_name(f"{file.name}.{os.urandom(4).hex()}.part")
            with draft.open("xb") as written:
                written.write(data)
                written.flush()
                os.fsync(written.fileno())
            draft.replace(file)
            for folder in (file.parent, *made):
                _settle(folder)
        return name

    def _read(self, beginning: Path, document: str, name: str) -> bytes:
        try:
            data = _file(beginning, name).read_bytes()
        except OSError:
            raise MissingContent(f"What was kept of the document {document!r} is not there any more.") from None
        if hashlib.sha256(data).hexdigest() != name:
            raise MissingContent(f"What was kept of the document {document!r} is damaged.")
        return data


def _file(beginning: Path, name: str) -> Path:
    return beginning.with_name(f"{beginning.name}.{name}")


def _made(folder: Path, home: Path) -> list[Path]:
    """Make a folder; the folders whose lists changed by that."""
    missing = [each for each in (folder, *folder.parents) if each.is_relative_to(home) and not each.is_dir()]
    folder.mkdir(parents=True, exist_ok=True)
    return [each.parent for each in missing]


def _settle(folder: Path) -> None:
    """Have the names in a folder on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _drop(beginning: Path, keep: Collection[str | None]) -> None:
    for file in _of(beginning):
        if file.name.partition(".")[2] not in keep:
            file.unlink(missing_ok=True)


def _of(beginning: Path) -> Iterator[Path]:
    return beginning.parent.glob(f"{beginning.name}.*")


def _shards(source: Path) -> list[Path]:
    return sorted(source.iterdir()) if source.is_dir() else []


def _documents(shard: Path) -> dict[Path, set[str]]:
    """By the beginning of a document's files, their names."""
    found: dict[Path, set[str]] = {}
    for file in shard.iterdir():
        document, _, name = file.name.partition(".")
        found.setdefault(shard / document, set()).add(name)
    return found

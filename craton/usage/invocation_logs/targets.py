"""Where records go: a bucket, as gzipped lines of JSON, or the files of a log group in the home.

Knows no queue: a batch is prepared once, and delivered until that succeeds.
"""

import asyncio
import gzip
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from craton.store.blobs import BlobError, Blobs
from craton.store.documents import Scope
from craton.usage.invocation_logs.entry import Entry
from craton.usage.invocation_logs.record import write
from craton.usage.invocation_logs.settings import Folder

STREAM = "aws-bedrock-modelinvocations"
PERMISSION_CHECK = "amazon-bedrock-logs-permission-check"
# A file of a log stream, and all of its files: the oldest go first.
MOST_BYTES = 64 << 20
MOST_BYTES_IN_ALL = 1 << 30


class DeliveryError(Exception):
    """The records could not be written now. The message is a sentence."""


@dataclass(slots=True)
class Prepared:
    """A batch ready to be written: objects by their addresses, and lines."""

    objects: dict[str, bytes] = field(default_factory=dict)
    lines: bytes = b""


class Target(Protocol):
    """Equal targets are the same place. `pause` is how many seconds records wait there for others."""

    pause: float

    def prepare(self, batch: Sequence[Entry]) -> Prepared: ...

    async def deliver(self, prepared: Prepared) -> None:
        """Raises DeliveryError. May be called again with the same batch."""
        ...


@dataclass(frozen=True)
class Bucket:
    """A folder of a bucket of the account."""

    blobs: Blobs = field(repr=False)
    scope: Scope
    folder: Folder
    pause = 5.0

    def prepare(self, batch: Sequence[Entry]) -> Prepared:
        prepared = Prepared()
        for hour, entries in _by_hour(batch).items():
            written = [write(entry, self.place(hour)) for entry in entries]
            for record in written:
                prepared.objects |= record.objects
            lines = b"\n".join(record.line for record in written) + b"\n"
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"[:-3] + f"Z_{secrets.token_hex(8)}.json.gz"
            prepared.objects[self._address(hour, name)] = gzip.compress(lines, 6, mtime=0)
        return prepared

    async def deliver(self, prepared: Prepared) -> None:
        for address in list(prepared.objects):
            try:
                await self.blobs.write(address, prepared.objects[address], account=self.scope.account)
            except BlobError as error:
                raise DeliveryError(str(error)) from error
            except OSError as error:
                raise DeliveryError(
                    f"The bucket {self.folder.bucket!r} cannot be written: {error.strerror}."
                ) from error
            del prepared.objects[address]

    async def check(self) -> None:
        """Raises BlobError where nothing can be written there."""
        account = self.scope.account
        address = self.folder.address("AWSLogs", account, "BedrockModelInvocationLogs", PERMISSION_CHECK)
        await self.blobs.write(address, b"Permission check", account=account)

    def place(self, hour: str) -> Callable[[str], str]:
        return lambda name: self._address(hour, "data", name)

    def _address(self, *parts: str) -> str:
        return self.folder.address(
            "AWSLogs", self.scope.account, "BedrockModelInvocationLogs", self.scope.region, *parts
        )


@dataclass(frozen=True)
class LogGroup:
    """A log group of the account: a folder of the home. Large bodies go to the bucket, where there is one."""

    path: Path
    large: Bucket | None
    pause = 1.0

    def prepare(self, batch: Sequence[Entry]) -> Prepared:
        prepared = Prepared()
        lines: list[bytes] = []
        for hour, entries in _by_hour(batch).items():
            for entry in entries:
                record = write(entry, self.large.place(hour) if self.large else None)
                prepared.objects |= record.objects
                lines.append(record.line + b"\n")
        prepared.lines = b"".join(lines)
        return prepared

    async def check(self) -> None:
        """Raises OSError where nothing can be written there."""
        await asyncio.to_thread(_made, self.path / STREAM)

    async def deliver(self, prepared: Prepared) -> None:
        if self.large:
            await self.large.deliver(prepared)
        try:
            await asyncio.to_thread(_append, self.path / STREAM, prepared.lines)
        except OSError as error:
            raise DeliveryError(f"The log group at {str(self.path)!r} cannot be written: {error.strerror}.") from error


def _by_hour(batch: Sequence[Entry]) -> Mapping[str, list[Entry]]:
    """The entries of each hour, which has a folder of its own: 2026/11/22/14."""
    hours: dict[str, list[Entry]] = {}
    for entry in batch:
        hours.setdefault(f"{entry.at:%Y/%m/%d/%H}", []).append(entry)
    return hours


def _made(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _append(folder: Path, lines: bytes) -> None:
    """Add the lines to today's file, whole or not at all."""
    _made(folder)
    path = _current(folder, len(lines))
    with path.open("ab") as file:
        path.chmod(0o600)
        size = file.tell()
        try:
            file.write(lines)
            file.flush()
        except OSError:
            file.truncate(size)
            raise
    _make_room(folder)


def _current(folder: Path, more: int) -> Path:
    """Today's last file, or the next one where it is full: 2026-11-22.jsonl, 2026-11-22.1.jsonl, ..."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    path, number = folder / f"{day}.jsonl", 0
    while path.exists() and path.stat().st_size + more > MOST_BYTES:
        number += 1
        path = folder / f"{day}.{number:04}.jsonl"
    return path


def _make_room(folder: Path) -> None:
    files = sorted(folder.glob("*.jsonl"), key=lambda path: (path.stat().st_mtime, path.name))
    left = sum(path.stat().st_size for path in files)
    for path in files[:-1]:
        if left <= MOST_BYTES_IN_ALL:
            return
        left -= path.stat().st_size
        path.unlink()

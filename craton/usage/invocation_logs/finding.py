"""Looks up what was logged of one request, where it was written to. Knows no API, and no more of who may read it than
that somebody says so of each place.
"""

import asyncio
import gzip
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from craton.store.blobs import BlobError, Blobs
from craton.store.documents import Scope
from craton.usage.invocation_logs.logs import InvocationLogs
from craton.usage.invocation_logs.settings import Settings
from craton.usage.invocation_logs.targets import STREAM, Bucket, LogGroup

MOST = 2 << 20  # bytes of a body that is looked up
# Bytes of an object full of records, and how many of these, and bytes of files, are looked through for one request.
_BATCH = 64 << 20
_OBJECTS = 50
_FILES = 512 << 20
# How long after a request has ended its record may still be written.
_LATER = timedelta(minutes=15)
_NAMED = "%Y%m%dT%H%M%S"  # the beginning of the name of an object with records

# Told of an action and the resource before that is read. Raises AccessDeniedException.
Permit = Callable[[str, str], None]


class _Input(msgspec.Struct, rename={"body": "inputBodyJson", "apart": "inputBodyS3Path"}):
    body: msgspec.Raw = msgspec.Raw()
    apart: str = ""


class _Output(msgspec.Struct, rename={"body": "outputBodyJson", "apart": "outputBodyS3Path"}):
    body: msgspec.Raw = msgspec.Raw()
    apart: str = ""


class _Record(msgspec.Struct, rename="camel"):
    request_id: str
    model_id: str = ""
    input: _Input = msgspec.field(default_factory=_Input)
    output: _Output = msgspec.field(default_factory=_Output)


_record = msgspec.json.Decoder(_Record).decode


@dataclass(frozen=True, slots=True)
class Logged:
    """What was asked and answered, JSON where it was; empty where it was withheld, or `missing` tells why."""

    model: str
    input: str
    output: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """A request, when it began and when it ended; where it was logged."""

    request_id: str
    scope: Scope
    began: datetime
    ended: datetime

    @property
    def needle(self) -> bytes:
        return b'"requestId":"%s"' % self.request_id.encode()


class Finding:
    def __init__(self, logs: InvocationLogs, blobs: Blobs) -> None:
        self._logs = logs
        self._blobs = blobs

    async def settings(self, scope: Scope) -> Settings | None:
        """None where nothing is logged."""
        return await self._logs.configurations.of(scope)

    async def find(self, settings: Settings, sought: Sought, permit: Permit) -> Logged | None:
        """None where no place has it. Raises AccessDeniedException where the caller may not read a place."""
        scope = sought.scope
        if settings.group:
            arn = f"arn:aws:logs:{scope.region}:{scope.account}:log-group:{settings.group}:log-stream:{STREAM}"
            permit("logs:GetLogEvents", arn)
            group = self._logs.group(scope, settings.group)
            if line := await asyncio.to_thread(_in_group, group, sought):
                return await self._logged(line, scope, permit)
        if settings.folder:
            lines = self._in_bucket(self._logs.bucket(scope, settings.folder), sought, permit)
            async with aclosing(lines):
                async for line in lines:
                    return await self._logged(line, scope, permit)
        return None

    async def _in_bucket(self, bucket: Bucket, sought: Sought, permit: Permit) -> AsyncGenerator[bytes, None]:
        first, last = (f"{at:{_NAMED}}" for at in (sought.began, sought.ended + _LATER))
        account = sought.scope.account
        hours = dict.fromkeys(f"{at:%Y/%m/%d/%H}" for at in (sought.began, sought.ended))  # by when it was looked at
        try:
            objects = [
                each
                for hour in hours
                async for each in self._blobs.list(bucket.place(hour)("").removesuffix("data"), account=account)
            ]
        except BlobError:
            return
        names = sorted((each.uri.rpartition("/")[2], each.uri) for each in objects if "/data/" not in each.uri)
        for _, uri in [each for each in names if first <= each[0] <= last][:_OBJECTS]:
            _permit(permit, uri)
            try:
                data = await self._blobs.read(uri, account=account, limit=_BATCH)
                if line := await asyncio.to_thread(_in_batch, data, sought.needle):
                    yield line
            except (BlobError, OSError, EOFError, zlib.error):
                continue  # somebody else's object, or half of one

    async def _logged(self, line: bytes, scope: Scope, permit: Permit) -> Logged:
        record = _record(line)
        texts, missing = [], ""
        for side in (record.input, record.output):
            try:
                text = await self._apart(side.apart, scope, permit) if side.apart else _text(bytes(side.body))
            except (BlobError, OSError, EOFError, zlib.error) as error:
                text, missing = "", f"A body lies apart and cannot be read: {error}"
            if len(text) > MOST:
                text = ""
                missing = (
                    f"A body is longer than the {MOST >> 20} MiB that are told here: read it in the invocation log."
                )
            texts.append(text)
        return Logged(record.model_id, texts[0], texts[1], missing)

    async def _apart(self, uri: str, scope: Scope, permit: Permit) -> str:
        _permit(permit, uri)
        data = await self._blobs.read(uri, account=scope.account, limit=MOST)
        return (await asyncio.to_thread(_unpacked, data)).decode(errors="replace")


def _permit(permit: Permit, uri: str) -> None:
    permit("s3:GetObject", f"arn:aws:s3:::{uri.removeprefix('s3://')}")


def _in_group(group: LogGroup, sought: Sought) -> bytes | None:
    """The record in the files that were written to after the request had ended, the oldest first."""
    ended = sought.ended.timestamp()
    left = _FILES
    for path in sorted((group.path / STREAM).glob("*.jsonl")):
        status = path.stat()
        if status.st_mtime >= ended - 1 and left > 0:
            left -= status.st_size
            if line := next(_lines_with(sought.needle, path), None):
                return line
    return None


def _lines_with(needle: bytes, path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from (line for line in file if needle in line)


def _in_batch(data: bytes, needle: bytes) -> bytes | None:
    return next((line for line in gzip.decompress(data).split(b"\n") if needle in line), None)


def _unpacked(data: bytes) -> bytes:
    """No more than is told; a body may be much longer than what it was packed to."""
    return zlib.decompressobj(wbits=31).decompress(data, MOST + 1)


def _text(body: bytes) -> str:
    """What was no JSON was logged as a text."""
    if body[:1] == b'"':
        return msgspec.json.decode(body, type=str)
    return body.decode()

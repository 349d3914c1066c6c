"""The objects of a bucket as documents, each with the `.metadata.json` beside it. Knows no parser and no index.

https://docs.aws.amazon.com/bedrock/latest/userguide/s3-data-source-connector.html
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from craton.documents.formats import EXTENSIONS, format_of
from craton.knowledge.acquiring.found import FILE_BYTES, METADATA_BYTES, Content, Found, Known, SourceFailure
from craton.store.blobs import Address, Blob, BlobError, Blobs, LargeBlob, MissingBlob

METADATA = ".metadata.json"


class Objects:
    """The bucket that an S3DataSourceConfiguration names, read as `account`."""

    def __init__(self, configuration: Mapping[str, Any], blobs: Blobs, account: str) -> None:
        self._bucket: str = configuration["bucketArn"].rpartition(":")[2]
        self._prefixes = [prefix.removeprefix("/") for prefix in configuration.get("inclusionPrefixes") or [""]]
        self._owner: str | None = configuration.get("bucketOwnerAccountId")
        self._blobs, self._account = blobs, account
        self._after = ""

    async def listing(
        self, *, known: Known | None = None, state: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[Found, None]:
        """By address. Objects of formats that are not read, and too large ones, are told as ignored."""
        self._after = (state or {}).get("after", "")
        blobs = await self._blobs_there()
        folders = {uri.rpartition("/")[0] for uri in blobs}
        for uri in await asyncio.to_thread(sorted, blobs):
            described = uri.removesuffix(METADATA)
            marker = uri in folders and not blobs[uri].size  # what S3's console makes of a new folder
            if uri <= self._after or marker or (described != uri and described in blobs):
                continue
            beside = blobs.get(uri + METADATA)
            self._after = uri
            yield _found(blobs[uri], beside)

    async def find(self, uri: str) -> Found | None:
        """One object as a listing would tell it, None where the source does not hold it."""
        try:
            address = Address.parse(uri)
            if address.bucket != self._bucket or not address.key.startswith(tuple(self._prefixes)):
                return None
            if (blob := await self._find(uri)) is None:
                return None
            return _found(blob, await self._find(uri + METADATA))
        except BlobError as error:
            raise SourceFailure(str(error)) from error

    async def _find(self, uri: str) -> Blob | None:
        return await self._blobs.find(uri, account=self._account, owner=self._owner)

    def state(self) -> Mapping[str, Any]:
        return {"after": self._after}

    async def read(self, found: Found) -> Content:
        return Content(await self._read(found.uri, FILE_BYTES))

    async def metadata(self, found: Found) -> bytes | None:
        if found.metadata_version is None:
            return None
        return await self._read(found.uri + METADATA, METADATA_BYTES)

    async def close(self) -> None: ...

    async def _blobs_there(self) -> Mapping[str, Blob]:
        blobs: dict[str, Blob] = {}
        try:
            await self._blobs.check_bucket(self._bucket, account=self._account, owner=self._owner)
            for prefix in self._prefixes:
                uri = str(Address(self._bucket, prefix))
                async for blob in self._blobs.list(uri, account=self._account, owner=self._owner):
                    blobs[_readable(blob.uri)] = blob
        except BlobError as error:
            raise SourceFailure(f"The data source cannot be listed: {error}") from error
        return blobs

    async def _read(self, uri: str, limit: int) -> bytes:
        try:
            return await self._blobs.read(uri, account=self._account, owner=self._owner, limit=limit)
        except MissingBlob:
            raise SourceFailure(f"The object {uri!r} was deleted after it had been listed.") from None
        except LargeBlob:
            raise SourceFailure(f"The object {uri!r} is larger than {_size(limit)}, the most that is read.") from None
        except BlobError as error:
            raise SourceFailure(str(error)) from error


def _readable(uri: str) -> str:
    """An address of which what is no UTF-8, as in names of files from old systems, is told by its numbers."""
    return uri.encode(errors="backslashreplace").decode()


def _found(blob: Blob, beside: Blob | None) -> Found:
    uri = _readable(blob.uri)
    return Found(
        identifier=uri,
        uri=uri,
        location={"type": "S3", "s3Location": {"uri": uri}},
        version=blob.version,
        size=blob.size,
        metadata_version=beside.version if beside else None,
        ignored=_ignored(blob),
    )


def _ignored(blob: Blob) -> str | None:
    if (uri := _readable(blob.uri)) != blob.uri:
        return f"The name of the file {uri!r} is no UTF-8, so no address leads to it. Rename the file."
    if format_of(blob.uri.rpartition("/")[2]) is None:
        return (
            f"The file format of {blob.uri!r} is not supported; the files that are read end in "
            f"{', '.join(f'.{extension}' for extension in sorted(EXTENSIONS))}."
        )
    if blob.size > FILE_BYTES:
        return f"The file {blob.uri!r} is larger than {_size(FILE_BYTES)}, the most that is read."
    return None


def _size(limit: int) -> str:
    return f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit >> 10} KiB"

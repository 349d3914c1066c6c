"""Objects at `s3://bucket/key` addresses: folders of this home, or the buckets of a real object store.

Every account has buckets of its own: those of the default account are the folders `<home>/buckets/<bucket>`, those of
another account `<home>/buckets/@<account>/<bucket>`, so none can name what is not its own. A bucket that the operator
keeps elsewhere belongs to the one account that the configuration says. Knows no capability and no AWS error.
"""

import asyncio
import os
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from craton.config import S3Settings

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Config

# The buckets of S3's naming rules; https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<key>.*))?", re.DOTALL)
_LONGEST_KEY = 1024
_LONGEST_PART = 250
# What obstore would take apart, put together or refuse in its own words.
_UNUSABLE = re.compile(r"(^|/)(\.{0,2})(/|$)|[\x00-\x1f\x7f]|#\d+$")
# How the store tells of a key that is none of its paths, such as "a//b".
_PATH = re.compile(r'[Pp]ath "([^"]*)"')
_CHUNK = 1 << 20

_Listed = tuple[str, int, datetime, str]  # key, bytes, time of the last change, version


class BlobError(Exception):
    """An address that cannot be served. The message is a full sentence that names it."""


class InvalidAddress(BlobError):
    """It is no `s3://bucket/key`, or the key is one that no store here can hold."""


class MissingBlob(BlobError):
    """There is no such object."""


class ForbiddenBlob(BlobError):
    """The bucket, or what the key leads to, is not the account's."""


class LargeBlob(BlobError):
    """The object is larger than the caller can use."""


class UnreachableBlob(BlobError):
    """The store did not do it: a full disk, a refused credential, a network that does not answer."""


@dataclass(frozen=True, slots=True)
class Address:
    """A bucket, and a key or the beginning of keys in it."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> Self:
        """Raises InvalidAddress."""
        found = _ADDRESS.fullmatch(uri)
        if found is None:
            raise InvalidAddress(f"{uri!r} is not an S3 address; write s3://bucket/key with the name of a bucket.")
        return cls(found["bucket"], found["key"] or "")

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def object(self) -> Self:
        """This address as that of one object. Raises InvalidAddress."""
        parts = self.key.split("/")
        if not self.key or _UNUSABLE.search(self.key):
            raise InvalidAddress(
                f"The key of {str(self)!r} names no object here; a key has no empty part, no part '.' or '..', "
                "no control character and no number after '#' at its end."
            )
        if len(self.key.encode()) > _LONGEST_KEY or max(len(part.encode()) for part in parts) > _LONGEST_PART:
            raise InvalidAddress(
                f"The key of {str(self)[:200]!r} is too long; {_LONGEST_KEY} bytes in all and {_LONGEST_PART} between "
                "slashes are the most."
            )
        return self


@dataclass(frozen=True, slots=True)
class Blob:
    """An object as it is listed. `version` is another when its content is: its ETag, or a file's time and size."""

    uri: str
    size: int
    modified: datetime
    version: str


class Blobs:
    """The objects of one home. `account` is the default account, whose buckets need no folder of their own."""

    def __init__(self, home: Path, account: str, settings: S3Settings | None = None) -> None:
        self._folder = home / "buckets"
        self._account = account
        self._settings = settings or S3Settings()
        self._remote: dict[str, S3Store] = {}

    async def read(self, uri: str, *, account: str, owner: str | None = None, limit: int) -> bytes:
        """The whole object, of `limit` bytes at most. `owner` is who the caller says the bucket belongs to.

        Raises InvalidAddress, ForbiddenBlob, MissingBlob, LargeBlob or UnreachableBlob, as all of these do.
        """
        async with aclosing(self.chunks(uri, account=account, owner=owner, limit=limit)) as chunks:
            return b"".join([chunk async for chunk in chunks])

    async def chunks(
        self, uri: str, *, account: str, owner: str | None = None, limit: int
    ) -> AsyncGenerator[bytes, None]:
        """The object as it is read, about a mebibyte at a time."""
        address = Address.parse(uri).object()
        store = self._store(address, account, owner)
        try:
            read = 0
            async with aclosing(_read(address, store, limit)) as chunks:
                async for chunk in chunks:
                    read += len(chunk)
                    _check_size(address, read, limit)
                    yield chunk
        except (BaseError, OSError, ValueError) as error:
            _refuse(address, error)

    async def write(self, uri: str, data: bytes, *, account: str, owner: str | None = None) -> None:
        """Put an object there, whole or not at all. A bucket that is a folder here is made by the first object."""
        address = Address.parse(uri).object()
        store = self._store(address, account, owner, make=True)
        try:
            await obstore.put_async(store, address.key, data)
        except (BaseError, OSError, ValueError) as error:
            _refuse(address, error)

    async def exists(self, uri: str, *, account: str, owner: str | None = None) -> bool:
        return await self.find(uri, account=account, owner=owner) is not None

    async def find(self, uri: str, *, account: str, owner: str | None = None) -> Blob | None:
        """The object as it would be listed, None where there is none."""
        address = Address.parse(uri).object()
        try:
            store = self._store(address, account, owner)
            if isinstance(store, LocalStore):
                root = Path(str(store.prefix))
                found = await asyncio.to_thread(_listed, root, root / address.key)
            else:
                found = _told(await obstore.head_async(store, address.key))
        except (FileNotFoundError, MissingBlob):
            return None
        except (BaseError, OSError, ValueError) as error:
            _refuse(address, error)
        return Blob(str(address), *found[1:])

    async def delete(self, uri: str, *, account: str, owner: str | None = None) -> None:
        """Remove an object; one that is not there is removed already."""
        address = Address.parse(uri).object()
        try:
            await obstore.delete_async(self._store(address, account, owner), address.key)
        except (FileNotFoundError, MissingBlob):
            return
        except (BaseError, OSError, ValueError) as error:
            _refuse(address, error)

    async def list(self, uri: str, *, account: str, owner: str | None = None) -> AsyncGenerator[Blob, None]:
        """The objects whose addresses begin with `uri`, in no order. In a folder, links to folders are not entered."""
        address = Address.parse(uri)
        folder = address.key.rpartition("/")[0]
        if folder:
            Address(address.bucket, folder).object()
        try:
            store = self._store(Address(address.bucket, ""), account, owner)
            async for page in _walk(store, folder) if isinstance(store, LocalStore) else _pages(store, folder):
                for key, size, modified, version in page:
                    if key.startswith(address.key):
                        yield Blob(str(Address(address.bucket, key)), size, modified, version)
        except MissingBlob:
            return
        except (BaseError, OSError, ValueError) as error:
            _refuse(address, error)

    async def check_bucket(self, bucket: str, *, account: str, owner: str | None = None) -> None:
        """Raises MissingBlob where there is no such bucket, whose listing would be empty, or another of the errors."""
        address = Address(bucket, "")
        try:
            store = self._store(address, account, owner)
            if isinstance(store, S3Store):
                async for _ in obstore.list(store, chunk_size=1):
                    return
        except (FileNotFoundError, MissingBlob):
            raise MissingBlob(f"There is no bucket {bucket!r}.") from None
        except (BaseError, OSError, ValueError) as error:
            _refuse(address, error)

    def _store(self, address: Address, account: str, owner: str | None, *, make: bool = False) -> LocalStore | S3Store:
        """The store of the account's bucket, once it is sure that the address stays within."""
        if owner not in (None, account):
            raise ForbiddenBlob(
                f"The bucket of {str(address)!r} belongs to the account {owner!r}, and {account!r} may read and write "
                "only its own."
            )
        for pattern, holder in self._settings.buckets.items():
            if fnmatchcase(address.bucket, pattern):
                if holder != account:
                    raise ForbiddenBlob(f"The bucket of {str(address)!r} belongs to another account.")
                return self._remote_store(address.bucket)
        return self._local_store(address, account, make)

    def _local_store(self, address: Address, account: str, make: bool) -> LocalStore:
        own = self._folder if account == self._account else self._folder / f"@{account}"
        bucket = own / address.bucket
        if make:
            try:
                bucket.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                _refuse(address, error)
        elif not bucket.is_dir():
            raise MissingBlob(f"There is no object {str(address)!r}.")
        if address.key and not _inside(bucket, address.key):
            raise ForbiddenBlob(f"{str(address)!r} is a link that leads out of its bucket.")
        if address.key and not make and not (bucket / address.key).is_file():
            raise MissingBlob(f"There is no object {str(address)!r}.")
        return LocalStore(bucket)

    def _remote_store(self, bucket: str) -> S3Store:
        if bucket not in self._remote:
            settings = self._settings
            config: S3Config = {"disable_bulk_delete": True}  # objects go one by one, which every S3 understands
            if settings.endpoint:
                config["endpoint"] = settings.endpoint
            if settings.region:
                config["region"] = settings.region
            self._remote[bucket] = S3Store(
                bucket,
                config=config,
                client_options={"allow_http": settings.allow_http, "connect_timeout": "5s", "timeout": "60s"},
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
            )
        return self._remote[bucket]


def _inside(bucket: Path, key: str) -> bool:
    """Whether the key, links followed, stays in its bucket. The operator may link the bucket itself elsewhere."""
    root = bucket.resolve()
    try:
        return (root / key).resolve().is_relative_to(root)
    except RuntimeError:  # links that lead in a circle
        return False


async def _read(address: Address, store: LocalStore | S3Store, limit: int) -> AsyncGenerator[bytes, None]:
    """An object. A file is read up to its end: obstore never ends where somebody makes it shorter meanwhile."""
    if isinstance(store, S3Store):
        found = await obstore.get_async(store, address.key)
        _check_size(address, found.meta["size"], limit)
        async for chunk in found.stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)
        return
    path = Path(str(store.prefix)) / address.key
    file = await asyncio.to_thread(path.open, "rb")
    try:
        _check_size(address, os.fstat(file.fileno()).st_size, limit)
        while piece := await asyncio.to_thread(file.read, _CHUNK):
            yield piece
    finally:
        file.close()


async def _walk(store: LocalStore, folder: str) -> AsyncGenerator[list[_Listed], None]:
    """The files of a bucket's folder, one folder a page. obstore would follow links out of the bucket."""
    root = Path(str(store.prefix))
    folders = [root / folder]
    while folders:
        found, below = await asyncio.to_thread(_files, root, folders.pop())
        folders += below
        yield found


def _files(root: Path, folder: Path) -> tuple[list[_Listed], list[Path]]:
    files: list[_Listed] = []
    folders: list[Path] = []
    for path in folder.iterdir() if folder.is_dir() else ():
        key = path.relative_to(root).as_posix()
        if path.is_dir() and not path.is_symlink():
            folders.append(path)
        elif not _UNUSABLE.search(key) and _inside(root, key) and path.is_file():  # nor what is half written, `key#1`
            files.append(_listed(root, path))
    return files, folders


def _listed(root: Path, path: Path) -> _Listed:
    status = path.stat()
    changed = datetime.fromtimestamp(status.st_mtime, UTC)
    return path.relative_to(root).as_posix(), status.st_size, changed, f"{status.st_mtime_ns}-{status.st_size}"


async def _pages(store: S3Store, folder: str) -> AsyncGenerator[list[_Listed], None]:
    async for page in obstore.list(store, folder or None):
        yield [_told(meta) for meta in page]


def _told(meta: "ObjectMeta") -> _Listed:
    changed = meta["last_modified"]
    return meta["path"], meta["size"], changed, meta["e_tag"] or f"{changed}-{meta['size']}"


def _check_size(address: Address, size: int, limit: int) -> None:
    if size > limit:
        raise LargeBlob(f"The object {str(address)!r} is larger than {limit} bytes, which is the most that is read.")


def _refuse(address: Address, error: Exception) -> NoReturn:
    """Raise the error of this module for one of the store's, whose text may tell of folders and hosts."""
    if isinstance(error, FileNotFoundError):
        raise MissingBlob(f"There is no object {str(address)!r}.") from error
    if isinstance(error, PermissionError) or type(error).__name__ in {"PermissionDeniedError", "UnauthenticatedError"}:
        raise ForbiddenBlob(f"The store refuses this server access to {str(address)!r}.") from error
    if type(error).__name__ == "InvalidPathError" and (key := _PATH.search(str(error))):
        raise InvalidAddress(
            f"The bucket of {str(address)!r} has an object that no path leads to, and so cannot be listed: {key[1]!r}. "
            "Rename it, or list by a prefix that it does not begin with."
        ) from error
    raise UnreachableBlob(
        f"The object {str(address)!r} cannot be read or written now; the store behind the bucket fails."
    ) from error

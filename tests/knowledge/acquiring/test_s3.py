"""The objects of a bucket as documents: which are told, how, and when they count as changed."""

import json
import os
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from craton.knowledge.acquiring.found import FILE_BYTES, Found, SourceFailure
from craton.knowledge.acquiring.s3 import Objects
from craton.store.blobs import Blob, Blobs

ACCOUNT, OTHER = "000000000000", "111111111111"


class Bucket:
    """The bucket `docs` of the account, and what a data source sees of it."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "buckets" / "docs"
        self.folder.mkdir(parents=True)
        self.blobs = Blobs(home, ACCOUNT)

    def put(self, key: str, data: str = "text") -> None:
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data)

    def opened(self, account: str = ACCOUNT, **configuration: Any) -> Objects:
        return Objects({"bucketArn": "arn:aws:s3:::docs", **configuration}, self.blobs, account)

    async def listed(self, state: Mapping[str, Any] | None = None, **configuration: Any) -> list[Found]:
        return [found async for found in self.opened(**configuration).listing(state=state)]


@pytest.fixture
def bucket(tmp_path: Path) -> Bucket:
    return Bucket(tmp_path)


async def test_objects_are_told_in_order_with_what_stands_beside_them(bucket: Bucket) -> None:
    bucket.put("b.md", "# B")
    bucket.put("b.md.metadata.json", '{"metadataAttributes": {}}')
    bucket.put("a/c.txt", "text")
    bucket.put("lonely.txt.metadata.json", "{}")
    first, second, third = await bucket.listed()
    assert (first.identifier, first.size, first.metadata_version, first.ignored) == ("s3://docs/a/c.txt", 4, None, None)
    assert first.location == {"type": "S3", "s3Location": {"uri": "s3://docs/a/c.txt"}}
    assert second.uri == "s3://docs/b.md"
    assert second.metadata_version
    assert third.ignored
    assert (
        "'s3://docs/lonely.txt.metadata.json' is not supported; the files that are read end in .bmp, " in third.ignored
    )
    objects = bucket.opened()
    assert (await objects.read(second)).data == b"# B"
    assert await objects.metadata(second) == b'{"metadataAttributes": {}}'
    assert await objects.metadata(first) is None


async def test_a_version_changes_when_its_content_does(bucket: Bucket) -> None:
    bucket.put("a.txt", "one")
    bucket.put("a.txt.metadata.json", "{}")
    (before,) = await bucket.listed()
    assert await bucket.listed() == [before]
    bucket.put("a.txt.metadata.json", '{"metadataAttributes": {}}')
    (described,) = await bucket.listed()
    assert described.version == before.version
    assert described.metadata_version != before.metadata_version
    bucket.put("a.txt", "longer")
    (after,) = await bucket.listed()
    assert after.version != before.version


async def test_what_is_not_read_is_told_with_a_reason(bucket: Bucket) -> None:
    bucket.put("program.exe")
    bucket.put("README")
    with (bucket.folder / "big.txt").open("wb") as file:
        file.truncate(FILE_BYTES + 1)
    reasons = {found.uri: found.ignored or "" for found in await bucket.listed()}
    assert "larger than 50 MiB" in reasons["s3://docs/big.txt"]
    assert "not supported" in reasons["s3://docs/program.exe"]
    assert "not supported" in reasons["s3://docs/README"]


async def test_a_name_that_is_no_utf_8_is_told(bucket: Bucket) -> None:
    for name in (b"\xdcbersicht.txt", b"\xdcbersicht.txt.metadata.json"):
        bucket.put(os.fsdecode(name), "{}")
    bucket.put("a.txt")
    objects = bucket.opened()
    first, second = [found async for found in objects.listing()]
    assert "Rename the file" in (first.ignored or "")
    json.dumps([first.identifier, first.ignored, first.location, objects.state()], ensure_ascii=False).encode()
    assert (second.uri, second.ignored) == ("s3://docs/a.txt", None)


async def test_what_stands_for_a_folder_is_no_document(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    async def listed(uri: str, **_: object) -> AsyncIterator[Blob]:
        for name, size in (("de", 0), ("de/a.txt", 4), ("de-x.txt", 0), ("en", 9)):
            yield Blob(f"s3://docs/{name}", size, datetime.now(UTC), "1")

    monkeypatch.setattr(bucket.blobs, "list", listed)
    assert [found.uri for found in await bucket.listed()] == [
        f"s3://docs/{name}" for name in ("de-x.txt", "de/a.txt", "en")
    ]


async def test_prefixes(bucket: Bucket) -> None:
    for key in ("de/a.txt", "de-old/b.txt", "en/c.txt"):
        bucket.put(key)
    assert [found.uri for found in await bucket.listed(inclusionPrefixes=["de/"])] == ["s3://docs/de/a.txt"]
    assert len(await bucket.listed(inclusionPrefixes=["de"])) == 2


async def test_a_listing_goes_on_where_it_stood(bucket: Bucket) -> None:
    for number in range(5):
        bucket.put(f"{number}.txt")
    objects = bucket.opened()
    listing = objects.listing()
    seen = [await anext(listing), await anext(listing)]
    state = objects.state()
    await listing.aclose()
    rest = await bucket.listed(state=state)
    assert [found.uri for found in [*seen, *rest]] == [f"s3://docs/{number}.txt" for number in range(5)]


async def test_one_object(bucket: Bucket) -> None:
    bucket.put("de/a.txt")
    bucket.put("de/a.txt.metadata.json", "{}")
    (listed,) = await bucket.listed()
    objects = bucket.opened(inclusionPrefixes=["de/"])
    assert await objects.find("s3://docs/de/a.txt") == listed
    assert await objects.find("s3://docs/de/b.txt") is None
    assert await objects.find("s3://docs/en/a.txt") is None
    assert await objects.find("s3://other/de/a.txt") is None
    with pytest.raises(SourceFailure, match="is not an S3 address"):
        await objects.find("https://docs/de/a.txt")


@pytest.mark.parametrize(
    ("account", "configuration", "reason"),
    [
        (ACCOUNT, {"bucketOwnerAccountId": OTHER}, "belongs to the account '111111111111'"),
        (OTHER, {}, "There is no bucket 'docs'"),
        (ACCOUNT, {"bucketArn": "arn:aws:s3:::missing"}, "There is no bucket 'missing'"),
    ],
)
async def test_buckets_that_are_not_ones_own(
    bucket: Bucket, account: str, configuration: dict[str, Any], reason: str
) -> None:
    bucket.put("a.txt")
    with pytest.raises(SourceFailure, match=reason):
        await anext(bucket.opened(account, **configuration).listing())


async def test_an_object_that_vanishes_or_is_too_much(bucket: Bucket) -> None:
    bucket.put("a.txt")
    bucket.put("a.txt.metadata.json", "x" * (11 << 10))
    objects = bucket.opened()
    (found,) = await bucket.listed()
    with pytest.raises(SourceFailure, match="is larger than 10 KiB"):
        await objects.metadata(found)
    (bucket.folder / "a.txt").unlink()
    with pytest.raises(SourceFailure, match="was deleted after it had been listed"):
        await objects.read(found)

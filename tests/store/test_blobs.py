"""Objects at s3 addresses: in folders of the home, and in a store that speaks S3."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import aclosing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from craton.config import S3Settings
from craton.store.blobs import (
    BlobError,
    Blobs,
    ForbiddenBlob,
    InvalidAddress,
    LargeBlob,
    MissingBlob,
    UnreachableBlob,
)

OWN, OTHER = "123456789012", "999999999999"
SECRET = b"what only its owner may read"


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "home", OWN)


async def listed(blobs: Blobs, uri: str, account: str = OWN) -> list[str]:
    return sorted([blob.uri async for blob in blobs.list(uri, account=account)])


def outermost(folder: Path) -> set[str]:
    """Everything in the folder, to the third level."""
    return {
        "/".join(path.relative_to(folder).parts[:3])
        for path in folder.rglob("*")
        if path.is_file() or path.is_symlink()
    }


class TestFolders:
    async def test_an_object_is_a_file_of_its_bucket(self, blobs: Blobs, tmp_path: Path) -> None:
        await blobs.write("s3://reports/2026/may ü%20#.txt", b"hello", account=OWN)
        assert (tmp_path / "home/buckets/reports/2026/may ü%20#.txt").read_bytes() == b"hello"
        assert await blobs.read("s3://reports/2026/may ü%20#.txt", account=OWN, limit=5) == b"hello"
        await blobs.write("s3://reports/2026/may ü%20#.txt", b"bye", account=OWN)
        assert await blobs.read("s3://reports/2026/may ü%20#.txt", account=OWN, limit=5) == b"bye"

    async def test_files_put_there_by_hand_are_objects(self, blobs: Blobs, tmp_path: Path) -> None:
        elsewhere = tmp_path / "data"
        elsewhere.mkdir()
        (elsewhere / "a.pdf").write_bytes(b"pdf")
        (tmp_path / "home/buckets").mkdir(parents=True)
        (tmp_path / "home/buckets/linked").symlink_to(elsewhere)
        assert await blobs.read("s3://linked/a.pdf", account=OWN, limit=10) == b"pdf"
        assert await listed(blobs, "s3://linked") == ["s3://linked/a.pdf"]

    async def test_is_read_in_pieces(self, blobs: Blobs) -> None:
        data = bytes(range(256)) * 4096 * 5
        await blobs.write("s3://big/data", data, account=OWN)
        pieces = [piece async for piece in blobs.chunks("s3://big/data", account=OWN, limit=len(data))]
        assert b"".join(pieces) == data
        assert len(pieces) > 2

    async def test_a_file_that_is_made_shorter_meanwhile_ends(self, blobs: Blobs, tmp_path: Path) -> None:
        await blobs.write("s3://bucket/a", bytes(3 << 20), account=OWN)
        file = tmp_path / "home" / "buckets" / "bucket" / "a"
        async with aclosing(blobs.chunks("s3://bucket/a", account=OWN, limit=4 << 20)) as chunks:
            read = len(await anext(chunks))
            file.write_bytes(bytes(10))
            async with asyncio.timeout(10):
                read += sum([len(chunk) async for chunk in chunks])
        assert read < 3 << 20

    async def test_too_much_is_not_read(self, blobs: Blobs) -> None:
        await blobs.write("s3://big/data", b"x" * 101, account=OWN)
        with pytest.raises(LargeBlob, match=r"'s3://big/data' is larger than 100 bytes"):
            await blobs.read("s3://big/data", account=OWN, limit=100)

    @pytest.mark.parametrize("uri", ["s3://none/a", "s3://some/none", "s3://some/a", "s3://some/a/b/c"])
    async def test_what_is_missing(self, blobs: Blobs, uri: str) -> None:
        await blobs.write("s3://some/a/b", b"", account=OWN)
        assert not await blobs.exists(uri, account=OWN)
        with pytest.raises(MissingBlob, match=f"There is no object '{uri}'"):
            await blobs.read(uri, account=OWN, limit=9)

    async def test_exists_until_it_is_deleted(self, blobs: Blobs) -> None:
        await blobs.write("s3://some/a", b"1", account=OWN)
        assert await blobs.exists("s3://some/a", account=OWN)
        await blobs.delete("s3://some/a", account=OWN)
        assert not await blobs.exists("s3://some/a", account=OWN)
        await blobs.delete("s3://some/a", account=OWN)
        await blobs.delete("s3://none/a", account=OWN)

    async def test_lists_by_the_beginning_of_the_key(self, blobs: Blobs) -> None:
        for key in ("a", "docs/1.txt", "docs/10.txt", "docs/2.txt", "docs2/1.txt"):
            await blobs.write(f"s3://some/{key}", b"12", account=OWN)
        assert len(await listed(blobs, "s3://some")) == 5
        assert await listed(blobs, "s3://some/docs") == [
            "s3://some/docs/1.txt",
            "s3://some/docs/10.txt",
            "s3://some/docs/2.txt",
            "s3://some/docs2/1.txt",
        ]
        assert await listed(blobs, "s3://some/docs/1") == ["s3://some/docs/1.txt", "s3://some/docs/10.txt"]
        assert await listed(blobs, "s3://none") == await listed(blobs, "s3://some/none/") == []
        assert [blob.size async for blob in blobs.list("s3://some/a", account=OWN)] == [2]

    async def test_what_is_half_written_is_not_listed(self, blobs: Blobs, tmp_path: Path) -> None:
        await blobs.write("s3://some/a", b"1", account=OWN)
        (tmp_path / "home/buckets/some/b#1").write_bytes(b"half")
        assert await listed(blobs, "s3://some") == ["s3://some/a"]

    async def test_a_failing_disk_is_told_without_its_folders(self, blobs: Blobs, tmp_path: Path) -> None:
        await blobs.write("s3://some/a", b"1", account=OWN)
        with pytest.raises(UnreachableBlob, match="'s3://some/a/b' cannot be read or written now") as refused:
            await blobs.write("s3://some/a/b", b"1", account=OWN)
        assert str(tmp_path) not in str(refused.value)


class TestAddresses:
    @pytest.mark.parametrize(
        "uri",
        ["", "s3://", "s3://a/b", "s3://UPPER/b", "s3://../b", "s3://.hidden/b", "s3://@999999999999/x", "file:///etc/x",
         "https://bucket/key", "s3://bucket\n/key", "s3://-bucket/key", f"s3://{'b' * 64}/key", " s3://bucket/key"],
    )  # fmt: skip
    async def test_what_is_no_address(self, blobs: Blobs, uri: str) -> None:
        with pytest.raises(InvalidAddress, match="is not an S3 address"):
            await blobs.read(uri, account=OWN, limit=1)

    @pytest.mark.parametrize(
        "key",
        ["", "/", "../x", "a/../../x", "a/..", "..", ".", "./a", "a/./b", "/etc/passwd", "a//b", "a/", "a\0b", "a\nb",
         "x#1", "k" * 251, "/".join(["long"] * 206)],
    )  # fmt: skip
    async def test_keys_that_no_store_can_hold(self, blobs: Blobs, key: str) -> None:
        for call in (
            blobs.read(f"s3://bucket/{key}", account=OWN, limit=1),
            blobs.write(f"s3://bucket/{key}", b"", account=OWN),
            blobs.delete(f"s3://bucket/{key}", account=OWN),
        ):
            with pytest.raises(InvalidAddress, match=r"The key of .* (names no object|is too long)"):
                await call

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(key=st.text(max_size=40) | st.lists(st.sampled_from(["..", ".", "a", "", "%2e%2e", "~"])).map("/".join))
    async def test_no_key_leaves_the_bucket(self, tmp_path: Path, key: str) -> None:
        """Whatever is written lies within its bucket and is read back, or the address is refused."""
        home = tmp_path / "home"
        blobs = Blobs(home, OWN)
        try:
            await blobs.write(f"s3://bucket/{key}", SECRET, account=OWN)
            assert await blobs.read(f"s3://bucket/{key}", account=OWN, limit=99) == SECRET
            await blobs.delete(f"s3://bucket/{key}", account=OWN)
        except BlobError:
            pass
        except UnicodeEncodeError:
            assert any("\ud800" <= letter <= "\udfff" for letter in key)
        assert outermost(tmp_path) <= {"home/buckets/bucket"}

    async def test_links_out_of_the_bucket_are_not_followed(self, blobs: Blobs, tmp_path: Path) -> None:
        await blobs.write("s3://some/a", b"1", account=OWN)
        (tmp_path / "secret").write_bytes(SECRET)
        bucket = tmp_path / "home/buckets/some"
        (bucket / "file").symlink_to(tmp_path / "secret")
        (bucket / "folder").symlink_to(tmp_path)
        (bucket / "within").symlink_to(bucket / "a")
        (bucket / "circle").symlink_to(bucket / "circle")
        for key in ("file", "folder/secret", "folder/new", "circle"):
            with pytest.raises(ForbiddenBlob, match="leads out of its bucket"):
                await blobs.read(f"s3://some/{key}", account=OWN, limit=99)
            with pytest.raises(ForbiddenBlob, match="leads out of its bucket"):
                await blobs.write(f"s3://some/{key}", b"", account=OWN)
        assert await listed(blobs, "s3://some") == ["s3://some/a", "s3://some/within"]
        assert await blobs.read("s3://some/within", account=OWN, limit=99) == b"1"
        assert (tmp_path / "secret").read_bytes() == SECRET


class TestAccounts:
    async def test_each_has_buckets_of_its_own(self, blobs: Blobs) -> None:
        for account in (OWN, OTHER):
            await blobs.write("s3://shared-name/key", account.encode(), account=account)
        for account in (OWN, OTHER):
            assert await blobs.read("s3://shared-name/key", account=account, limit=99) == account.encode()
            assert await listed(blobs, "s3://shared-name", account) == ["s3://shared-name/key"]
        await blobs.delete("s3://shared-name/key", account=OTHER)
        assert await blobs.exists("s3://shared-name/key", account=OWN)

    async def test_none_sees_whether_anothers_object_exists(self, blobs: Blobs) -> None:
        await blobs.write("s3://mine/secret", SECRET, account=OWN)
        refusals = []
        for key in ("secret", "missing"):
            assert not await blobs.exists(f"s3://mine/{key}", account=OTHER)
            with pytest.raises(MissingBlob) as refused:
                await blobs.read(f"s3://mine/{key}", account=OTHER, limit=99)
            refusals.append(str(refused.value).replace(key, "-"))
        assert len(set(refusals)) == 1
        assert await listed(blobs, "s3://mine", OTHER) == []

    async def test_the_owner_that_a_request_names_must_be_the_caller(self, blobs: Blobs) -> None:
        await blobs.write("s3://mine/a", b"1", account=OWN, owner=OWN)
        assert await blobs.read("s3://mine/a", account=OWN, owner=OWN, limit=9) == b"1"
        for account, owner in ((OWN, OTHER), (OTHER, OWN)):
            with pytest.raises(ForbiddenBlob, match=f"belongs to the account '{owner}'"):
                await blobs.read("s3://mine/a", account=account, owner=owner, limit=9)


class FakeS3(BaseHTTPRequestHandler):
    """Keeps objects by path; answers what this server's use of S3 needs."""

    objects: dict[str, bytes]
    signatures: list[str]

    def do_PUT(self) -> None:
        self.objects[self._path()] = self.rfile.read(int(self.headers["content-length"]))
        self._answer(200)

    def do_GET(self) -> None:
        if "list-type" in self.path:
            return self._answer(200, self._listing())
        data = self.objects.get(self._path())
        return self._answer(404 if data is None else 200, data or b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.objects.pop(self._path(), None)
        self._answer(204)

    def _path(self) -> str:
        self.signatures.append(self.headers.get("authorization", ""))
        return unquote(urlsplit(self.path).path)

    def _listing(self) -> bytes:
        bucket = self._path().rstrip("/") + "/"
        contents = "".join(
            f"<Contents><Key>{path.removeprefix(bucket)}</Key><Size>{len(data)}</Size>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>x</ETag></Contents>"
            for path, data in self.objects.items()
            if path.startswith(bucket)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>".encode()

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.send_header("etag", '"x"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class TestObjectStore:
    @pytest.fixture
    def s3(self) -> Iterator[ThreadingHTTPServer]:
        handler = type("Handler", (FakeS3,), {"objects": {}, "signatures": []})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
        server.server_close()

    @pytest.fixture
    def blobs(self, s3: ThreadingHTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Blobs:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATHESTORES")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        kept = S3Settings(
            buckets={"real-*": OWN, "their-*": OTHER},
            endpoint=f"http://127.0.0.1:{s3.server_port}",
            region="eu-central-1",
            allow_http=True,
        )
        return Blobs(tmp_path / "home", OWN, kept)

    async def test_the_configured_buckets_are_there(
        self, blobs: Blobs, s3: ThreadingHTTPServer, tmp_path: Path
    ) -> None:
        await blobs.write("s3://real-one/a/b c.txt", b"1", account=OWN)
        await blobs.write("s3://folder/a", b"2", account=OWN)
        assert s3.RequestHandlerClass.objects == {"/real-one/a/b c.txt": b"1"}  # type: ignore[attr-defined]
        (signature, *_) = s3.RequestHandlerClass.signatures  # type: ignore[attr-defined]
        assert "Credential=AKIATHESTORES/" in signature
        assert "/eu-central-1/s3/aws4_request" in signature
        assert [path.name for path in (tmp_path / "home/buckets").iterdir()] == ["folder"]
        assert await blobs.read("s3://real-one/a/b c.txt", account=OWN, limit=9) == b"1"
        assert await listed(blobs, "s3://real-one/a/b") == ["s3://real-one/a/b c.txt"]
        with pytest.raises(LargeBlob):
            await blobs.read("s3://real-one/a/b c.txt", account=OWN, limit=0)
        await blobs.delete("s3://real-one/a/b c.txt", account=OWN)
        assert not await blobs.exists("s3://real-one/a/b c.txt", account=OWN)

    async def test_only_the_account_that_a_bucket_belongs_to_has_it(self, blobs: Blobs) -> None:
        await blobs.write("s3://their-data/a", SECRET, account=OTHER)
        for bucket, account in (("their-data", OWN), ("real-one", OTHER)):
            with pytest.raises(ForbiddenBlob, match="belongs to another account"):
                await blobs.read(f"s3://{bucket}/a", account=account, limit=99)
            with pytest.raises(ForbiddenBlob):
                await listed(blobs, f"s3://{bucket}", account)

    @pytest.mark.parametrize("key", ["a//b.txt", "./x.txt"])
    async def test_a_key_that_is_no_path_is_named(self, blobs: Blobs, s3: ThreadingHTTPServer, key: str) -> None:
        s3.RequestHandlerClass.objects[f"/real-one/{key}"] = b"1"  # type: ignore[attr-defined]
        with pytest.raises(InvalidAddress, match=re.escape(repr(key))):
            await listed(blobs, "s3://real-one")

    async def test_a_store_that_fails_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATHESTORES")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        gone = S3Settings(buckets={"*": OWN}, endpoint="https://127.0.0.1:1", region="eu-central-1")
        with pytest.raises(UnreachableBlob, match="'s3://real-one/a' cannot be read or written now"):
            await Blobs(tmp_path, OWN, gone).read("s3://real-one/a", account=OWN, limit=1)

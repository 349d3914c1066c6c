"""The files of a log group: by day and size, the oldest removed, nothing half written."""

import json
from pathlib import Path

import pytest

from craton.core.context import Context
from craton.store.blobs import Blobs
from craton.store.documents import Scope
from craton.usage.invocation_logs import targets
from craton.usage.invocation_logs.entry import Entry
from craton.usage.invocation_logs.settings import Folder, Settings
from craton.usage.invocation_logs.targets import STREAM, Bucket, DeliveryError, LogGroup

ACCOUNT = "123456789012"


def entry(text: str) -> Entry:
    ctx = Context(ACCOUNT, "us-east-1", f"arn:aws:iam::{ACCOUNT}:root", "r")
    body = json.dumps({"text": text}).encode()
    return Entry(Settings(None, None, None, frozenset()), ctx, "Converse", "m", body, b"{}")


async def put(group: LogGroup, *texts: str) -> None:
    await group.deliver(group.prepare([entry(text) for text in texts]))


def texts(path: Path) -> list[str]:
    return [json.loads(line)["input"]["inputBodyJson"]["text"] for line in path.read_text().splitlines()]


async def test_a_file_that_is_full_is_continued_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "MOST_BYTES", 3000)
    group = LogGroup(tmp_path, None)
    for number in range(10):
        await put(group, f"{number}" + "x" * 500)
    files = sorted((tmp_path / STREAM).iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert len(files) > 2 and all(path.stat().st_size <= 3000 for path in files)
    assert [text[0] for path in files for text in texts(path)] == list("0123456789")
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


async def test_the_oldest_files_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "MOST_BYTES", 1500)
    monkeypatch.setattr(targets, "MOST_BYTES_IN_ALL", 4000)
    group = LogGroup(tmp_path, None)
    for number in range(12):
        await put(group, f"{number:02}" + "x" * 500)
    files = list((tmp_path / STREAM).iterdir())
    assert sum(path.stat().st_size for path in files) <= 4000
    assert "11" in {text[:2] for path in files for text in texts(path)}


async def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    with pytest.raises(DeliveryError, match="taken"):
        await put(LogGroup(tmp_path / "taken", None), "a")


async def test_a_bucket_is_written_once_however_often_it_is_tried(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path, ACCOUNT)
    bucket = Bucket(blobs, Scope(ACCOUNT, "us-east-1"), Folder("b-1", ""))
    prepared = bucket.prepare([entry("a"), entry("b" * 200_000)])
    addresses = set(prepared.objects)
    await bucket.deliver(prepared)
    await bucket.deliver(prepared)
    found = {blob.uri async for blob in blobs.list("s3://b-1/", account=ACCOUNT)}
    assert found == addresses and len(found) == 2

"""The address of a document's content: how long it lasts, and what it says of a file."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from craton.core.context import Context
from craton.errors import AccessDeniedException, ResourceNotFoundException
from craton.knowledge.access import contents as module
from craton.knowledge.access.contents import LIFETIME, DocumentContents
from craton.knowledge.bases.bases import Bases
from craton.knowledge.ingestion.contents import Contents
from craton.knowledge.records import DOCUMENT, Base, Source
from craton.store.blobs import Blobs
from craton.store.documents import Document, Documents

CTX = Context("123456789012", "us-east-1", "arn:aws:iam::123456789012:root", "r", endpoint="https://craton.example.com")
NAME = "ABCDEFGHIJ/KLMNOPQRST/0123456789abcdef0123456789abcdef"


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def contents(tmp_path: Path, documents: Documents) -> DocumentContents:
    return DocumentContents(documents, Bases(documents), Contents(tmp_path), Blobs(tmp_path, CTX.account))


async def kept(tmp_path: Path, documents: Documents, **more: Any) -> tuple[Source, Document]:
    raw = await Contents(tmp_path).keep(CTX.scope, NAME, b"Bees.")
    body = {"identifier": "a/bees.txt", "raw": raw, "text": None, "mediaType": None, "acl": None, "status": "FAILED"}
    base = Base(CTX.scope, await documents.create(CTX.scope, "base", "ABCDEFGHIJ", {}))
    configuration = {"dataSourceConfiguration": {"type": "CUSTOM"}}
    source = Source(base, await documents.create(CTX.scope, "source", "ABCDEFGHIJ/KLMNOPQRST", configuration))
    return source, await documents.create(CTX.scope, DOCUMENT, NAME, body | more)


def query_of(answer: dict[str, Any]) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer["presignedUrl"]).query))


async def test_it_ends_after_five_minutes(
    tmp_path: Path, documents: Documents, contents: DocumentContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, record = await kept(tmp_path, documents)
    answer = await contents.address(CTX, source, record, "RAW", None)
    assert answer["presignedUrl"].startswith("https://craton.example.com/_craton/document-content?")
    held = await contents.read(query_of(answer))
    assert (held.data, held.media_type, held.name) == (b"Bees.", "text/plain", "bees.txt")
    later = time.time() + LIFETIME + 1
    monkeypatch.setattr(module.time, "time", lambda: later)
    with pytest.raises(AccessDeniedException, match="expired"):
        await contents.read(query_of(answer))


async def test_it_leads_nowhere_once_others_may_see_the_document(
    tmp_path: Path, documents: Documents, contents: DocumentContents
) -> None:
    source, record = await kept(tmp_path, documents)
    query = query_of(await contents.address(CTX, source, record, "RAW", None))
    listed = [{"name": "ada@example.com", "type": "USER", "access": "ALLOW"}]
    await documents.replace(CTX.scope, DOCUMENT, NAME, record.body | {"acl": listed})
    with pytest.raises(AccessDeniedException, match="others may see"):
        await contents.read(query)


async def test_a_document_without_text_has_none_extracted(
    tmp_path: Path, documents: Documents, contents: DocumentContents
) -> None:
    source, record = await kept(tmp_path, documents)
    with pytest.raises(ResourceNotFoundException, match="No text is kept"):
        await contents.address(CTX, source, record, "EXTRACTED", None)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("text/html; charset=utf-8", "text/html"),
        ("text/html\r\nSet-Cookie: a=b", "text/html"),
        ("\r\n/", "application/octet-stream"),
    ],
)
async def test_a_media_type_is_no_header(
    tmp_path: Path, documents: Documents, contents: DocumentContents, told: str, said: str
) -> None:
    source, record = await kept(tmp_path, documents, mediaType=told)
    assert (await contents.address(CTX, source, record, "RAW", None))["mimeType"] == said

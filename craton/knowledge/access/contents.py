"""What a document holds, at an address that this server itself gives out for a few minutes, to whoever has it.

The address names the document and the form, and is sealed with the server's own secret. It leads to nothing else, and
to nothing once the document is gone or others may see it. Knows no HTTP.
"""

import json
import mimetypes
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from craton.core.context import Context
from craton.errors import AccessDeniedException, ResourceNotFoundException, ValidationException
from craton.knowledge.access import lists
from craton.knowledge.access.lists import Entry
from craton.knowledge.acquiring.found import FILE_BYTES
from craton.knowledge.bases.bases import Bases
from craton.knowledge.ingestion import documents as ingested
from craton.knowledge.ingestion.contents import Contents, MissingContent
from craton.knowledge.records import DOCUMENT, Source
from craton.store.blobs import BlobError, Blobs
from craton.store.documents import Document, Documents
from craton.store.records import Record, Scope

Form = Literal["RAW", "EXTRACTED"]

PATH = "/_craton/document-content"
LIFETIME = (
    300  # seconds; https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_GetDocumentContent.html
)

_PURPOSE = "document-content"
_UNKNOWN = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-zA-Z0-9.+_-]+/[a-zA-Z0-9.+_-]+")


@dataclass(frozen=True, slots=True)
class Held:
    """What a document holds; `name` is a file's."""

    data: bytes
    media_type: str
    name: str


class DocumentContents:
    def __init__(self, documents: Documents, bases: Bases, contents: Contents, blobs: Blobs) -> None:
        self._documents = documents
        self._bases = bases
        self._contents = contents
        self._blobs = blobs

    async def find(self, ctx: Context, base_id: str, source_id: str, identifier: str) -> tuple[Source, Document]:
        """A document of a data source, by its identifier there or the `documentId` that searches tell. Raises
        ResourceNotFoundException.
        """
        base = await self._bases.find(ctx, base_id)
        source = await self._bases.source(ctx, base, source_id)
        record = self._documents.look(lambda view: ingested.find(view, source, identifier))
        if record is None and identifier.startswith(f"{source.document.id}/"):
            record = await self._documents.find(ctx.scope, DOCUMENT, identifier)
        if record is None:
            raise ResourceNotFoundException(
                f"The data source {source_id!r} has no document {identifier!r}. Name it by the 'documentId' of a "
                "search's result, or as ListKnowledgeBaseDocuments does: an object by its S3 address, a custom "
                "document by its id, a page by its URL."
            )
        return source, record

    async def address(
        self, ctx: Context, source: Source, record: Document, form: Form, user: Mapping[str, str] | None
    ) -> Record:
        """What GetDocumentContent answers, where the user may see the document.

        Raises ValidationException where no user is named and the document is not everybody's, AccessDeniedException,
        and ResourceNotFoundException where nothing is kept in that form.
        """
        entries = entries_of(source, record)
        if entries is not None and user is None:
            raise ValidationException("The document has an access control list. Name the user in 'userContext'.")
        if not lists.allows(entries, user):
            raise AccessDeniedException(f"The user does not have access to the document {record.body['identifier']!r}.")
        held = await self._held(ctx.scope, record, form)
        expires = int(time.time()) + LIFETIME
        query = {
            "account": ctx.account,
            "region": ctx.region,
            "document": record.id,
            "form": form,
            "token": self._documents.tokens.write(expires, *_sealed(ctx.scope, record.id, form)),
            "access": self._documents.tokens.write(expires, *_sealed(ctx.scope, record.id, form), _seen(record)),
        }
        return {
            "presignedUrl": f"{ctx.endpoint}{PATH}?{urlencode(query)}",
            "mimeType": held.media_type,
            "documentContentLength": len(held.data),
        }

    async def read(self, query: Mapping[str, str]) -> Held:
        """What an address leads to; `query` is its query. Raises AccessDeniedException, ResourceNotFoundException."""
        scope = Scope(query.get("account", ""), query.get("region", ""))
        name, form = query.get("document", ""), query.get("form", "")
        expires = self._unsealed(query, "token", *_sealed(scope, name, form))
        record = await self._documents.get(scope, DOCUMENT, name)
        self._unsealed(query, "access", *_sealed(scope, name, form), _seen(record))
        if time.time() > expires:
            raise AccessDeniedException("The address has expired. Call GetDocumentContent for another one.")
        return await self._held(scope, record, form)

    def _unsealed(self, query: Mapping[str, str], member: str, *context: str) -> int:
        try:
            return self._documents.tokens.read(query.get(member, ""), *context)
        except ValidationException:
            raise AccessDeniedException(
                "The address is not one that this server gave out, or others may see the document since. Call "
                "GetDocumentContent for another one."
            ) from None

    async def _held(self, scope: Scope, record: Document, form: str) -> Held:
        body = record.body
        name = _file_name(body["identifier"])
        try:
            if form == "EXTRACTED":
                if body["text"] is None:
                    raise ResourceNotFoundException(
                        f"No text is kept of the document {body['identifier']!r}; its status is {body['status']}."
                    )
                text = (await self._contents.read(scope, record.id, body["text"])).decode()
                return Held(_extracted(body["identifier"], text), "application/json", f"{name}.json")
            media_type = _media_type(body["mediaType"], name)
            if body["raw"]:
                return Held(await self._contents.read(scope, record.id, body["raw"]), media_type, name)
            if body["location"]["type"] == ingested.S3:
                uri = body["location"]["s3Location"]["uri"]
                if body["acl"] is not None:
                    await self._check_unchanged(scope, uri, body["version"])
                return Held(await self._blobs.read(uri, account=scope.account, limit=FILE_BYTES), media_type, name)
        except (MissingContent, BlobError) as error:
            raise ResourceNotFoundException(str(error)) from None
        raise ResourceNotFoundException(f"The bytes of the document {body['identifier']!r} are not kept.")

    async def _check_unchanged(self, scope: Scope, uri: str, version: str | None) -> None:
        """Raises ResourceNotFoundException where an object is another than the one whose list is known."""
        found = await self._blobs.find(uri, account=scope.account)
        if found is None or found.version != version:
            raise ResourceNotFoundException(
                f"The object {uri!r} changed since it was ingested, and who may see it may have, too. Run an ingestion "
                "job, then ask again."
            )


def entries_of(source: Source, record: Document) -> list[Entry] | None:
    """The access control list of a document, None for one that everybody may see."""
    entries: list[Entry] | None = record.body["acl"]
    return [] if entries is None and source.acl_enabled else entries


def _sealed(scope: Scope, name: str, form: str) -> tuple[str, ...]:
    return (_PURPOSE, scope.account, scope.region, name, form)


def _seen(record: Document) -> str:
    """Who may see it."""
    return json.dumps(record.body["acl"])


def _extracted(identifier: str, text: str) -> bytes:
    """The text as JSON, by pages where the document has pages."""
    pages = text.split("\f")
    content = [
        {"type": "TEXT", "text": page} | ({"pageNumber": number} if len(pages) > 1 else {})
        for number, page in enumerate(pages, start=1)
    ]
    return json.dumps({"documentId": identifier, "content": content}, ensure_ascii=False).encode()


def _media_type(told: str | None, name: str) -> str:
    """What was told of it, without parameters, or what the name says."""
    found = _MEDIA_TYPE.match(told or mimetypes.guess_type(name)[0] or _UNKNOWN)
    return found[0] if found else _UNKNOWN


def _file_name(identifier: str) -> str:
    """A name for a file, from an address or an id."""
    last = identifier.rstrip("/").rpartition("/")[2]
    return re.sub(r"[^\w.\-]+", "_", last)[-100:].lstrip(".") or "document"

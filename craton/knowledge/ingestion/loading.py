"""A document's text and metadata, from where they are: its source, the request that handed it in, or what is kept.

Knows no index and no job.
"""

from dataclasses import replace

from craton.knowledge.acquiring.found import FILE_BYTES, METADATA_BYTES, Acquiring, Found, SourceFailure
from craton.knowledge.acquiring.s3 import Objects
from craton.knowledge.ingestion.contents import Contents, MissingContent
from craton.knowledge.ingestion.documents import S3
from craton.knowledge.ingestion.indexing.ingesting import Given, Ingesting, Unusable
from craton.knowledge.ingestion.indexing.pipeline import Loaded
from craton.knowledge.ingestion.metadata.metadata import NONE, Metadata, MetadataError, of_file
from craton.knowledge.ingestion.units import Task
from craton.knowledge.records import Source
from craton.store.blobs import BlobError, Blobs
from craton.store.documents import Document
from craton.store.records import Record, Scope


class Loading:
    def __init__(self, blobs: Blobs, contents: Contents, ingesting: Ingesting) -> None:
        self._blobs = blobs
        self._contents = contents
        self._ingesting = ingesting

    async def listed(
        self, source: Source, acquiring: Acquiring, id: str, task: Task, record: Document | None
    ) -> Loaded:
        """A document as its source has it; where only its metadata changed, its text is the one that is kept.

        Raises Unusable.
        """
        found = task.found
        if found.ignored:
            raise Unusable(found.ignored, ignored=True)
        if found.failed:
            raise Unusable(found.failed, unread=True)
        metadata = await self._metadata(acquiring, found)
        kept = record.body if record and task.change in ("metadata", "again") else None
        if kept and kept["text"]:
            try:
                text = await self._contents.read(source.base.scope, id, kept["text"])
                told = {"raw": kept["raw"], "text": kept["text"], "mediaType": kept["mediaType"]}
                given = Given(
                    id, found.uri, found.location, text.decode(), kept["mediaType"], metadata, kept["vectors"]
                )
                return Loaded(given, told | _described(metadata))
            except MissingContent:
                pass  # the source has it
        return await self._read(source.base.scope, acquiring, id, task, metadata)

    async def kept(self, source: Source, record: Document) -> Loaded:
        """A document as it is kept. Raises Unusable."""
        body = record.body
        try:
            text = await self._contents.read(source.base.scope, record.id, body["text"])
        except MissingContent as error:
            raise Unusable(str(error)) from None
        metadata = Metadata.again(body["metadata"], body["acl"])
        given = Given(
            record.id, body["uri"], body["location"], text.decode(), body["mediaType"], metadata, body["vectors"]
        )
        return Loaded(given, {})

    async def handed(self, source: Source, record: Document) -> Loaded:
        """A document that a request handed in. Raises Unusable."""
        scope, body = source.base.scope, record.body
        given: Record = body["given"]
        if given["raw"] is None and source.configuration["type"] == S3:
            return await self._object(source, record)
        metadata = await self._told(scope, given["metadata"])
        place = Given(record.id, body["uri"], body["location"], "", "", metadata)
        if given["raw"] is None:
            data = await self._blob(scope, body["uri"], given["owner"], FILE_BYTES)
            loaded = await self.parsed(scope, place, data, body["uri"], None, None)
        else:
            try:
                data = await self._contents.read(scope, record.id, given["raw"])
            except MissingContent as error:
                raise Unusable(str(error)) from None
            loaded = await self.parsed(scope, place, data, body["uri"], given["mediaType"], given["raw"])
        return loaded

    async def _object(self, source: Source, record: Document) -> Loaded:
        """An object of an S3 source, as a listing would find it. Its attributes are those of the request, if that has
        any; so is its list of who may see it, or else the one of its metadata file.
        """
        body, given = record.body, record.body["given"]
        acquiring = Objects(source.configuration["s3Configuration"], self._blobs, source.base.scope.account)
        try:
            found = await acquiring.find(body["uri"])
        except SourceFailure as error:
            raise Unusable(str(error), unread=True) from None
        if found is None:
            raise Unusable(f"There is no object {body['uri']!r} in the data source.", unread=True)
        if found.ignored:
            raise Unusable(found.ignored, ignored=True)
        metadata = await self._metadata(acquiring, found)
        if given["metadata"]:
            told = await self._told(source.base.scope, given["metadata"])
            metadata = told if told.acl is not None else replace(told, acl=metadata.acl)
        loaded = await self._read(source.base.scope, acquiring, record.id, Task(found, "changed"), metadata)
        versions = {"version": found.version, "metadataVersion": found.metadata_version}
        return Loaded(loaded.given, loaded.changes | versions)

    async def _told(self, scope: Scope, told: Record | None) -> Metadata:
        """The metadata that came with a request, or that it says the address of."""
        if told is None:
            return NONE
        if "kept" in told:
            return Metadata.again(told["kept"], told["acl"])
        data = await self._blob(scope, told["uri"], told["owner"], METADATA_BYTES)
        try:
            return of_file(data, told["uri"])
        except MetadataError as error:
            raise Unusable(str(error)) from None

    async def _blob(self, scope: Scope, uri: str, owner: str | None, limit: int) -> bytes:
        try:
            return await self._blobs.read(uri, account=scope.account, owner=owner, limit=limit)
        except BlobError as error:
            raise Unusable(str(error), unread=True) from None

    async def parsed(
        self, scope: Scope, given: Given, data: bytes, name: str, media_type: str | None, raw: str | None
    ) -> Loaded:
        """A document of which the bytes are known; its text is kept. Raises Unusable."""
        text, found = await self._ingesting.text(data, name, media_type)
        kept = await self._contents.keep(scope, given.id, text.encode())
        told = {"raw": raw, "text": kept, "mediaType": found}
        return Loaded(
            Given(given.id, given.uri, given.location, text, found, given.metadata), told | _described(given.metadata)
        )

    async def _read(self, scope: Scope, acquiring: Acquiring, id: str, task: Task, metadata: Metadata) -> Loaded:
        found = task.found
        data, media_type = await self._data(scope, acquiring, id, task)
        given = Given(id, found.uri, found.location, "", "", metadata)
        return await self.parsed(scope, given, data, found.uri, media_type, task.raw)

    async def _data(self, scope: Scope, acquiring: Acquiring, id: str, task: Task) -> tuple[bytes, str | None]:
        if task.raw:
            try:
                return await self._contents.read(scope, id, task.raw), task.media_type
            except MissingContent:
                pass  # it was swept; the source has it
        try:
            content = await acquiring.read(task.found)
        except SourceFailure as error:
            raise Unusable(str(error), unread=True) from None
        return content.data, content.media_type

    async def _metadata(self, acquiring: Acquiring, found: Found) -> Metadata:
        try:
            data = await acquiring.metadata(found)
        except SourceFailure as error:
            raise Unusable(str(error), unread=True) from None
        if data is None:
            return NONE
        try:
            return of_file(data, f"{found.uri}.metadata.json")
        except MetadataError as error:
            raise Unusable(str(error)) from None


def _described(metadata: Metadata) -> Record:
    return {"metadata": metadata.kept, "acl": list(metadata.acl) if metadata.acl is not None else None}

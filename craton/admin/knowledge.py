"""Craton's operations on knowledge bases: files uploaded, chunks looked at, the index made anew."""

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.documents.formats import EXTENSIONS, FORMATS, format_of
from craton.errors import ValidationException
from craton.knowledge.access.contents import DocumentContents
from craton.knowledge.bases.bases import Bases
from craton.knowledge.ingestion.direct import Direct
from craton.knowledge.ingestion.rebuilding import Rebuilding
from craton.knowledge.ingestion.writing import Writing
from craton.store.tokens import Tokens
from craton.store.vectors.records import Chunk

_PAGE = 100


class KnowledgeApi:
    def __init__(
        self,
        bases: Bases,
        contents: DocumentContents,
        direct: Direct,
        rebuilding: Rebuilding,
        writing: Writing,
        tokens: Tokens,
    ) -> None:
        self._bases = bases
        self._contents = contents
        self._direct = direct
        self._rebuilding = rebuilding
        self._writing = writing
        self._tokens = tokens

    @operation(SERVICE)
    async def upload_knowledge_base_document(self, ctx: Context, req: Members) -> Members:
        base = await self._bases.find(ctx, req["knowledgeBaseId"])
        source = await self._bases.source(ctx, base, req["dataSourceId"])
        if (kind := source.configuration["type"]) != "CUSTOM":
            raise ValidationException(
                f"The data source {source.id!r} is of type {kind!r} and gets its documents itself. Upload to one of "
                "type 'CUSTOM'."
            )
        name: str = req.get("documentId") or req["fileName"]
        (detail,) = await self._direct.ingest(ctx, source, [_document(name, req)], None)
        told = ("status", "statusReason", "updatedAt")
        return {"documentId": name} | {member: detail[member] for member in told if member in detail}

    @operation(SERVICE)
    async def list_knowledge_base_chunks(self, ctx: Context, req: Members) -> Members:
        place = req["knowledgeBaseId"], req["dataSourceId"], req["documentId"]
        source, record = await self._contents.find(ctx, *place)
        context = (ctx.account, ctx.region, "chunks", *place)
        start = self._tokens.read(req["nextToken"], *context) if "nextToken" in req else 0
        end = start + req.get("maxResults", _PAGE)
        chunks = await (await self._writing.index(source.base)).of(record.id)
        return {
            "chunks": [_told(chunk) for chunk in chunks[start:end]],
            "nextToken": self._tokens.write(end, *context) if end < len(chunks) else None,
        }

    @operation(SERVICE)
    async def rebuild_knowledge_base(self, ctx: Context, req: Members) -> Members:
        base = await self._bases.find(ctx, req["knowledgeBaseId"])
        await self._rebuilding.start(ctx, base, discard=req.get("discardRetained", False))
        return {"knowledgeBaseId": base.id}


def _document(name: str, req: Members) -> Members:
    """The uploaded file as a KnowledgeBaseDocument. Raises ValidationException for what is not read."""
    form = format_of(req["fileName"], req.get("mediaType"), req["content"])
    if form is None:
        raise ValidationException(
            f"The format of the file {req['fileName']!r} is not supported; the files that are read end in "
            f"{', '.join(sorted(EXTENSIONS))}."
        )
    inline = {"type": "BYTE", "byteContent": {"mimeType": FORMATS[form].media_type, "data": req["content"]}}
    custom = {"customDocumentIdentifier": {"id": name}, "sourceType": "IN_LINE", "inlineContent": inline}
    document: Members = {"content": {"dataSourceType": "CUSTOM", "custom": custom}}
    metadata = {"inlineAttributes": req.get("attributes"), "accessControlList": req.get("accessControlList")}
    if given := {member: value for member, value in metadata.items() if value is not None}:
        document["metadata"] = {"type": "IN_LINE_ATTRIBUTE", **given}
    return document


def _told(chunk: Chunk) -> Members:
    return {
        "chunkId": chunk.id,
        "text": chunk.text,
        "parentChunkId": chunk.extra.get("parent"),
        "pageNumber": chunk.extra.get("page"),
        "metadata": chunk.extra.get("metadata", {}),
    }

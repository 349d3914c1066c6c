"""The operations on a document's content and its access control list. Handlers only: shapes are the service model's."""

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ResourceNotFoundException
from craton.knowledge.access import lists
from craton.knowledge.access.contents import DocumentContents, entries_of
from craton.store.records import Record

SERVICE = "bedrock-agent-runtime"


class DocumentAccessApi:
    def __init__(self, contents: DocumentContents) -> None:
        self._contents = contents

    @operation(SERVICE, refuses=["mediaId"])
    async def get_document_content(self, ctx: Context, req: Record) -> Record:
        if "mediaId" in req:
            raise ResourceNotFoundException(
                "This server takes no media out of documents. Leave out 'mediaId' to get the document itself."
            )
        source, record = await self._contents.find(ctx, *_place(req))
        form = req.get("outputFormat", "RAW")
        return await self._contents.address(ctx, source, record, form, req.get("userContext"))

    @operation(SERVICE)
    async def check_ingested_document_acl(self, ctx: Context, req: Record) -> Record:
        entries = entries_of(*await self._contents.find(ctx, *_place(req)))
        return {"hasAccess": lists.allows(entries, req["userContext"])}

    @operation(SERVICE)
    async def get_ingested_document_acl(self, ctx: Context, req: Record) -> Record:
        return {"documentAcl": lists.told(entries_of(*await self._contents.find(ctx, *_place(req))))}


def _place(req: Record) -> tuple[str, str, str]:
    return req["knowledgeBaseId"], req["dataSourceId"], req["documentId"]

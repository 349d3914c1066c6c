"""The operations on ingestion jobs and on single documents. Handlers only: shapes are the service model's."""

from collections.abc import Sequence

from craton.core.context import Context
from craton.core.operation import operation
from craton.knowledge.bases.bases import Bases
from craton.knowledge.ingestion import handing, reports
from craton.knowledge.ingestion.direct import Direct
from craton.knowledge.ingestion.runs import Runs
from craton.knowledge.records import Source
from craton.store.records import Record

SERVICE = "bedrock-agent"


# Where nothing else is asked for.
PAGE = 100


class IngestionApi:
    def __init__(self, bases: Bases, runs: Runs) -> None:
        self._bases = bases
        self._runs = runs

    @operation(SERVICE)
    async def start_ingestion_job(self, ctx: Context, req: Record) -> Record:
        base = await self._bases.find(ctx, req["knowledgeBaseId"])
        source = await self._bases.source(ctx, base, req["dataSourceId"])
        job = await self._runs.start(ctx, source, req.get("description"), req.get("clientToken"))
        return {"ingestionJob": reports.answer(job)}

    @operation(SERVICE)
    async def get_ingestion_job(self, ctx: Context, req: Record) -> Record:
        source = await self._source(ctx, req)
        return {"ingestionJob": reports.answer(await self._runs.find(source, req["ingestionJobId"]))}

    @operation(SERVICE)
    async def stop_ingestion_job(self, ctx: Context, req: Record) -> Record:
        source = await self._source(ctx, req)
        return {"ingestionJob": reports.answer(await self._runs.stop(source, req["ingestionJobId"]))}

    @operation(SERVICE)
    async def list_ingestion_jobs(self, ctx: Context, req: Record) -> Record:
        source = await self._source(ctx, req)
        jobs, token = await self._runs.page(
            source, req.get("filters", ()), req.get("sortBy"), req.get("maxResults"), req.get("nextToken")
        )
        summaries = [reports.answer(job, whole=False) for job in jobs]
        return {"ingestionJobSummaries": summaries} | ({"nextToken": token} if token else {})

    async def _source(self, ctx: Context, req: Record) -> Source:
        """A data source, whatever its status is."""
        base = await self._bases.get(ctx, req["knowledgeBaseId"])
        return await self._bases.any_source(base, req["dataSourceId"])


class DocumentsApi:
    def __init__(self, bases: Bases, direct: Direct) -> None:
        self._bases = bases
        self._direct = direct

    @operation(SERVICE)
    async def ingest_knowledge_base_documents(self, ctx: Context, req: Record) -> Record:
        source = await self._ready(ctx, req)
        return {"documentDetails": await self._direct.ingest(ctx, source, req["documents"], req.get("clientToken"))}

    @operation(SERVICE)
    async def get_knowledge_base_documents(self, ctx: Context, req: Record) -> Record:
        source = await self._any(ctx, req)
        return {"documentDetails": await self._direct.find(source, _named(source, req["documentIdentifiers"]))}

    @operation(SERVICE)
    async def list_knowledge_base_documents(self, ctx: Context, req: Record) -> Record:
        source = await self._any(ctx, req)
        details, token = await self._direct.page(source, req.get("maxResults") or PAGE, req.get("nextToken"))
        return {"documentDetails": details} | ({"nextToken": token} if token else {})

    @operation(SERVICE)
    async def delete_knowledge_base_documents(self, ctx: Context, req: Record) -> Record:
        source = await self._ready(ctx, req)
        identifiers = _named(source, req["documentIdentifiers"])
        return {"documentDetails": await self._direct.delete(ctx, source, identifiers, req.get("clientToken"))}

    async def _ready(self, ctx: Context, req: Record) -> Source:
        base = await self._bases.find(ctx, req["knowledgeBaseId"])
        return await self._bases.source(ctx, base, req["dataSourceId"])

    async def _any(self, ctx: Context, req: Record) -> Source:
        """A data source, whatever its status is."""
        base = await self._bases.get(ctx, req["knowledgeBaseId"])
        return await self._bases.any_source(base, req["dataSourceId"])


def _named(source: Source, shapes: Sequence[Record]) -> list[str]:
    """What DocumentIdentifiers name. Raises ValidationException."""
    return [handing.identifier(source, shape) for shape in shapes]

"""The operations on knowledge bases and their data sources. Handlers only: shapes are the service model's."""

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.knowledge.bases.bases import Bases
from craton.knowledge.bases.data_sources import DataSources
from craton.knowledge.bases.deleting import Deleting
from craton.knowledge.bases.knowledge_bases import KnowledgeBases
from craton.knowledge.records import DELETING
from craton.store.records import Record

SERVICE = "bedrock-agent"

_BASE = ("name", "description", "roleArn", "knowledgeBaseConfiguration", "storageConfiguration")
_SOURCE = (
    "name",
    "description",
    "dataSourceConfiguration",
    "dataDeletionPolicy",
    "serverSideEncryptionConfiguration",
    "vectorIngestionConfiguration",
)
_VECTORS = "knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration"
_MANAGED = "knowledgeBaseConfiguration.managedKnowledgeBaseConfiguration"
_MODEL = "embeddingModelConfiguration.bedrockEmbeddingModelConfiguration"
_BASE_REFUSED = (
    "knowledgeBaseConfiguration.kendraKnowledgeBaseConfiguration",
    f"{_MANAGED}.serverSideEncryptionConfiguration",
    *(
        f"{each}.{member}"
        for each in (_VECTORS, _MANAGED)
        for member in (
            f"{_MODEL}.audio",
            f"{_MODEL}.video",
            f"{_MODEL}.modelConfiguration",
            "supplementalDataStorageConfiguration",
        )
    ),
)
_CONNECTOR = "dataSourceConfiguration.managedKnowledgeBaseConnectorConfiguration"
_SOURCE_REFUSED = (
    "dataSourceConfiguration.confluenceConfiguration",
    "dataSourceConfiguration.salesforceConfiguration",
    "dataSourceConfiguration.sharePointConfiguration",
    f"{_CONNECTOR}.deletionProtectionConfiguration",
    f"{_CONNECTOR}.mediaExtractionConfiguration",
    f"{_CONNECTOR}.syncSchedule",
    "serverSideEncryptionConfiguration",
    "vectorIngestionConfiguration.parsingConfiguration",
)


class KnowledgeBasesApi:
    def __init__(self, knowledge_bases: KnowledgeBases, bases: Bases, deleting: Deleting) -> None:
        self._knowledge_bases = knowledge_bases
        self._bases = bases
        self._deleting = deleting

    @operation(SERVICE, refuses=_BASE_REFUSED)
    async def create_knowledge_base(self, ctx: Context, req: Record) -> Record:
        return {"knowledgeBase": await self._knowledge_bases.create(ctx, _kept(req, _BASE), req.get("tags", {}))}

    @operation(SERVICE)
    async def get_knowledge_base(self, ctx: Context, req: Record) -> Record:
        return {"knowledgeBase": await self._knowledge_bases.get(ctx, req["knowledgeBaseId"])}

    @operation(SERVICE, refuses=["metadataConfigurations"])
    async def update_knowledge_base(self, ctx: Context, req: Record) -> Record:
        if req.get("metadataConfigurations"):
            raise ValidationException(
                "This server makes all metadata searchable as they are. Leave out 'metadataConfigurations'."
            )
        return {"knowledgeBase": await self._knowledge_bases.update(ctx, req["knowledgeBaseId"], _kept(req, _BASE))}

    @operation(SERVICE)
    async def delete_knowledge_base(self, ctx: Context, req: Record) -> Record:
        base = await self._bases.get(ctx, req["knowledgeBaseId"])
        await self._deleting.base(base)
        return {"knowledgeBaseId": base.id, "status": DELETING}

    @operation(SERVICE)
    async def list_knowledge_bases(self, ctx: Context, req: Record) -> Record:
        summaries, token = await self._knowledge_bases.page(ctx, req.get("maxResults"), req.get("nextToken"))
        return {"knowledgeBaseSummaries": summaries} | ({"nextToken": token} if token else {})


class DataSourcesApi:
    def __init__(self, sources: DataSources, bases: Bases, deleting: Deleting) -> None:
        self._sources = sources
        self._bases = bases
        self._deleting = deleting

    @operation(SERVICE, refuses=_SOURCE_REFUSED)
    async def create_data_source(self, ctx: Context, req: Record) -> Record:
        return {"dataSource": await self._sources.create(ctx, req["knowledgeBaseId"], _kept(req, _SOURCE))}

    @operation(SERVICE)
    async def get_data_source(self, ctx: Context, req: Record) -> Record:
        return {"dataSource": await self._sources.get(ctx, req["knowledgeBaseId"], req["dataSourceId"])}

    @operation(SERVICE, refuses=_SOURCE_REFUSED)
    async def update_data_source(self, ctx: Context, req: Record) -> Record:
        body = _kept(req, _SOURCE)
        return {"dataSource": await self._sources.update(ctx, req["knowledgeBaseId"], req["dataSourceId"], body)}

    @operation(SERVICE)
    async def delete_data_source(self, ctx: Context, req: Record) -> Record:
        base = await self._bases.find(ctx, req["knowledgeBaseId"])
        source = await self._bases.any_source(base, req["dataSourceId"])
        await self._deleting.source(source)
        return {"knowledgeBaseId": base.id, "dataSourceId": source.id, "status": DELETING}

    @operation(SERVICE)
    async def list_data_sources(self, ctx: Context, req: Record) -> Record:
        summaries, token = await self._sources.page(
            ctx, req["knowledgeBaseId"], req.get("maxResults"), req.get("nextToken")
        )
        return {"dataSourceSummaries": summaries} | ({"nextToken": token} if token else {})


def _kept(req: Record, members: tuple[str, ...]) -> Record:
    return {member: value for member, value in req.items() if member in members}

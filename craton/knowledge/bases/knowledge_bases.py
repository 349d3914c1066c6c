"""Knowledge bases as their owner makes, changes and lists them. Knows no data source, no index and no database."""

from collections.abc import Mapping
from typing import Any, Protocol

from craton.core.context import Context
from craton.errors import ValidationException
from craton.knowledge.bases import validation
from craton.knowledge.bases.bases import Bases, new_id
from craton.knowledge.bases.storage import Storage
from craton.knowledge.bases.vector_models import VectorModels
from craton.knowledge.records import ACTIVE, BASE, knowledge_base, summary
from craton.store.documents import Documents
from craton.store.records import Record

_PAGE = 100
# What a knowledge base keeps for ever: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UpdateKnowledgeBase.html
_FIXED = ("knowledgeBaseConfiguration", "storageConfiguration")


class Structured(Protocol):
    """What makes knowledge bases of databases."""

    async def check(self, ctx: Context, configuration: Mapping[str, Any]) -> None:
        """Raises ValidationException for a `sqlKnowledgeBaseConfiguration` that cannot be served."""
        ...


class KnowledgeBases:
    def __init__(
        self,
        documents: Documents,
        bases: Bases,
        storage: Storage,
        models: VectorModels,
        structured: Structured | None = None,
    ) -> None:
        self._documents = documents
        self._bases = bases
        self._storage = storage
        self._models = models
        self._structured = structured

    async def create(self, ctx: Context, body: Record, tags: Mapping[str, str]) -> Record:
        """`body` holds the members of the request that are kept."""
        configuration = body["knowledgeBaseConfiguration"]
        validation.check(configuration)
        whole = body | {"status": ACTIVE} | await self._means(ctx, body)
        name = new_id()
        document = await self._documents.create(
            ctx.scope, BASE, name, whole, arn=ctx.arn(f"{BASE}/{name}"), unique={"name": body["name"]}, tags=tags
        )
        return knowledge_base(document)

    async def get(self, ctx: Context, id: str) -> Record:
        return knowledge_base((await self._bases.get(ctx, id)).document)

    async def update(self, ctx: Context, id: str, body: Record) -> Record:
        base = await self._bases.find(ctx, id)
        before = base.document.body
        for member in _FIXED:
            if body.get(member) != before.get(member):
                raise ValidationException(
                    f"The {member!r} of a knowledge base cannot be changed. Send it as GetKnowledgeBase tells it, or "
                    "make another knowledge base."
                )
        kept = {member: value for member, value in before.items() if member not in ("name", "description", "roleArn")}
        document = await self._documents.replace(
            ctx.scope, BASE, id, kept | body, expect=base.document.revision, unique={"name": body["name"]}
        )
        return knowledge_base(document)

    async def page(self, ctx: Context, limit: int | None, token: str | None) -> tuple[list[Record], str | None]:
        page = await self._documents.page(ctx.scope, BASE, limit=limit or _PAGE, token=token)
        return [summary(knowledge_base(document)) for document in page.items], page.next_token

    async def _means(self, ctx: Context, body: Record) -> Record:
        """What is kept of how it embeds and where its chunks lie."""
        configuration, storage = body["knowledgeBaseConfiguration"], body.get("storageConfiguration")
        if storage is not None and configuration["type"] != validation.VECTOR:
            raise ValidationException(
                f"A knowledge base of type {configuration['type']!r} needs no storage of yours. Leave out "
                "'storageConfiguration'."
            )
        if configuration["type"] == validation.SQL:
            if self._structured is None:
                raise ValidationException(
                    "This server does not answer from databases. Make a knowledge base of type 'VECTOR' of documents."
                )
            await self._structured.check(ctx, configuration["sqlKnowledgeBaseConfiguration"])
            return {}
        store = self._storage.of(storage)
        arn = validation.embedding_arn(configuration) or await self._models.chosen(ctx)
        model = await self._models.tried(ctx, arn, validation.embedding_options(configuration))
        return {"embedding": model.kept, "store": store}

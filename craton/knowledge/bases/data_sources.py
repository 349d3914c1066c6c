"""Data sources of knowledge bases as their owner makes, changes and lists them. Knows no document."""

from collections.abc import Mapping

from craton.core.context import Context
from craton.errors import ConflictException, ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.knowledge.bases import source_validation
from craton.knowledge.bases.bases import Bases, new_id
from craton.knowledge.records import ACTIVE, AVAILABLE, BASE, SOURCE, Base, data_source, summary
from craton.runtime.inference import Inference
from craton.store.documents import Document, Documents, Transaction
from craton.store.records import Record

_PAGE = 100


class DataSources:
    """`functions` are those that may transform chunks."""

    def __init__(self, documents: Documents, bases: Bases, inference: Inference, functions: Mapping[str, str]) -> None:
        self._documents = documents
        self._bases = bases
        self._inference = inference
        self._functions = functions

    async def create(self, ctx: Context, base_id: str, body: Record) -> Record:
        base = await self._bases.find(ctx, base_id)
        await self._check(ctx, base, body)
        place = f"{base.id}/{new_id()}"
        whole = {"dataDeletionPolicy": "DELETE"} | body | {"status": AVAILABLE}
        unique = _unique(base, body)

        def make(t: Transaction) -> Document:
            if t.get(ctx.scope, BASE, base.id).body["status"] != ACTIVE:
                raise ConflictException(f"The knowledge base {base.id!r} is being deleted.")
            self._check_name(t, base, body["name"], place)
            return t.create(ctx.scope, SOURCE, place, whole, parent=base.id, unique=unique)

        return data_source(await self._documents.transaction(make))

    async def get(self, ctx: Context, base_id: str, id: str) -> Record:
        base = await self._bases.get(ctx, base_id)
        return data_source((await self._bases.any_source(base, id)).document)

    async def update(self, ctx: Context, base_id: str, id: str, body: Record) -> Record:
        """What is left out is gone, but for the `dataDeletionPolicy`."""
        base = await self._bases.find(ctx, base_id)
        source = await self._bases.source(ctx, base, id)
        before = source.document
        source_validation.check_fixed(before.body, body)
        await self._check(ctx, base, body)
        whole = {member: before.body[member] for member in ("dataDeletionPolicy", "status")} | body

        def change(t: Transaction) -> Document:
            self._check_name(t, base, body["name"], before.id)
            unique = _unique(base, body)
            return t.replace(ctx.scope, SOURCE, before.id, whole, expect=before.revision, unique=unique)

        return data_source(await self._documents.transaction(change))

    async def page(
        self, ctx: Context, base_id: str, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        base = await self._bases.get(ctx, base_id)
        page = await self._documents.page(ctx.scope, SOURCE, parent=base.id, limit=limit or _PAGE, token=token)
        return [summary(data_source(document)) for document in page.items], page.next_token

    async def _check(self, ctx: Context, base: Base, body: Record) -> None:
        source_validation.check(base.configuration, body, self._functions)
        model = source_validation.enriching(body.get("vectorIngestionConfiguration", {}))
        if model and "TEXT" not in (await self._inference.resolve(ctx, model, INVOKE)).model.output:
            raise ValidationException(
                f"The model {model!r} writes no text. Name one that does in 'contextEnrichmentConfiguration'."
            )

    def _check_name(self, t: Transaction, base: Base, name: str, place: str) -> None:
        """Raises ConflictException where another data source of the knowledge base has the name."""
        holder = t.named(base.scope, SOURCE, "name", f"{base.id}/{name}")
        if holder and holder.id != place:
            raise ConflictException(
                f"DataSource with name {name} already exists in the knowledge base {base.id}. Choose another name."
            )


def _unique(base: Base, body: Record) -> dict[str, str]:
    """Names are unique within a knowledge base."""
    return {"name": f"{base.id}/{body['name']}"}

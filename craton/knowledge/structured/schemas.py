"""The schemas that were read of databases, as they are kept for each data source. Knows no database."""

from craton.errors import ValidationException
from craton.knowledge.records import Base, Source
from craton.knowledge.structured.schema import Schema
from craton.store.documents import Documents, Transaction

SCHEMA = "database-schema"  # its id: that of the data source's record; its parent: the knowledge base


class Schemas:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def find(self, base: Base) -> Schema:
        """What the last ingestion read. Raises ValidationException where there was none."""
        page = await self._documents.page(base.scope, SCHEMA, parent=base.id)
        if not page.items:
            raise ValidationException(
                f"The tables of the knowledge base {base.id} have not been read yet. Give it a data source of type "
                "'REDSHIFT_METADATA', and start an ingestion job of that."
            )
        newest = max(page.items, key=lambda document: document.updated_at)
        return Schema.read(newest.body)

    async def forget(self, base: Base, source: Source | None) -> None:
        """Delete what was kept of a data source, or of the whole knowledge base."""
        if source is not None and source.document.body["dataDeletionPolicy"] != "DELETE":
            return
        page = await self._documents.page(base.scope, SCHEMA, parent=base.id)
        names = [each.id for each in page.items if source is None or each.id == source.document.id]

        def delete(t: Transaction) -> None:
            for name in names:
                if t.find(base.scope, SCHEMA, name):
                    t.delete(base.scope, SCHEMA, name)

        await self._documents.transaction(delete)


def put(t: Transaction, source: Source, schema: Schema) -> Schema | None:
    """Keep a schema in the place of the one before, which is answered."""
    scope, name = source.base.scope, source.document.id
    before = t.find(scope, SCHEMA, name)
    if before is None:
        t.create(scope, SCHEMA, name, schema.record, parent=source.base.id)
        return None
    t.replace(scope, SCHEMA, name, schema.record)
    return Schema.read(before.body)

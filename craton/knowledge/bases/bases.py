"""The knowledge bases of each account and region, and their data sources, as all who work with them find them.

Knows no rule about what may be configured, and no index.
"""

import secrets
import string

from craton.core.context import Context
from craton.errors import AccessDeniedException, ResourceNotFoundException, ValidationException
from craton.knowledge.records import ACTIVE, AVAILABLE, BASE, SOURCE, Base, Source
from craton.store.documents import Document, Documents
from craton.store.records import Scope

_LETTERS = string.ascii_uppercase + string.digits
_ID_LENGTH = 10


class Bases:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def find(self, ctx: Context, identifier: str) -> Base:
        """The knowledge base that an id or an ARN names, ready to be used.

        Raises ResourceNotFoundException, AccessDeniedException for another account's, and ValidationException for one
        that cannot be used now.
        """
        base = await self.get(ctx, identifier)
        if (status := base.document.body["status"]) != ACTIVE:
            raise ValidationException(f"The knowledge base {base.id!r} cannot be used: its status is {status}.")
        return base

    async def get(self, ctx: Context, identifier: str) -> Base:
        """The same in any status."""
        name = _own(ctx, identifier)
        document = await self._documents.find(ctx.scope, BASE, name)
        if document is None:
            raise ResourceNotFoundException(
                f"Knowledge base with id {name} does not exist. Check the id, and the account and the region of the "
                "request."
            )
        return Base(ctx.scope, document)

    async def source(self, ctx: Context, base: Base, id: str) -> Source:
        """A data source that can be used. Raises ResourceNotFoundException, and ValidationException for one that
        cannot be used now.
        """
        source = await self.any_source(base, id)
        if (status := source.document.body["status"]) != AVAILABLE:
            raise ValidationException(f"The data source {id!r} cannot be used: its status is {status}.")
        return source

    async def any_source(self, base: Base, id: str) -> Source:
        """The same in any status."""
        document = await self._documents.find(base.scope, SOURCE, f"{base.id}/{id}")
        if document is None:
            raise ResourceNotFoundException(
                f"Data source with id {id} does not exist in the knowledge base {base.id}. Check both ids."
            )
        return Source(base, document)

    async def sources(self, base: Base) -> list[Source]:
        """All data sources of a knowledge base, in any status."""
        found: list[Source] = []
        token: str | None = None
        while True:
            page = await self._documents.page(base.scope, SOURCE, parent=base.id, token=token)
            found += [Source(base, document) for document in page.items]
            if (token := page.next_token) is None:
                return found

    async def again(self, scope: Scope, id: str) -> Base | None:
        """A knowledge base in any status, as a job looks for the one that it works for."""
        document = await self._documents.find(scope, BASE, id)
        return Base(scope, document) if document else None

    async def source_again(self, base: Base, id: str) -> Source | None:
        """A data source of it likewise."""
        document: Document | None = await self._documents.find(base.scope, SOURCE, f"{base.id}/{id}")
        return Source(base, document) if document else None


def new_id() -> str:
    """As the service makes them: ten letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))


def _own(ctx: Context, identifier: str) -> str:
    if not identifier.startswith("arn:"):
        return identifier
    _, _, _, region, account, resource = identifier.split(":", 5)
    if account != ctx.account:
        raise AccessDeniedException(f"You don't have access to {identifier!r}: it belongs to another account.")
    if region != ctx.region:
        raise ResourceNotFoundException(f"{identifier!r} is of region {region!r}, and this is {ctx.region!r}.")
    return resource.removeprefix(f"{BASE}/")

"""The guardrails of each account and region: drafts, versions, and those that a request asks to be judged by.

Knows no policy: what may be configured stands in `validation`, what judges in `guard`.
"""

import secrets
import string
from collections.abc import Mapping
from dataclasses import replace

from craton.core.context import Context
from craton.core.recent import Recent
from craton.errors import (
    AccessDeniedException,
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from craton.guardrails import validation
from craton.guardrails.guard import Guard
from craton.guardrails.reasoning.operations.policies import ReasoningPolicies
from craton.guardrails.records import ENFORCED, GUARDRAIL, arn, shown, summary
from craton.iam.authorization.actions import APPLY_GUARDRAIL
from craton.iam.authorization.authorization import Authorization
from craton.store.documents import DRAFT, Document, Documents, Scope, Transaction
from craton.store.records import Record

# What the real service says of a guardrail that a request names for its judge.
UNKNOWN = "The guardrail identifier or version provided in the request does not exist."
INVALID = "The provided guardrail identifier is invalid."

_ID = string.ascii_lowercase + string.digits
_ID_LENGTH = 12
_PAGE = 1000  # the most that the service model lets a page hold
_MOST = 1000  # guards that are kept with their judges

Place = tuple[Scope, str, str]


class Guardrails:
    def __init__(self, documents: Documents, authorization: Authorization, reasoning: ReasoningPolicies) -> None:
        self._documents = documents
        self._authorization = authorization
        self._reasoning = reasoning
        self._recent = Recent(self._read)
        self._guards: dict[Place, Guard] = {}

    async def create(self, ctx: Context, body: Record, tags: Mapping[str, str]) -> Record:
        """`body` is in the form of answers. Raises ConflictException where another guardrail has the name."""
        await self._check(ctx, body)
        name = "".join(secrets.choice(_ID) for _ in range(_ID_LENGTH))
        made = arn(ctx.scope, name)
        unique = {"name": body["name"]}
        document = await self._documents.create(ctx.scope, GUARDRAIL, name, body, arn=made, unique=unique, tags=tags)
        return shown(ctx, document)

    async def update(self, ctx: Context, identifier: str, body: Record) -> Record:
        """Give the draft this body; what it leaves out is gone. Versions stay as they are."""
        await self._check(ctx, body)
        name = _own(ctx, identifier)
        unique = {"name": body["name"]}
        document = await self._documents.replace(ctx.scope, GUARDRAIL, name, body, unique=unique)
        self._recent.forget()
        return shown(ctx, document)

    async def get(self, ctx: Context, identifier: str, version: str) -> Record:
        """Another account's too: whoever asks was permitted to."""
        owner, name = place(ctx, identifier)
        return shown(owner, await self._documents.get(owner.scope, GUARDRAIL, name, version=version))

    async def page(
        self, ctx: Context, identifier: str | None, limit: int | None, token: str | None
    ) -> tuple[list[Record], str | None]:
        """The drafts of all guardrails, or the draft and the versions of one; and the token of the next page."""
        of = None
        if identifier is not None:
            of = (await self._documents.get(ctx.scope, GUARDRAIL, _own(ctx, identifier))).id
        page = await self._documents.page(
            ctx.scope, GUARDRAIL, versions_of=of, limit=min(limit or _PAGE, _PAGE), token=token
        )
        return [summary(ctx, document) for document in page.items], page.next_token

    async def publish(self, ctx: Context, identifier: str, description: str | None) -> Record:
        """Freeze the draft as the next version, with a description of its own where one is given."""
        name = _own(ctx, identifier)

        def publish(t: Transaction) -> Document:
            body = dict(t.get(ctx.scope, GUARDRAIL, name).body)
            if description is not None:
                body["description"] = description
            return t.publish(ctx.scope, GUARDRAIL, name, body=body)

        return shown(ctx, await self._documents.transaction(publish))

    async def delete(self, ctx: Context, identifier: str, version: str | None) -> None:
        """Delete a guardrail with all its versions, or one version. Raises ResourceInUseException."""
        name = _own(ctx, identifier)

        def delete(t: Transaction) -> None:
            t.get(ctx.scope, GUARDRAIL, name, version=version or DRAFT)
            _refuse_enforced(t, ctx, name, version)
            t.delete(ctx.scope, GUARDRAIL, name, version=version)

        await self._documents.transaction(delete)
        self._recent.forget()

    async def find(self, ctx: Context, identifier: str, version: str = DRAFT) -> Guard:
        """The guardrail that a request asks to be judged by, where the caller may apply it.

        Another account's is found by its ARN where its policy lets the caller use it. Raises AccessDeniedException, and
        ValidationException where there is no such guardrail or version.
        """
        try:
            owner, name = place(ctx, identifier)
        except ResourceNotFoundException as error:
            raise ValidationException(f"{UNKNOWN} {error.message}") from None
        await self._authorization.require(ctx, APPLY_GUARDRAIL, arn(owner.scope, name))
        return await self.guard(owner.scope, name, version)

    async def guard(self, scope: Scope, id: str, version: str) -> Guard:
        """The same without asking for leave. Raises ValidationException."""
        found = await self._recent.find((scope, id, version))
        if found is None:
            raise ValidationException(UNKNOWN)
        return found

    async def _check(self, ctx: Context, body: Record) -> None:
        """Raises ValidationException, and ResourceNotFoundException where it names a policy that there is not."""
        validation.check(body)
        for policy in body.get("automatedReasoningPolicy", {}).get("policies", ()):
            await self._reasoning.get(ctx, policy)

    async def _read(self, place: Place) -> Guard | None:
        """The same object while the document is the same: its judges are costly to make."""
        scope, name, version = place
        document = await self._documents.find(scope, GUARDRAIL, name, version=version)
        known = self._guards.pop(place, None)
        if document is None:
            return None
        if known is None or known.state != (document.position, document.revision):
            known = Guard.of(scope, document, self._reasoning.judge)
        if len(self._guards) >= _MOST:
            self._guards.clear()
        self._guards[place] = known
        return known


def place(ctx: Context, identifier: str) -> tuple[Context, str]:
    """Whose guardrail is named, and its id. Raises ValidationException, and ResourceNotFoundException for one that is
    of another region.
    """
    if not identifier.startswith("arn:"):
        if not identifier.isalnum():
            raise ValidationException(INVALID)
        return ctx, identifier
    parts = identifier.split(":", 5)
    if len(parts) < 6 or parts[2] != "bedrock" or not parts[5].startswith(f"{GUARDRAIL}/"):
        raise ValidationException(INVALID)
    _, _, _, region, account, resource = parts
    if region != ctx.region:
        raise ResourceNotFoundException(f"{identifier!r} is of region {region!r}, and this is {ctx.region!r}.")
    return replace(ctx, account=account), resource.removeprefix(f"{GUARDRAIL}/")


def _own(ctx: Context, identifier: str) -> str:
    """The id of a guardrail that is the caller's to change."""
    owner, name = place(ctx, identifier)
    if owner.account != ctx.account:
        raise AccessDeniedException(f"You don't have access to {identifier!r}: it belongs to another account.")
    return name


def _refuse_enforced(t: Transaction, ctx: Context, id: str, version: str | None) -> None:
    """`version` is the one to be deleted, or None for all."""
    for document in t.listing(ctx.scope, ENFORCED):
        body = document.body
        if body["guardrailId"] == id and version in (None, body["guardrailVersion"]):
            raise ResourceInUseException(
                f"Version {body['guardrailVersion']!r} of the guardrail {id!r} is enforced for this account by the "
                f"configuration {document.id!r}. Delete that configuration, or put another version in it, first."
            )

"""TagResource, UntagResource and ListTagsForResource of every service that has them. Knows no kind of resource.

The services share routes and differ only in form: those that say `resourceARN` write tags as a list, those that say
`resourceArn` as a map. A resource can be tagged where the store has a document with its ARN.
"""

from typing import Any

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import (
    AccessDeniedException,
    ServiceQuotaExceededException,
    TooManyTagsException,
    ValidationException,
)
from craton.store.documents import Documents

_SERVICES = (
    "bedrock",
    "bedrock-agent",
    "bedrock-agent-runtime",
    "bedrock-agentcore-control",
    "bedrock-data-automation",
    "bedrock-data-automation-runtime",
)


class Tags:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    @operation(*_SERVICES)
    async def tag_resource(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        arn, tags = _own(ctx, req, "TagResource"), req["tags"]
        if _has_lists(req):
            await self._documents.tag(ctx.scope, arn, {tag["key"]: tag["value"] for tag in tags})
            return {}
        try:
            await self._documents.tag(ctx.scope, arn, tags)
        except TooManyTagsException as error:
            raise ServiceQuotaExceededException(error.message) from None  # these services know no other error for it
        return {}

    @operation(*_SERVICES)
    async def untag_resource(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        await self._documents.untag(ctx.scope, _own(ctx, req, "UntagResource"), req["tagKeys"])
        return {}

    @operation(*_SERVICES)
    async def list_tags_for_resource(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        arn = _own(ctx, req, "ListTagsForResource")
        tags = await self._documents.tags(ctx.scope, arn)
        if _has_lists(req):
            return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
        return {"tags": tags}


def _has_lists(req: dict[str, Any]) -> bool:
    return "resourceARN" in req


def _own(ctx: Context, req: dict[str, Any], action: str) -> str:
    """The request's ARN, if it may be the caller's. Another account's is refused alike whether or not it exists."""
    arn: str = req["resourceARN"] if _has_lists(req) else req["resourceArn"]
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        raise ValidationException(f"{arn!r} is not an ARN; send the resource's whole ARN.")
    if parts[4] != ctx.account:
        raise AccessDeniedException(
            f"User: {ctx.principal} is not authorized to perform: {parts[2]}:{action} on resource: {arn}"
        )
    return arn

"""PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy of the services that have them.

The services mean the same and differ in form. A policy can be put on any resource that the store has an ARN of.
"""

from typing import TypedDict

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ResourceNotFoundException, ValidationException
from craton.iam.resource_policies.policies import ResourcePolicies

_SERVICES = ("bedrock", "bedrock-agent")


class Request(TypedDict, total=False):
    """The members of all forms: bedrock says `resourcePolicy`, the others `policy`."""

    resourceArn: str
    resourcePolicy: str
    policy: str
    expectedRevisionId: str


Answer = dict[str, object]


class ResourcePoliciesApi:
    def __init__(self, policies: ResourcePolicies) -> None:
        self._policies = policies

    @operation(*_SERVICES)
    async def put_resource_policy(self, ctx: Context, req: Request) -> Answer:
        arn = req["resourceArn"]
        if "resourcePolicy" not in req:
            kept = await self._policies.put(ctx, arn, req["policy"], req.get("expectedRevisionId"))
            return {"resourceArn": arn, "revisionId": kept.revision}
        try:
            await self._policies.put(ctx, arn, req["resourcePolicy"])
        except ResourceNotFoundException as error:
            raise ValidationException(error.message) from None  # bedrock knows no other error for it here
        return {"resourceArn": arn}

    @operation(*_SERVICES)
    async def get_resource_policy(self, ctx: Context, req: Request) -> Answer:
        kept = await self._policies.get(ctx, req["resourceArn"])
        if _plain(ctx):
            return {"resourcePolicy": kept.text}
        return {"resourceArn": kept.arn, "policy": kept.text, "revisionId": kept.revision}

    @operation(*_SERVICES)
    async def delete_resource_policy(self, ctx: Context, req: Request) -> Answer:
        deleted = await self._policies.delete(ctx, req["resourceArn"], req.get("expectedRevisionId"))
        return {} if _plain(ctx) else {"resourceArn": deleted.arn, "revisionId": deleted.revision}


def _plain(ctx: Context) -> bool:
    """Whether the caller asked bedrock, whose policies have no revisions."""
    return ctx.operation.startswith("bedrock.")

"""The operations on automated reasoning policies. Handlers only: shapes are the service model's."""

from collections.abc import Mapping

from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ValidationException
from craton.guardrails.reasoning.operations.policies import ReasoningPolicies
from craton.store.records import Record

SERVICE = "bedrock"

_REFUSED = ("kmsKeyId",)
_KEPT = ("name", "description", "policyDefinition")


class ReasoningPoliciesApi:
    def __init__(self, policies: ReasoningPolicies) -> None:
        self._policies = policies

    @operation(SERVICE, refuses=_REFUSED)
    async def create_automated_reasoning_policy(self, ctx: Context, req: Record) -> Record:
        if "kmsKeyId" in req:
            raise ValidationException("This server has no KMS keys to encrypt a policy with. Leave out 'kmsKeyId'.")
        return without(await self._policies.create(ctx, _body(req), tags(req)), "policyId")

    @operation(SERVICE)
    async def get_automated_reasoning_policy(self, ctx: Context, req: Record) -> Record:
        return await self._policies.get(ctx, req["policyArn"])

    @operation(SERVICE)
    async def update_automated_reasoning_policy(self, ctx: Context, req: Record) -> Record:
        updated = await self._policies.update(ctx, req["policyArn"], _body(req))
        return {member: updated[member] for member in ("policyArn", "name", "definitionHash", "updatedAt")}

    @operation(SERVICE)
    async def delete_automated_reasoning_policy(self, ctx: Context, req: Record) -> Record:
        await self._policies.delete(ctx, req["policyArn"], force=req.get("force", False))
        return {}

    @operation(SERVICE)
    async def list_automated_reasoning_policies(self, ctx: Context, req: Record) -> Record:
        page = await self._policies.page(ctx, req.get("policyArn"), req.get("maxResults"), req.get("nextToken"))
        return paged("automatedReasoningPolicySummaries", page)

    @operation(SERVICE)
    async def create_automated_reasoning_policy_version(self, ctx: Context, req: Record) -> Record:
        made = await self._policies.publish(ctx, req["policyArn"], req["lastUpdatedDefinitionHash"], tags(req))
        return without(made, "policyId", "updatedAt")

    @operation(SERVICE)
    async def export_automated_reasoning_policy_version(self, ctx: Context, req: Record) -> Record:
        return {"policyDefinition": await self._policies.exported(ctx, req["policyArn"])}


def tags(req: Record) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in req.get("tags", ())}


def paged(member: str, page: tuple[list[Record], str | None]) -> Record:
    items, token = page
    return {member: items} | ({"nextToken": token} if token else {})


def without(answer: Mapping[str, object], *members: str) -> Record:
    return {member: value for member, value in answer.items() if member not in members}


def _body(req: Record) -> Record:
    return {member: req[member] for member in _KEPT if member in req}

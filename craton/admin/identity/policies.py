"""Craton's operations on managed policies. Those of all accounts are read only."""

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.iam.identity import Identity
from craton.iam.policies.managed import MANAGED, Managed
from craton.store.documents import Document


class PoliciesApi:
    def __init__(self, identity: Identity) -> None:
        self._policies = identity.policies

    @operation(SERVICE)
    async def create_policy(self, ctx: Context, req: Members) -> Members:
        made = await self._policies.create(
            ctx.account, req["policyName"], req["policyDocument"], req.get("description", "")
        )
        return {"policy": _own(made)}

    @operation(SERVICE)
    async def get_policy(self, ctx: Context, req: Members) -> Members:
        if found := MANAGED.get(req["policyArn"]):
            return {"policy": _given(found)}
        return {"policy": _own(await self._policies.get(ctx.account, req["policyArn"]))}

    @operation(SERVICE)
    async def list_policies(self, ctx: Context, req: Members) -> Members:
        asked = req.get("scope", "ALL")
        given = [_given(policy) for policy in MANAGED.values()] if asked != "LOCAL" and "nextToken" not in req else []
        if asked == "AWS":
            return {"policies": given}
        own, token = await self._policies.page(ctx.account, req.get("maxResults"), req.get("nextToken"))
        return {"policies": given + [_own(policy) for policy in own], "nextToken": token}

    @operation(SERVICE)
    async def update_policy(self, ctx: Context, req: Members) -> Members:
        return {"policy": _own(await self._policies.update(ctx.account, req["policyArn"], req["policyDocument"]))}

    @operation(SERVICE)
    async def delete_policy(self, ctx: Context, req: Members) -> Members:
        await self._policies.delete(ctx.account, req["policyArn"])
        return {}


def _given(policy: Managed) -> Members:
    return {
        "policyName": policy.name,
        "policyArn": policy.arn,
        "description": policy.description,
        "policyDocument": policy.text,
    }


def _own(policy: Document) -> Members:
    return {
        "policyName": policy.body["name"],
        "policyArn": policy.arn,
        "description": policy.body["description"],
        "policyDocument": policy.body["text"],
        "createdAt": policy.created_at,
        "updatedAt": policy.updated_at,
    }

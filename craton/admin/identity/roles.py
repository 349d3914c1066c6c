"""Craton's operations on roles, and on what they may and who may assume them."""

from craton.admin import SERVICE, Members
from craton.admin.identity.members import attached, inline, role, tag_list, tags_of
from craton.core.context import Context
from craton.core.operation import operation
from craton.iam.identities.roles import HOUR
from craton.iam.identity import Identity
from craton.store.documents import Document


class RolesApi:
    def __init__(self, identity: Identity) -> None:
        self._roles = identity.roles
        self._uses = identity.uses

    @operation(SERVICE)
    async def create_role(self, ctx: Context, req: Members) -> Members:
        made = await self._roles.create(
            ctx.account,
            req["roleName"],
            req["assumeRolePolicyDocument"],
            description=req.get("description", ""),
            max_session=req.get("maxSessionDuration", HOUR),
            boundary=req.get("permissionsBoundary"),
            tags=tags_of(req),
        )
        return {"role": await self._shown(made)}

    @operation(SERVICE)
    async def get_role(self, ctx: Context, req: Members) -> Members:
        return {"role": await self._shown(await self._roles.get(ctx.account, req["roleName"]))}

    @operation(SERVICE)
    async def list_roles(self, ctx: Context, req: Members) -> Members:
        roles, token = await self._roles.page(ctx.account, req.get("maxResults"), req.get("nextToken"))
        return {"roles": [await self._shown(each) for each in roles], "nextToken": token}

    @operation(SERVICE)
    async def update_role(self, ctx: Context, req: Members) -> Members:
        changed = await self._roles.update(
            ctx.account,
            req["roleName"],
            description=req.get("description"),
            max_session=req.get("maxSessionDuration"),
        )
        return {"role": await self._shown(changed)}

    @operation(SERVICE)
    async def update_assume_role_policy(self, ctx: Context, req: Members) -> Members:
        await self._roles.trust(ctx.account, req["roleName"], req["policyDocument"])
        return {}

    @operation(SERVICE)
    async def delete_role(self, ctx: Context, req: Members) -> Members:
        await self._roles.delete(ctx.account, req["roleName"])
        return {}

    @operation(SERVICE)
    async def tag_role(self, ctx: Context, req: Members) -> Members:
        await self._roles.tag(ctx.account, req["roleName"], tags_of(req))
        return {}

    @operation(SERVICE)
    async def untag_role(self, ctx: Context, req: Members) -> Members:
        await self._roles.untag(ctx.account, req["roleName"], req["tagKeys"])
        return {}

    @operation(SERVICE)
    async def list_role_tags(self, ctx: Context, req: Members) -> Members:
        return {"tags": tag_list(await self._roles.tags(ctx.account, req["roleName"]))}

    @operation(SERVICE)
    async def put_role_policy(self, ctx: Context, req: Members) -> Members:
        await self._roles.put_policy(ctx.account, req["roleName"], req["policyName"], req["policyDocument"])
        return {}

    @operation(SERVICE)
    async def get_role_policy(self, ctx: Context, req: Members) -> Members:
        text = await self._roles.policy(ctx.account, req["roleName"], req["policyName"])
        return {"roleName": req["roleName"], "policyName": req["policyName"], "policyDocument": text}

    @operation(SERVICE)
    async def list_role_policies(self, ctx: Context, req: Members) -> Members:
        return inline(await self._roles.get(ctx.account, req["roleName"]))

    @operation(SERVICE)
    async def delete_role_policy(self, ctx: Context, req: Members) -> Members:
        await self._roles.delete_policy(ctx.account, req["roleName"], req["policyName"])
        return {}

    @operation(SERVICE)
    async def attach_role_policy(self, ctx: Context, req: Members) -> Members:
        await self._roles.attach(ctx.account, req["roleName"], req["policyArn"])
        return {}

    @operation(SERVICE)
    async def detach_role_policy(self, ctx: Context, req: Members) -> Members:
        await self._roles.detach(ctx.account, req["roleName"], req["policyArn"])
        return {}

    @operation(SERVICE)
    async def list_attached_role_policies(self, ctx: Context, req: Members) -> Members:
        return attached(await self._roles.get(ctx.account, req["roleName"]))

    @operation(SERVICE)
    async def put_role_permissions_boundary(self, ctx: Context, req: Members) -> Members:
        await self._roles.bound(ctx.account, req["roleName"], req["permissionsBoundary"])
        return {}

    @operation(SERVICE)
    async def delete_role_permissions_boundary(self, ctx: Context, req: Members) -> Members:
        await self._roles.bound(ctx.account, req["roleName"], None)
        return {}

    async def _shown(self, found: Document) -> Members:
        """With when a session of it was last used."""
        use = await self._uses.last(found.id)
        last = {"lastUsedAt": use.at, "lastUsedRegion": use.region} if use else {}
        return role(found, await self._roles.tags_of(found)) | last

"""Craton's operations on users, and on what they may."""

from craton.admin import SERVICE, Members
from craton.admin.identity.members import attached, inline, tag_list, tags_of, user
from craton.core.context import Context
from craton.core.operation import operation
from craton.iam.identity import Identity
from craton.iam.keys.credentials import principal_of
from craton.store.documents import Document


class UsersApi:
    def __init__(self, identity: Identity) -> None:
        self._users = identity.users

    @operation(SERVICE)
    async def create_user(self, ctx: Context, req: Members) -> Members:
        made = await self._users.create(
            ctx.account, req["userName"], boundary=req.get("permissionsBoundary"), tags=tags_of(req)
        )
        return {"user": await self._shown(made)}

    @operation(SERVICE)
    async def get_user(self, ctx: Context, req: Members) -> Members:
        return {"user": await self._shown(await self._users.get(ctx.account, req["userName"]))}

    @operation(SERVICE)
    async def list_users(self, ctx: Context, req: Members) -> Members:
        users, token = await self._users.page(ctx.account, req.get("maxResults"), req.get("nextToken"))
        return {"users": [await self._shown(each) for each in users], "nextToken": token}

    @operation(SERVICE)
    async def update_user(self, ctx: Context, req: Members) -> Members:
        ctx.require(f"{SERVICE}:UpdateUser", principal_of(ctx.account, req["newUserName"]))  # as IAM: on both names
        renamed = await self._users.rename(ctx.account, req["userName"], req["newUserName"])
        return {"user": await self._shown(renamed)}

    @operation(SERVICE)
    async def delete_user(self, ctx: Context, req: Members) -> Members:
        await self._users.delete(ctx.account, req["userName"])
        return {}

    @operation(SERVICE)
    async def tag_user(self, ctx: Context, req: Members) -> Members:
        await self._users.tag(ctx.account, req["userName"], tags_of(req))
        return {}

    @operation(SERVICE)
    async def untag_user(self, ctx: Context, req: Members) -> Members:
        await self._users.untag(ctx.account, req["userName"], req["tagKeys"])
        return {}

    @operation(SERVICE)
    async def list_user_tags(self, ctx: Context, req: Members) -> Members:
        return {"tags": tag_list(await self._users.tags(ctx.account, req["userName"]))}

    @operation(SERVICE)
    async def put_user_policy(self, ctx: Context, req: Members) -> Members:
        await self._users.put_policy(ctx.account, req["userName"], req["policyName"], req["policyDocument"])
        return {}

    @operation(SERVICE)
    async def get_user_policy(self, ctx: Context, req: Members) -> Members:
        text = await self._users.policy(ctx.account, req["userName"], req["policyName"])
        return {"userName": req["userName"], "policyName": req["policyName"], "policyDocument": text}

    @operation(SERVICE)
    async def list_user_policies(self, ctx: Context, req: Members) -> Members:
        return inline(await self._users.get(ctx.account, req["userName"]))

    @operation(SERVICE)
    async def delete_user_policy(self, ctx: Context, req: Members) -> Members:
        await self._users.delete_policy(ctx.account, req["userName"], req["policyName"])
        return {}

    @operation(SERVICE)
    async def attach_user_policy(self, ctx: Context, req: Members) -> Members:
        await self._users.attach(ctx.account, req["userName"], req["policyArn"])
        return {}

    @operation(SERVICE)
    async def detach_user_policy(self, ctx: Context, req: Members) -> Members:
        await self._users.detach(ctx.account, req["userName"], req["policyArn"])
        return {}

    @operation(SERVICE)
    async def list_attached_user_policies(self, ctx: Context, req: Members) -> Members:
        return attached(await self._users.get(ctx.account, req["userName"]))

    @operation(SERVICE)
    async def put_user_permissions_boundary(self, ctx: Context, req: Members) -> Members:
        await self._users.bound(ctx.account, req["userName"], req["permissionsBoundary"])
        return {}

    @operation(SERVICE)
    async def delete_user_permissions_boundary(self, ctx: Context, req: Members) -> Members:
        await self._users.bound(ctx.account, req["userName"], None)
        return {}

    async def _shown(self, found: Document) -> Members:
        return user(found, await self._users.tags_of(found))

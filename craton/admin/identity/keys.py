"""Craton's operations on access keys and API keys.

Whose key a request is about only the key itself tells, so it is here, not at the door, that the caller's policies are
asked: for the operation, on the ARN of the user. The keys of an account's root are for root alone.

Quotas and budgets that name a key go over to the one that replaces it, and hold before anybody knows that.
"""

from datetime import timedelta

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import AccessDeniedException, ValidationException
from craton.iam.authorization.authorization import Authorization
from craton.iam.identity import Identity
from craton.iam.keys.credentials import principal_of
from craton.iam.keys.uses import Use
from craton.iam.records import ROOT, Caller, Credential, expired, user_of
from craton.usage.budgets.budgets import Budgets
from craton.usage.quotas.quotas import Quotas
from craton.usage.rotation import hand_over

_GRACE = 24 * 60 * 60


class KeysApi:
    def __init__(self, identity: Identity, authorization: Authorization, quotas: Quotas, budgets: Budgets) -> None:
        self._authorization = authorization
        self._limits = (quotas.definitions, budgets.definitions)
        self._keys = identity.keys
        self._uses = identity.uses

    @operation(SERVICE)
    async def create_access_key(self, ctx: Context, req: Members) -> Members:
        user = req.get("userName") or user_of(ctx.principal)
        if user is None:
            raise ValidationException("Must specify userName when calling with non-User credentials.")
        await self._insist(ctx, "CreateAccessKey", principal_of(ctx.account, user))
        made = await self._keys.create_access_key(ctx.account, user, expires_at=req.get("expiresAt"))
        return _members(made) | {"accessKeyId": made.access_key_id, "secretAccessKey": made.secret}

    @operation(SERVICE)
    async def create_api_key(self, ctx: Context, req: Members) -> Members:
        user = req.get("userName")
        if user is None:
            new = principal_of(ctx.account, "BedrockAPIKey-")
            for action in ("CreateApiKey", "CreateUser", "AttachUserPolicy"):
                await self._insist(ctx, action, f"{new}*")
        else:
            await self._insist(ctx, "CreateApiKey", principal_of(ctx.account, user))
        made, token = await self._keys.create_api_key(ctx.account, user, expires_at=req.get("expiresAt"))
        return _members(made) | {"keyId": made.id, "apiKey": token}

    @operation(SERVICE)
    async def list_keys(self, ctx: Context, req: Members) -> Members:
        user = req.get("userName")
        holders = principal_of(ctx.account, user) if user else "*"
        await self._authorization.require(ctx, f"{SERVICE}:ListKeys", holders)
        keys, token = await self._keys.page(
            ctx.account, user=user, limit=req.get("maxResults"), token=req.get("nextToken")
        )
        return {"keys": [summary(key, await self._uses.last(key.id)) for key in keys], "nextToken": token}

    @operation(SERVICE)
    async def rotate_key(self, ctx: Context, req: Members) -> Members:
        await self._insist_on(ctx, "RotateKey", req["keyId"])
        made, token, ends = await self._keys.rotate(
            req["keyId"],
            hand_over=hand_over,
            account=ctx.account,
            grace=timedelta(seconds=req.get("gracePeriodSeconds", _GRACE)),
            expires_at=req.get("expiresAt"),
        )
        for limits in self._limits:
            await limits.load()
        secret = {"secretAccessKey": made.secret} if isinstance(made, Credential) else {"apiKey": token}
        return _members(made) | secret | {"keyId": made.id, "replaced": {"keyId": req["keyId"], "expiresAt": ends}}

    @operation(SERVICE)
    async def revoke_key(self, ctx: Context, req: Members) -> Members:
        await self._insist_on(ctx, "RevokeKey", req["keyId"])
        await self._keys.revoke(req["keyId"], account=ctx.account)
        return {}

    @operation(SERVICE)
    async def delete_key(self, ctx: Context, req: Members) -> Members:
        await self._insist_on(ctx, "DeleteKey", req["keyId"])
        await self._keys.delete(req["keyId"], account=ctx.account)
        return {}

    async def _insist_on(self, ctx: Context, action: str, key_id: str) -> None:
        """Go on only where the caller may do this to this key."""
        key = await self._keys.get(key_id, account=ctx.account)
        session = key.session if isinstance(key, Credential) else None
        await self._insist(ctx, action, session.role if session else key.principal)

    async def _insist(self, ctx: Context, action: str, holder: str) -> None:
        """Go on only where the caller may do this to the keys of whoever has this ARN."""
        await self._authorization.require(ctx, f"{SERVICE}:{action}", holder)
        if user_of(holder) == ROOT and user_of(ctx.principal) != ROOT:
            raise AccessDeniedException(
                f"User: {ctx.principal} is not authorized to perform: {SERVICE}:{action} on resource: {holder} because "
                "only the root of an account may on its own keys"
            )


def summary(key: Caller, use: Use | None) -> Members:
    """A key as ListKeys shows it: never its secret."""
    status = "REVOKED" if not key.active else "EXPIRED" if expired(key) else "ACTIVE"
    last = {"lastUsedAt": use.at, "lastUsedService": use.service, "lastUsedRegion": use.region} if use else {}
    kind = "ACCESS_KEY" if isinstance(key, Credential) else "API_KEY"
    return _members(key) | {"keyId": key.id, "type": kind, "status": status} | last


def _members(key: Caller) -> Members:
    return {"userName": user_of(key.principal), "createdAt": key.created_at, "expiresAt": key.expires_at}

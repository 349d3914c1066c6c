"""Craton's operations on accounts. Those of the operator's account administer them; others see their own."""

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import AccessDeniedException
from craton.iam.accounts import Account
from craton.iam.identity import Identity


class AccountsApi:
    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._accounts = identity.accounts

    @operation(SERVICE)
    async def create_account(self, ctx: Context, req: Members) -> Members:
        self._insist(ctx, "CreateAccount")
        return {"account": _account(await self._identity.create_account(req["accountName"], req.get("accountId")))}

    @operation(SERVICE)
    async def get_account(self, ctx: Context, req: Members) -> Members:
        if req["accountId"] != ctx.account:
            self._insist(ctx, "GetAccount")
        return {"account": _account(await self._accounts.get(req["accountId"]))}

    @operation(SERVICE)
    async def list_accounts(self, ctx: Context, req: Members) -> Members:
        if ctx.account != self._accounts.operator:
            return {"accounts": [_account(await self._accounts.get(ctx.account))]}
        accounts, token = await self._accounts.page(req.get("maxResults"), req.get("nextToken"))
        return {"accounts": [_account(account) for account in accounts], "nextToken": token}

    @operation(SERVICE)
    async def update_account(self, ctx: Context, req: Members) -> Members:
        self._insist(ctx, "UpdateAccount")
        return {"account": _account(await self._accounts.rename(req["accountId"], req["accountName"]))}

    @operation(SERVICE)
    async def suspend_account(self, ctx: Context, req: Members) -> Members:
        self._insist(ctx, "SuspendAccount")
        return {"account": _account(await self._accounts.suspend(req["accountId"]))}

    @operation(SERVICE)
    async def activate_account(self, ctx: Context, req: Members) -> Members:
        self._insist(ctx, "ActivateAccount")
        return {"account": _account(await self._accounts.activate(req["accountId"]))}

    @operation(SERVICE)
    async def delete_account(self, ctx: Context, req: Members) -> Members:
        self._insist(ctx, "DeleteAccount")
        await self._identity.delete_account(req["accountId"])
        return {}

    def _insist(self, ctx: Context, action: str) -> None:
        if ctx.account != self._accounts.operator:
            raise AccessDeniedException(
                f"User: {ctx.principal} is not authorized to perform: {SERVICE}:{action} because only principals of "
                "the account of whoever operates this server may"
            )


def _account(account: Account) -> Members:
    return {
        "accountId": account.id,
        "accountName": account.name,
        "status": "ACTIVE" if account.active else "SUSPENDED",
        "createdAt": account.created_at,
    }

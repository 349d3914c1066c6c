"""Craton's operations on temporary credentials, in the forms of AWS STS. The trust policy of a role says who may."""

from craton.admin import SERVICE, Members
from craton.admin.identity.members import tags_of
from craton.core.context import Context
from craton.core.operation import operation
from craton.iam.authorization.authorization import CallerPermit
from craton.iam.identity import Identity
from craton.iam.keys.sessions import Wish


class SessionsApi:
    def __init__(self, identity: Identity) -> None:
        self._keys = identity.keys
        self._sessions = identity.sessions
        self._principals = identity.principals

    @operation(SERVICE)
    async def assume_role(self, ctx: Context, req: Members) -> Members:
        assert isinstance(ctx.permit, CallerPermit), "a request has the permit of its caller"
        wish = Wish(
            role=req["roleArn"],
            name=req["roleSessionName"],
            seconds=req.get("durationSeconds"),
            policy=req.get("policy"),
            policies=req.get("policyArns", ()),
            tags=tags_of(req),
            external_id=req.get("externalId"),
        )
        made = await self._sessions.assume(ctx.permit, wish)
        assert made.session, "temporary credentials have a session"
        return {
            "credentials": {
                "accessKeyId": made.access_key_id,
                "secretAccessKey": made.secret,
                "sessionToken": made.session.token,
                "expiration": made.expires_at,
            },
            "assumedRoleUser": {
                "assumedRoleId": f"{made.session.role_id}:{made.session.name}",
                "arn": made.principal,
            },
        }

    @operation(SERVICE)
    async def get_caller_identity(self, ctx: Context, req: Members) -> Members:
        caller = await self._keys.get(ctx.key_id, account=ctx.account)
        attached = await self._principals.attached(caller)
        return {"account": ctx.account, "arn": ctx.principal, "userId": attached.id}

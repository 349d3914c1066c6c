"""Craton's operations on the audit trail: an account's events, and whether the trail is whole."""

from typing import Any

from craton.audit.trail import Event, Trail, Wanted
from craton.core.context import Context
from craton.core.operation import operation
from craton.store.tokens import Tokens

SERVICE = "craton"

_PAGE = 50


class AuditApi:
    def __init__(self, trail: Trail, tokens: Tokens) -> None:
        self._trail = trail
        self._tokens = tokens

    @operation(SERVICE)
    async def list_audit_events(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        wanted = Wanted(req.get("eventName"), req.get("principal"), req.get("startTime"), req.get("endTime"))
        context = (ctx.account, "audit", repr(wanted))
        before = self._tokens.read(req["nextToken"], *context) if "nextToken" in req else None
        found, last = await self._trail.page(ctx.account, wanted, req.get("maxResults", _PAGE), before)
        answer: dict[str, Any] = {"events": [summary(event) for event in found]}
        return answer | ({"nextToken": self._tokens.write(last, *context)} if last else {})

    @operation(SERVICE)
    async def verify_audit(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
        verdict = await self._trail.verify(ctx.account, req.get("head"))
        answer = {"valid": verdict.fault is None, "events": verdict.events}
        given = {"head": verdict.head, "fault": verdict.fault}
        return answer | {member: value for member, value in given.items() if value}


def summary(event: Event) -> dict[str, Any]:
    """An event as it is listed; `cloudTrailEvent` is the very text that was hashed."""
    told = event.event
    identity = told["userIdentity"]
    named = identity if isinstance(identity, dict) else {}
    given = {"errorCode": told.get("errorCode"), "principal": named.get("arn") or named.get("userName")}
    return {
        "eventId": told["eventID"],
        "eventTime": event.time,
        "eventName": told["eventName"],
        "eventSource": told["eventSource"],
        "requestId": told["requestID"],
        "hash": event.hash,
        "cloudTrailEvent": event.text,
        **{member: value for member, value in given.items() if value},
    }

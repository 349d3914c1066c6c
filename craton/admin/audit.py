"""Craton's operations on the audit trail: an account's events, and whether the trail is whole."""

from craton.admin import SERVICE, Members
from craton.audit.trail import Event, Trail, Wanted
from craton.core.context import Context
from craton.core.operation import operation
from craton.store.tokens import Tokens

_PAGE = 50


class AuditApi:
    def __init__(self, trail: Trail, tokens: Tokens) -> None:
        self._trail = trail
        self._tokens = tokens

    @operation(SERVICE)
    async def list_audit_events(self, ctx: Context, req: Members) -> Members:
        wanted = Wanted(req.get("eventName"), req.get("principal"), req.get("startTime"), req.get("endTime"))
        context = (ctx.account, "audit", repr(wanted))
        before = self._tokens.read(req["nextToken"], *context) if "nextToken" in req else None
        found, last = await self._trail.page(ctx.account, wanted, req.get("maxResults", _PAGE), before)
        return {
            "events": [summary(event) for event in found],
            "nextToken": self._tokens.write(last, *context) if last else None,
        }

    @operation(SERVICE)
    async def verify_audit(self, ctx: Context, req: Members) -> Members:
        verdict = await self._trail.verify(ctx.account, req.get("head"))
        return {
            "valid": verdict.fault is None,
            "events": verdict.events,
            "head": verdict.head or None,
            "fault": verdict.fault,
        }


def summary(event: Event) -> Members:
    """An event as it is listed; `cloudTrailEvent` is the very text that was hashed."""
    told = event.event
    identity = told["userIdentity"]
    named = identity if isinstance(identity, dict) else {}
    return {
        "eventId": told["eventID"],
        "eventTime": event.time,
        "eventName": told["eventName"],
        "eventSource": told["eventSource"],
        "requestId": told["requestID"],
        "hash": event.hash,
        "cloudTrailEvent": event.text,
        "errorCode": told.get("errorCode"),
        "principal": named.get("arn") or named.get("userName"),
    }

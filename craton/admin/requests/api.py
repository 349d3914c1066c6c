"""Craton's operations on requests: those that run, what became of the others, their spans, what was said in them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from craton.admin import SERVICE, Members
from craton.admin.requests.contents import Contents
from craton.core.context import Context
from craton.core.operation import operation
from craton.core.trace import Span
from craton.errors import ResourceNotFoundException, ValidationException
from craton.store.tokens import Tokens
from craton.telemetry import requests
from craton.telemetry.recent import RecentRequests, Wanted
from craton.telemetry.requests import Packed
from craton.usage import money, tables
from craton.usage.ledger import Ledger
from craton.usage.records import Used

_PAGE = 50
_i = tables.invocations.c


class RequestsApi:
    def __init__(self, recent: RecentRequests, ledger: Ledger, tokens: Tokens, contents: Contents) -> None:
        self._recent = recent
        self._ledger = ledger
        self._tokens = tokens
        self._contents = contents

    @operation(SERVICE)
    async def list_requests(self, ctx: Context, req: Members) -> Members:
        wanted = _wanted(req)
        most = req.get("maxResults", _PAGE)
        after = self._followed(ctx, req["followToken"]) if "followToken" in req else 0
        context = (ctx.account, "requests", repr(wanted), str(after))
        before = self._tokens.read(req["nextToken"], *context) if "nextToken" in req else None
        running = self._recent.running(ctx.account, wanted)[:most] if before is None else []
        # At least one, so that the next page has a place to go on from.
        page = await self._recent.page(ctx.account, wanted, max(most - len(running), 1), before=before, after=after)
        return {
            "requests": [_summary(request) for request in (*running, *page.found)],
            "nextToken": self._tokens.write(page.next, *context) if page.next else None,
            "followToken": self._tokens.write(page.last, ctx.account, "follow") if before is None else None,
        }

    @operation(SERVICE)
    async def get_request(self, ctx: Context, req: Members) -> Members:
        request = self._recent.get(ctx.account, req["requestId"])
        if request is None:
            raise ResourceNotFoundException(
                f"The request {req['requestId']!r} is not known: check the id, which is the one that the client has in "
                "x-amzn-requestid. Requests are kept for some days where they asked a model or failed."
            )
        used = await self._ledger.rows(_i.request_id == request.request_id, _i.account == ctx.account)
        now = request.at + round(request.ms * 10**6)
        return {
            **_summary(request),
            "sourceIp": request.source_ip,
            "invocations": [_invocation(each) for each in used],
            "spans": [_span(span, request.at, now) for span in requests.spans(request)],
            "errorMessage": request.message or None,
            "content": await self._contents.of(ctx, request),
        }

    def _followed(self, ctx: Context, token: str) -> int:
        try:
            return self._tokens.read(token, ctx.account, "follow")
        except ValidationException:
            raise ValidationException(
                "The followToken is not valid; send that of an earlier answer unchanged, or leave it out to start."
            ) from None


def _wanted(req: Members) -> Wanted:
    since, until = req.get("since"), req.get("until")
    return Wanted(
        outcome=req.get("outcome"),
        operation=req.get("operation"),
        principal=req.get("principal"),
        model=req.get("modelId"),
        key_id=req.get("accessKeyId"),
        error=req.get("errorCode"),
        since=round(since.timestamp() * 10**9) if since else 0,
        until=round(until.timestamp() * 10**9) if until else None,
    )


def _summary(request: Packed) -> Members:
    sums = request.sums
    return {
        "requestId": request.request_id,
        "traceId": request.trace_id,
        "startedAt": datetime.fromtimestamp(request.at / 10**9, UTC),
        "region": request.region,
        "status": request.status,
        "outcome": request.outcome,
        "latencyMs": round(request.ms, 2),
        "operation": request.operation or None,
        "principal": request.principal or None,
        "accessKeyId": request.key_id or None,
        "errorCode": request.error or None,
        "auditHash": request.audit or None,
        "modelId": request.models[-1] if request.models else None,
        "userAgent": request.user_agent or None,
        "usage": {"inputTokens": sums.input_tokens, "outputTokens": sums.output_tokens} if sums.invocations else None,
        "cost": money.text(sums.cost) if sums.currency else None,
        "currency": sums.currency or None,
    }


def _invocation(used: Used) -> Members:
    counts = used.counts
    return {
        "modelId": used.model,
        "status": used.status,
        "usage": {
            "inputTokens": counts.input_tokens,
            "outputTokens": counts.output_tokens,
            "cacheReadInputTokens": counts.cache_read_tokens,
            "cacheWriteInputTokens": counts.cache_write_tokens,
        },
        "latencyMs": used.latency,
        "cost": money.text(used.cost),
        "currency": used.currency,
        "timeToFirstTokenMs": used.first_token or None,
    }


def _span(span: Span, start: int, now: int) -> Members:
    """`now` is until when a step took that goes on."""
    return {
        "spanId": span.id,
        "parentSpanId": span.parent or None,
        "name": span.name,
        "offsetMs": round((span.started - start) / 10**6, 3),
        "durationMs": round(max((span.ended or now) - span.started, 0) / 10**6, 3),
        "attributes": _texts(span.attributes),
        "errorCode": span.error or None,
    }


def _texts(attributes: Mapping[str, object]) -> dict[str, str]:
    return {
        name: ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
        for name, value in attributes.items()
    }

"""Craton's operations on requests that were answered: what became of each, and its spans."""

from datetime import UTC, datetime
from decimal import Decimal

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import operation
from craton.core.trace import Span
from craton.errors import ResourceNotFoundException
from craton.store.tokens import Tokens
from craton.telemetry.recent import RecentRequests, Wanted, outcome
from craton.telemetry.requests import Ended
from craton.usage import tables
from craton.usage.ledger import Ledger
from craton.usage.records import Used

_PAGE = 50
_i = tables.invocations.c


class RequestsApi:
    def __init__(self, recent: RecentRequests, ledger: Ledger, tokens: Tokens) -> None:
        self._recent = recent
        self._ledger = ledger
        self._tokens = tokens

    @operation(SERVICE)
    async def list_requests(self, ctx: Context, req: Members) -> Members:
        since = req.get("since")
        wanted = Wanted(
            outcome=req.get("outcome"),
            operation=req.get("operation"),
            principal=req.get("principal"),
            since=round(since.timestamp() * 10**9) if since else 0,
        )
        context = (ctx.account, "requests", repr(wanted))
        before = self._tokens.read(req["nextToken"], *context) if "nextToken" in req else None
        found, last = self._recent.page(ctx.account, wanted, req.get("maxResults", _PAGE), before)
        return {
            "requests": [_summary(request) for request in found],
            "nextToken": self._tokens.write(last, *context) if last else None,
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
        return {
            **_summary(request),
            "sourceIp": request.source_ip,
            "userAgent": request.user_agent,
            "invocations": [_invocation(each) for each in used],
            "spans": [_span(span, request.at) for span in request.spans],
            "errorMessage": request.message or None,
        }


def _summary(request: Ended) -> Members:
    return {
        "requestId": request.request_id,
        "traceId": request.trace_id,
        "startedAt": datetime.fromtimestamp(request.at / 10**9, UTC),
        "region": request.region,
        "status": request.status,
        "outcome": outcome(request),
        "latencyMs": request.ms,
        "operation": request.operation or None,
        "principal": request.principal or None,
        "accessKeyId": request.key_id or None,
        "errorCode": request.error or None,
        "auditHash": request.audit or None,
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
        "cost": f"{Decimal(used.cost).scaleb(-9):f}",
        "currency": used.currency,
        "timeToFirstTokenMs": used.first_token or None,
    }


def _span(span: Span, start: int) -> Members:
    return {
        "spanId": span.id,
        "parentSpanId": span.parent or None,
        "name": span.name,
        "offsetMs": round((span.started - start) / 10**6, 3),
        "durationMs": round(max(span.ended - span.started, 0) / 10**6, 3),
        "attributes": {name: _text(value) for name, value in span.attributes.items()},
        "errorCode": span.error or None,
    }


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)

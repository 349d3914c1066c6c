"""Craton's operations on requests that were answered: what became of each, and its spans."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from craton.core.context import Context
from craton.core.operation import operation
from craton.core.trace import Span
from craton.errors import ResourceNotFoundException
from craton.store.tokens import Tokens
from craton.telemetry.recent import Recent, Wanted, outcome
from craton.telemetry.requests import Ended
from craton.usage import tables
from craton.usage.ledger import Ledger
from craton.usage.records import Used

SERVICE = "craton"

_PAGE = 50
_i = tables.invocations.c


class RequestsApi:
    def __init__(self, recent: Recent, ledger: Ledger, tokens: Tokens) -> None:
        self._recent = recent
        self._ledger = ledger
        self._tokens = tokens

    @operation(SERVICE)
    async def list_requests(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
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
        answer: dict[str, Any] = {"requests": [_summary(request) for request in found]}
        return answer | ({"nextToken": self._tokens.write(last, *context)} if last else {})

    @operation(SERVICE)
    async def get_request(self, ctx: Context, req: dict[str, Any]) -> dict[str, Any]:
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
            **({"errorMessage": request.message} if request.message else {}),
        }


def _summary(request: Ended) -> dict[str, Any]:
    given = {
        "operation": request.operation,
        "principal": request.principal,
        "accessKeyId": request.key_id,
        "errorCode": request.error,
        "auditHash": request.audit,
    }
    return {
        "requestId": request.request_id,
        "traceId": request.trace_id,
        "startedAt": datetime.fromtimestamp(request.at / 10**9, UTC),
        "region": request.region,
        "status": request.status,
        "outcome": outcome(request),
        "latencyMs": request.ms,
        **{member: value for member, value in given.items() if value},
    }


def _invocation(used: Used) -> dict[str, Any]:
    counts = used.counts
    told = {
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
    }
    return told | ({"timeToFirstTokenMs": used.first_token} if used.first_token else {})


def _span(span: Span, start: int) -> dict[str, Any]:
    told = {
        "spanId": span.id,
        "name": span.name,
        "offsetMs": round((span.started - start) / 10**6, 3),
        "durationMs": round(max(span.ended - span.started, 0) / 10**6, 3),
        "attributes": {name: _text(value) for name, value in span.attributes.items()},
    }
    given = {"parentSpanId": span.parent, "errorCode": span.error}
    return told | {member: value for member, value in given.items() if value}


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)

"""Craton's operations on what was used: sums, single invocations, exports."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import NotRequired, TypedDict

from craton.admin import SERVICE
from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import AccessDeniedException, ValidationException
from craton.store.blobs import BlobError, Blobs
from craton.store.records import Record
from craton.store.tokens import Tokens
from craton.usage import money
from craton.usage.ledger import Ledger
from craton.usage.prices import Prices
from craton.usage.records import JOULES_PER_KWH, Counts, Used
from craton.usage.reports.exports import FORMATS, to_bucket
from craton.usage.reports.report import Group, report
from craton.usage.reports.rows import newest
from craton.usage.reports.selection import Selection

SPAN = timedelta(days=30)  # that is told of where no start is named
FIRST = datetime(1970, 3, 1, tzinfo=UTC)  # before which nothing was used
PAGE = 100
GROUPS = 1000
# A place among groups: the end of the time that the first page told of, in milliseconds, and how many came before.
_COUNT = 20  # bits


class Selecting(TypedDict):
    """What the three requests have in common."""

    startTime: NotRequired[datetime]
    endTime: NotRequired[datetime]
    accountId: NotRequired[str]
    filters: NotRequired[dict[str, list[str]]]


class Paging(Selecting):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]


class Grouping(Paging):
    groupBy: NotRequired[list[str]]


class Exporting(Selecting):
    format: str
    s3Uri: NotRequired[str]


class UsageApi:
    """`operator` is the account that sees what all accounts used; any other sees its own."""

    def __init__(self, ledger: Ledger, prices: Prices, blobs: Blobs, tokens: Tokens, operator: str) -> None:
        self._ledger = ledger
        self._prices = prices
        self._blobs = blobs
        self._tokens = tokens
        self._operator = operator

    @operation(SERVICE)
    async def get_usage(self, ctx: Context, req: Grouping) -> Record:
        by = req.get("groupBy", [])
        if len(set(by)) < len(by):
            raise ValidationException("groupBy names a dimension twice. Name each once.")
        context = _context(ctx, "usage", req)
        end, start = datetime.now(UTC), 0
        if "nextToken" in req:
            place = self._tokens.read(req["nextToken"], *context)
            end = datetime.fromtimestamp((place >> _COUNT) / 1000, UTC)
            start = place & ((1 << _COUNT) - 1)
        end = datetime.fromtimestamp(round(end.timestamp() * 1000) / 1000, UTC)  # as the token has it
        selection = self._selection(ctx, req, end)
        groups = await report(self._ledger, selection, by)
        stop = start + req.get("maxResults", GROUPS)
        next_place = round(end.timestamp() * 1000) << _COUNT | stop
        return {
            "startTime": selection.start,
            "endTime": selection.end,
            "groups": [_group(group, by) for group in groups[start:stop]],
            "nextToken": self._tokens.write(next_place, *context) if stop < len(groups) else None,
        }

    @operation(SERVICE)
    async def list_invocations(self, ctx: Context, req: Paging) -> Record:
        context = _context(ctx, "invocations", req)
        place = self._tokens.read(req["nextToken"], *context) if "nextToken" in req else None
        selection = self._selection(ctx, req, datetime.now(UTC))
        found, rest = await newest(self._ledger, selection, req.get("maxResults", PAGE), place)
        return {
            "invocations": [_invocation(used) for used in found],
            "nextToken": None if rest is None else self._tokens.write(rest, *context),
        }

    @operation(SERVICE)
    async def export_usage(self, ctx: Context, req: Exporting) -> Record:
        selection = self._selection(ctx, req, datetime.now(UTC))
        selection.where()  # raises here what it would raise once the answer has begun
        pieces = FORMATS[req["format"]](self._ledger, self._prices, selection)
        if "s3Uri" not in req:
            return {"contentType": "text/csv; charset=utf-8", "body": pieces}
        try:
            written = await to_bucket(self._blobs, req["s3Uri"], pieces, account=ctx.account)
        except BlobError as error:
            raise ValidationException(str(error)) from None
        return {"contentType": "text/plain; charset=utf-8", "body": _listed(written)}

    def _selection(self, ctx: Context, req: Selecting, now: datetime) -> Selection:
        account = req.get("accountId", None if ctx.account == self._operator else ctx.account)
        if account != ctx.account and ctx.account != self._operator:
            raise AccessDeniedException(
                f"The account {ctx.account} sees what it used itself. Leave 'accountId' out, or ask as the operator."
            )
        end = req.get("endTime", now)
        start = req.get("startTime", max(end, FIRST) - SPAN)
        if start >= end:
            raise ValidationException(
                f"The startTime {start.isoformat()} is not before the endTime {end.isoformat()}. Turn them round."
            )
        return Selection(start, end, account, req.get("filters", {}))


async def _listed(written: list[str]) -> AsyncGenerator[bytes, None]:
    yield "".join(f"{uri}\n" for uri in written).encode()


def _context(ctx: Context, kind: str, req: Paging) -> tuple[str, ...]:
    """What a page belongs to."""
    asked = {member: value for member, value in req.items() if member not in ("nextToken", "maxResults")}
    return (ctx.account, kind, repr(sorted(asked.items())))


def _counts(counts: Counts) -> Record:
    return {
        "inputTokens": counts.input_tokens,
        "outputTokens": counts.output_tokens,
        "cacheReadInputTokens": counts.cache_read_tokens,
        "cacheWriteInputTokens": counts.cache_write_tokens,
        "searches": counts.searches,
    }


def _group(group: Group, by: list[str]) -> Record:
    latency = group.latency
    return {
        "values": {name: value for name, value in zip(by, group.values, strict=True) if value is not None},
        "invocations": group.invocations,
        **_counts(group.counts),
        "cost": money.text(group.cost),
        "currency": group.currency,
        "energyKwh": group.energy,
        "errors": group.errors,
        "cancelled": group.cancelled,
        "meanFirstTokenMs": group.first_token,
        "latencyMs": latency and {"p50": latency.p50, "p90": latency.p90, "p99": latency.p99},
    }


def _invocation(used: Used) -> Record:
    return {
        "invocationId": used.id,
        "requestId": used.request_id,
        "startedAt": datetime.fromtimestamp(used.at, UTC),
        "accountId": used.account,
        "region": used.region,
        "principal": used.principal,
        "operation": used.operation,
        "modelId": used.model,
        "serviceTier": used.tier,
        "status": used.status,
        **_counts(used.counts),
        "estimated": used.estimated,
        "latencyMs": used.latency,
        "cost": money.text(used.cost),
        "currency": used.currency,
        "energyKwh": used.energy / JOULES_PER_KWH,
        "tags": dict(used.tags),
        "requestMetadata": dict(used.metadata),
        "inferenceProfileArn": used.profile,
        "keyId": used.key_id or None,
        "firstTokenMs": used.first_token or None,
    }

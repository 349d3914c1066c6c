"""Exports hold what was used, to the last billionth, in columns that other programs know, and nothing that they run."""

import csv
import io
import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from craton import config
from craton.store.blobs import Blobs
from craton.store.documents import Documents
from craton.usage.prices import Prices
from craton.usage.records import Counts, Used
from craton.usage.reports import exports
from craton.usage.reports.exports import FORMATS, to_bucket
from craton.usage.reports.selection import Selection
from craton.usage.reports.tables import safe
from tests.usage.reports.makers import START, generated, ledger_of

WHOLE = Selection(START, START + timedelta(days=5))
BILLION = Decimal(10**9)
PRICES = {"m-1": config.Price(input=Decimal(2), output=Decimal(8), currency="USD")}


async def exported(home: Path, rows: list[Used], kind: str, selection: Selection = WHOLE) -> list[dict[str, str]]:
    documents = Documents.open(home)
    try:
        async with ledger_of(home, rows) as ledger:
            pieces = [piece async for piece in FORMATS[kind](ledger, Prices(documents, PRICES), selection)]
    finally:
        await documents.close()
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode(), newline="")))


async def test_every_invocation_is_a_line(tmp_path: Path) -> None:
    rows = generated(300)
    lines = await exported(tmp_path, rows, "CSV")
    by_id = {row.id: row for row in rows}
    assert {line["invocation_id"] for line in lines} == by_id.keys() and len(lines) == 300
    for line in lines:
        row = by_id[line["invocation_id"]]
        assert Decimal(line["cost"]) == row.cost / BILLION
        assert (line["model"], line["status"], line["currency"]) == (row.model, row.status, row.currency)
        assert int(line["input_tokens"]) == row.counts.input_tokens
        assert json.loads(line["tags"]) == row.tags
    assert [line["started_at"] for line in lines] == sorted(line["started_at"] for line in lines)


async def test_a_bill_adds_up(tmp_path: Path) -> None:
    rows = generated(1500)
    lines = await exported(tmp_path, rows, "CUR")
    costs: dict[str, Decimal] = defaultdict(Decimal)
    tokens: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        costs[line["line_item_currency_code"]] += Decimal(line["line_item_unblended_cost"])
        kind = re.sub(r"^USE1-m-\d-|-flex$", "", line["line_item_usage_type"])
        tokens[kind] += Decimal(line["line_item_usage_amount"]) * 1000
    for currency in ("USD", "EUR"):
        assert costs[currency] == sum(row.cost for row in rows if row.currency == currency) / BILLION
    assert tokens == {
        "input-tokens": sum(row.counts.input_tokens for row in rows),
        "output-tokens": sum(row.counts.output_tokens for row in rows),
        "cache-read-input-token-count": sum(row.counts.cache_read_tokens for row in rows),
    }
    assert len({line["identity_line_item_id"] for line in lines}) == len(lines)


async def test_a_line_item_of_a_bill(tmp_path: Path) -> None:
    row = generated(1)[0]
    row = replace(
        row,
        at=START.timestamp() + 100,
        region="eu-central-1",
        model="m-1",
        profile=None,
        tier="flex",
        operation="bedrock-runtime.ConverseStream",
        account="123456789012",
        counts=Counts(1000, 500, 0, 0),
        cost=6_000_000,
        currency="USD",
        tags={"team": "red"},
    )
    first, second = await exported(tmp_path, [row, replace(row, id="i-2", cost=3)], "CUR")
    first.pop("identity_line_item_id")
    assert first == {
        "identity_time_interval": "2026-10-30T00:00:00Z/2026-10-30T01:00:00Z",
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "Craton",
        "bill_billing_period_start_date": "2026-10-01T00:00:00Z",
        "bill_billing_period_end_date": "2026-11-01T00:00:00Z",
        "bill_payer_account_id": "123456789012",
        "line_item_usage_account_id": "123456789012",
        "line_item_line_item_type": "Usage",
        "line_item_usage_start_date": "2026-10-30T00:00:00Z",
        "line_item_usage_end_date": "2026-10-30T01:00:00Z",
        "line_item_product_code": "AmazonBedrock",
        "line_item_usage_type": "EUC1-m-1-input-tokens-flex",
        "line_item_operation": "InvokeModelStreamingInference",
        "line_item_resource_id": "arn:aws:bedrock:eu-central-1::foundation-model/m-1",
        "line_item_usage_amount": "2",
        "line_item_currency_code": "USD",
        "line_item_unblended_rate": "0.0010000005",
        "line_item_unblended_cost": "0.002000001",
        "line_item_line_item_description": "input-tokens of m-1 in eu-central-1, by 1K tokens",
        "line_item_iam_principal": row.principal,
        "pricing_unit": "1K tokens",
        "pricing_currency": "USD",
        "pricing_term": "OnDemand",
        "product_region_code": "eu-central-1",
        "product_product_family": "Amazon Bedrock",
        "resource_tags": '{"user_team":"red"}',
    }
    assert (second["line_item_usage_type"], second["line_item_unblended_cost"]) == (
        "EUC1-m-1-output-tokens-flex",
        "0.004000002",
    )


async def test_focus_has_the_same_money(tmp_path: Path) -> None:
    rows = generated(400)
    lines = await exported(tmp_path, rows, "FOCUS")
    billed = sum(Decimal(line["BilledCost"]) for line in lines if line["BillingCurrency"] == "EUR")
    assert billed == sum(row.cost for row in rows if row.currency == "EUR") / BILLION
    made = [int(line["ConsumedQuantity"]) for line in lines if "-output-tokens" in line["SkuId"]]
    assert sum(made) == sum(row.counts.output_tokens for row in rows)
    assert {line["ServiceCategory"] for line in lines} == {"AI and Machine Learning"}


async def test_what_was_paid_for_without_a_token_is_on_the_bill(tmp_path: Path) -> None:
    row = replace(generated(1)[0], counts=Counts(), cost=42, tier="default")
    (line,) = await exported(tmp_path, [row], "CUR")
    assert (line["line_item_unblended_cost"], line["pricing_unit"]) == ("0.000000042", "Invocations")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(begins: str) -> None:
    assert safe(f"{begins}HYPERLINK(1)") == f"'{begins}HYPERLINK(1)"
    assert safe(f"a{begins}b") == f"a{begins}b"
    assert (safe(-5), safe(Decimal("-0.5")), safe(None)) == ("-5", "-0.5", "")


async def test_a_hostile_name_stays_text(tmp_path: Path) -> None:
    (line,) = await exported(tmp_path, [replace(generated(1)[0], model='=cmd|" /C calc"!A0')], "CSV")
    assert line["model"] == '\'=cmd|" /C calc"!A0'


async def test_an_export_to_a_bucket_is_cut_into_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PART", 20_000)
    monkeypatch.setattr(exports, "PIECE", 20)
    rows = generated(300)
    documents, blobs = Documents.open(tmp_path), Blobs(tmp_path, "123456789012")
    async with ledger_of(tmp_path, rows) as ledger:
        pieces = FORMATS["CSV"](ledger, Prices(documents, {}), WHOLE)
        written = await to_bucket(blobs, "s3://bills/2026/", pieces, account="123456789012")
    await documents.close()
    assert len(written) > 2 and written[0] == "s3://bills/2026/00001.csv"
    ids: list[str] = []
    for uri in written:
        data = await blobs.read(uri, account="123456789012", limit=10**6)
        ids += [line["invocation_id"] for line in csv.DictReader(io.StringIO(data.decode(), newline=""))]
    assert sorted(ids) == sorted(row.id for row in rows)

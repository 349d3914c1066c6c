"""The formats of exports: plain columns, those of AWS's cost and usage report (CUR 2.0), and those of FOCUS 1.0.

Sources: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html,
https://docs.aws.amazon.com/bedrock/latest/userguide/cost-mgmt-understanding-cur-data.html and
https://focus.finops.org/focus-specification/v1-0/. Knows neither the ledger nor where exports go.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import msgspec

from craton.usage.records import JOULES_PER_KWH, Used
from craton.usage.reports.lines import Line
from craton.usage.reports.tables import Columns, amount, plain

# What AWS's bills call its regions; another has its own name.
REGIONS = {
    "us-east-1": "USE1",
    "us-east-2": "USE2",
    "us-west-1": "USW1",
    "us-west-2": "USW2",
    "ca-central-1": "CAN1",
    "sa-east-1": "SAE1",
    "eu-central-1": "EUC1",
    "eu-central-2": "EUC2",
    "eu-north-1": "EUN1",
    "eu-south-1": "EUS1",
    "eu-west-1": "EUW1",
    "eu-west-2": "EUW2",
    "eu-west-3": "EUW3",
    "ap-northeast-1": "APN1",
    "ap-northeast-2": "APN2",
    "ap-northeast-3": "APN3",
    "ap-south-1": "APS3",
    "ap-southeast-1": "APS1",
    "ap-southeast-2": "APS2",
}
STREAMED = ("ConverseStream", "InvokeModelWithResponseStream")


@lru_cache
def stamp(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _end(line: Line) -> datetime:
    return line.use.hour + timedelta(hours=1)


def _month(line: Line) -> datetime:
    return line.use.hour.replace(day=1, hour=0)


def _month_end(line: Line) -> datetime:
    return (_month(line) + timedelta(days=32)).replace(day=1)


def _usage_type(line: Line) -> str:
    use = line.use
    tier = "" if use.tier == "default" else f"-{use.tier}"
    return f"{REGIONS.get(use.region, use.region)}-{use.model}-{line.kind.name}{tier}"


def _operation(line: Line) -> str:
    streamed = line.use.operation.rpartition(".")[2] in STREAMED
    return "InvokeModelStreamingInference" if streamed else "InvokeModelInference"


def _resource(line: Line) -> str:
    """The inference profile that was named, or the model."""
    use = line.use
    return use.profile or f"arn:aws:bedrock:{use.region}::foundation-model/{use.model}"


def _quantity(line: Line) -> Decimal:
    return plain(Decimal(line.amount) / line.kind.per)


def _cost(line: Line) -> Decimal:
    return amount(line.cost)


def _rate(line: Line) -> Decimal:
    return plain((_cost(line) / _quantity(line)).quantize(Decimal("1e-12")))


def _described(line: Line) -> str:
    return f"{line.kind.name} of {line.use.model} in {line.use.region}, by {line.kind.unit}"


def _map(values: dict[str, str]) -> str:
    return msgspec.json.encode(values, order="sorted").decode()


CUR: Columns[Line] = {
    "identity_line_item_id": lambda line: line.id,
    "identity_time_interval": lambda line: f"{stamp(line.use.hour)}/{stamp(_end(line))}",
    "bill_bill_type": lambda line: "Anniversary",
    "bill_billing_entity": lambda line: "Craton",
    "bill_billing_period_start_date": lambda line: stamp(_month(line)),
    "bill_billing_period_end_date": lambda line: stamp(_month_end(line)),
    "bill_payer_account_id": lambda line: line.use.account,
    "line_item_usage_account_id": lambda line: line.use.account,
    "line_item_line_item_type": lambda line: "Usage",
    "line_item_usage_start_date": lambda line: stamp(line.use.hour),
    "line_item_usage_end_date": lambda line: stamp(_end(line)),
    "line_item_product_code": lambda line: "AmazonBedrock",
    "line_item_usage_type": _usage_type,
    "line_item_operation": _operation,
    "line_item_resource_id": _resource,
    "line_item_usage_amount": _quantity,
    "line_item_currency_code": lambda line: line.use.currency,
    "line_item_unblended_rate": _rate,
    "line_item_unblended_cost": _cost,
    "line_item_line_item_description": _described,
    "line_item_iam_principal": lambda line: line.use.principal,
    "pricing_unit": lambda line: line.kind.unit,
    "pricing_currency": lambda line: line.use.currency,
    "pricing_term": lambda line: "OnDemand",
    "product_region_code": lambda line: line.use.region,
    "product_product_family": lambda line: "Amazon Bedrock",
    "resource_tags": lambda line: _map({f"user_{key}": value for key, value in line.use.tags.items()}),
}

FOCUS: Columns[Line] = {
    "BilledCost": _cost,
    "BillingAccountId": lambda line: line.use.account,
    "BillingAccountName": lambda line: None,
    "BillingCurrency": lambda line: line.use.currency,
    "BillingPeriodEnd": lambda line: stamp(_month_end(line)),
    "BillingPeriodStart": lambda line: stamp(_month(line)),
    "ChargeCategory": lambda line: "Usage",
    "ChargeClass": lambda line: None,
    "ChargeDescription": _described,
    "ChargeFrequency": lambda line: "Usage-Based",
    "ChargePeriodEnd": lambda line: stamp(_end(line)),
    "ChargePeriodStart": lambda line: stamp(line.use.hour),
    "ConsumedQuantity": lambda line: line.amount,
    "ConsumedUnit": lambda line: line.kind.unit.removeprefix("1K ").capitalize(),
    "ContractedCost": _cost,
    "ContractedUnitPrice": _rate,
    "EffectiveCost": _cost,
    "InvoiceIssuerName": lambda line: "Craton",
    "ListCost": _cost,
    "ListUnitPrice": _rate,
    "PricingCategory": lambda line: "Standard",
    "PricingQuantity": _quantity,
    "PricingUnit": lambda line: line.kind.unit,
    "ProviderName": lambda line: "Craton",
    "PublisherName": lambda line: "Craton",
    "RegionId": lambda line: line.use.region,
    "RegionName": lambda line: line.use.region,
    "ResourceId": _resource,
    "ResourceName": lambda line: line.use.model,
    "ResourceType": lambda line: "Inference profile" if line.use.profile else "Model",
    "ServiceCategory": lambda line: "AI and Machine Learning",
    "ServiceName": lambda line: "Craton",
    "SkuId": _usage_type,
    "SkuPriceId": _usage_type,
    "SubAccountId": lambda line: line.use.account,
    "SubAccountName": lambda line: None,
    "Tags": lambda line: _map(dict(line.use.tags)),
    "x_Operation": _operation,
    "x_Principal": lambda line: line.use.principal,
}


def _energy(used: Used) -> Decimal:
    return plain((Decimal(repr(used.energy)) / JOULES_PER_KWH).quantize(Decimal("1e-12")))


PLAIN: Columns[Used] = {
    "started_at": lambda used: datetime.fromtimestamp(used.at, UTC).isoformat(timespec="microseconds"),
    "invocation_id": lambda used: used.id,
    "request_id": lambda used: used.request_id,
    "account": lambda used: used.account,
    "region": lambda used: used.region,
    "principal": lambda used: used.principal,
    "key_id": lambda used: used.key_id,
    "operation": lambda used: used.operation,
    "model": lambda used: used.model,
    "profile": lambda used: used.profile,
    "tier": lambda used: used.tier,
    "status": lambda used: used.status,
    "input_tokens": lambda used: used.counts.input_tokens,
    "output_tokens": lambda used: used.counts.output_tokens,
    "cache_read_tokens": lambda used: used.counts.cache_read_tokens,
    "cache_write_tokens": lambda used: used.counts.cache_write_tokens,
    "searches": lambda used: used.counts.searches,
    "estimated": lambda used: str(used.estimated).lower(),
    "latency_ms": lambda used: used.latency,
    "first_token_ms": lambda used: used.first_token or None,
    "cost": lambda used: amount(used.cost),
    "currency": lambda used: used.currency,
    "energy_kwh": _energy,
    "tags": lambda used: _map(dict(used.tags)),
    "metadata": lambda used: _map(dict(used.metadata)),
}

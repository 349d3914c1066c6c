"""Craton's operations on what was used, against requests that were really made."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.fronts import OTHER_ACCOUNT, Account, stranger_on
from tests.scripted import MODEL
from tests.serving import Server

PRICES = f"""
[prices."{MODEL}"]
input = 3
output = 15
currency = "USD"
"""
ACCOUNT = "123456789012"
CALLS = 4


def said(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": text}]}]


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which the operator's account and another one have made some calls."""
    home = tmp_path_factory.mktemp("usage") / "home"
    scripted.install(home)
    (home / "craton.toml").write_text(PRICES)
    with Server(home) as server:
        runtime = server.client("bedrock-runtime")
        for tenant in "aab":
            runtime.converse(modelId=MODEL, messages=said("Hello."), requestMetadata={"tenant": tenant})
        with pytest.raises(ClientError):
            runtime.converse(modelId=MODEL, messages=said("fail before"))
        stranger_on(server).client("bedrock-runtime").converse(modelId=MODEL, messages=said("Hello."))
        yield server


@pytest.fixture(scope="module")
def usage(priced: Server) -> Any:
    return Account(priced).client("craton")


@pytest.fixture(scope="module")
def theirs(priced: Server) -> Any:
    return stranger_on(priced).client("craton")


def test_groups(usage: Any) -> None:
    told = usage.get_usage(groupBy=["metadata:tenant", "status"], accountId=ACCOUNT)
    groups = {(group["values"].get("metadata:tenant"), group["values"]["status"]): group for group in told["groups"]}
    assert groups.keys() == {("a", "OK"), ("b", "OK"), (None, "ThrottlingException")}
    both = groups["a", "OK"]
    assert (both["invocations"], both["inputTokens"], both["outputTokens"], both["currency"]) == (2, 2, 14, "USD")
    assert Decimal(both["cost"]) == Decimal(2 * 3 + 14 * 15) / 10**6
    assert both["latencyMs"]["p50"] <= both["latencyMs"]["p99"]
    refused = groups[None, "ThrottlingException"]
    assert (refused["errors"], refused["outputTokens"], refused["cost"]) == (1, 0, "0.00")
    assert "latencyMs" not in refused
    assert told["endTime"] - told["startTime"] == timedelta(days=30)


def test_the_operator_sees_all_and_others_see_themselves(usage: Any, theirs: Any) -> None:
    def accounts(client: Any, **asked: Any) -> set[str]:
        return {group["values"]["account"] for group in client.get_usage(groupBy=["account"], **asked)["groups"]}

    assert accounts(usage) == {ACCOUNT, OTHER_ACCOUNT}
    assert accounts(usage, accountId=OTHER_ACCOUNT) == {OTHER_ACCOUNT}
    assert accounts(theirs) == accounts(theirs, accountId=OTHER_ACCOUNT) == {OTHER_ACCOUNT}
    assert accounts(theirs, filters={"account": [ACCOUNT]}) == set()
    assert {row["accountId"] for row in theirs.list_invocations()["invocations"]} == {OTHER_ACCOUNT}
    for ask in (theirs.get_usage, theirs.list_invocations):
        with pytest.raises(ClientError) as refused:
            ask(accountId=ACCOUNT)
        assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    exported = theirs.export_usage(format="CSV")["body"].read().decode()
    assert ACCOUNT not in exported and OTHER_ACCOUNT in exported


def test_pages_of_groups(usage: Any) -> None:
    asked = {"groupBy": ["metadata:tenant", "status", "account"], "startTime": datetime.now(UTC) - timedelta(days=1)}
    whole = usage.get_usage(**asked)["groups"]
    page = usage.get_usage(maxResults=1, **asked)
    found, end = page["groups"], page["endTime"]
    while "nextToken" in page:
        page = usage.get_usage(maxResults=1, nextToken=page["nextToken"], **asked)
        found += page["groups"]
        assert (len(page["groups"]), page["endTime"]) == (1, end)
    assert found == whole and len(whole) == 4
    token = usage.get_usage(maxResults=1, **asked)["nextToken"]
    with pytest.raises(ClientError, match="nextToken is not valid for this list"):
        usage.get_usage(maxResults=1, nextToken=token, groupBy=["status"])


def test_pages_of_invocations_newest_first(usage: Any, priced: Server) -> None:
    whole = usage.list_invocations()["invocations"]
    assert len(whole) == CALLS + 1
    times = [row["startedAt"] for row in whole]
    assert times == sorted(times, reverse=True)
    page = usage.list_invocations(maxResults=2)
    found = page["invocations"]
    while "nextToken" in page:
        page = usage.list_invocations(maxResults=2, nextToken=page["nextToken"])
        found += page["invocations"]
    assert found == whole
    (refused,) = usage.list_invocations(filters={"status": ["ThrottlingException"]})["invocations"]
    assert (refused["modelId"], refused["serviceTier"], refused["estimated"]) == (MODEL, "default", False)
    ids = {line["request_id"] for line in priced.requests_logged()}
    assert {row["requestId"] for row in whole} <= ids


@pytest.mark.parametrize("kind", ["CSV", "CUR", "FOCUS"])
def test_exports(usage: Any, kind: str) -> None:
    answer = usage.export_usage(format=kind, accountId=ACCOUNT)
    assert answer["contentType"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer["body"].read().decode(), newline="")))
    cost = {"CSV": "cost", "CUR": "line_item_unblended_cost", "FOCUS": "BilledCost"}[kind]
    assert sum(Decimal(line[cost]) for line in lines) == Decimal(3 * (3 + 7 * 15)) / 10**6
    assert kind != "CSV" or [json.loads(line["metadata"]) for line in lines][:3] == [{"tenant": each} for each in "aab"]


def test_an_export_to_a_bucket(usage: Any, theirs: Any, priced: Server) -> None:
    told = usage.export_usage(format="CUR", s3Uri="s3://bills/november")["body"].read().decode()
    assert told == "s3://bills/november/00001.csv\n"
    text = (priced.home / "buckets" / "bills" / "november" / "00001.csv").read_text()
    assert text.startswith("identity_line_item_id,") and text.count("\n") == 1 + 2 * 2
    theirs.export_usage(format="CUR", s3Uri="s3://bills/november")["body"].read()
    assert (priced.home / "buckets" / f"@{OTHER_ACCOUNT}" / "bills" / "november" / "00001.csv").is_file()


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"groupBy": ["team"]}, r"'team' is nothing to group by\. Use account"),
        ({"groupBy": ["model", "model"]}, "names a dimension twice"),
        ({"filters": {"day": ["2026-11-22"]}}, "'day' is nothing to filter by"),
        ({"startTime": datetime(2026, 2, 1), "endTime": datetime(2026, 1, 1)}, "is not before the endTime"),
    ],
)
def test_what_cannot_be_told_is_refused(usage: Any, asked: dict[str, Any], reason: str) -> None:
    with pytest.raises(ClientError, match=reason) as refused:
        usage.get_usage(**asked)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    if "filters" in asked:
        with pytest.raises(ClientError, match=reason):
            usage.export_usage(format="CSV", **asked)

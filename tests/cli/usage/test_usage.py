"""`craton usage` and `craton usage export`, on a home whose ledger has known rows."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from craton.usage.records import Counts
from tests.command import craton
from tests.usage.invocations import used
from tests.usage.reports.makers import ledger_of

NOW = datetime.now(UTC).timestamp()
ROWS = [
    used(
        "i-1",
        at=NOW - 60,
        model="m-1",
        counts=Counts(1000, 10),
        cost=2_500_000_000,
        currency="EUR",
        tags={"team": "red"},
    ),
    used("i-2", at=NOW - 50, model="m-1", counts=Counts(2000, 20), cost=1, currency="EUR", tags={"team": "blue"}),
    used("i-3", at=NOW - 40, model="=m-2", status="CANCELLED", cost=7, currency="USD", account="111122223333"),
    used("i-4", at=NOW - 20 * 86400, model="m-3", cost=7, currency="USD"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cli") / "home"
    folder.mkdir()

    async def fill() -> None:
        async with ledger_of(folder, ROWS):
            pass

    asyncio.run(fill())
    yield folder


def run(home: Path, *arguments: str) -> str:
    return craton("usage", *arguments, "--home", str(home)).stdout


def test_a_table_with_totals(home: Path) -> None:
    lines = [line.split() for line in run(home, "--since", "7d").splitlines()]
    assert lines[0][:3] == ["model", "invocations", "input"]
    rows = {line[0]: line for line in lines[1:]}
    assert rows["m-1"][1:7] == ["2", "3,000", "30", "0", "2.50", "EUR"]
    assert rows["in"][:6] == ["in", "all", "3", "3,003", "37", "3"]
    assert "m-3" not in rows


def test_json_by_any_dimension(home: Path) -> None:
    told = json.loads(run(home, "--by", "tag:team,account", "--since", "30d", "--json"))
    red = next(row for row in told if row["tag:team"] == "red")
    assert (red["account"], red["cost"], red["currency"], red["input_tokens"]) == ("123456789012", 2.5, "EUR", 1000)


def test_csv_for_one_account(home: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(run(home, "--csv", "--account", "111122223333")))
    assert (row["model"], row["cancelled"], row["cost"]) == ("'=m-2", "1", "0.000000007")


def test_filters(home: Path) -> None:
    told = json.loads(run(home, "--where", "model=m-1", "--where", "tag:team=blue", "--json"))
    assert [(row["model"], row["invocations"]) for row in told] == [("m-1", 1)]


def test_a_time_that_holds_nothing(home: Path) -> None:
    assert "Nothing was used" in run(home, "--since", "2020-01-01", "--until", "2020-02-01")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--since", "yesterday"], "'yesterday' is no time; write 7d"),
        (["--by", "team"], "'team' is nothing to group by"),
        (["--where", "model"], "write it as model=ID"),
        (["--since", "2026-01-02", "--until", "2026-01-01"], "is not before the end"),
        (["export", "--to", "/nowhere/at/all.csv"], "cannot be written"),
    ],
)
def test_what_is_wrong_is_told(home: Path, arguments: list[str], reason: str) -> None:
    options = ["--home", str(home)]
    done = craton("usage", *arguments, *options)
    assert done.returncode == 1 and reason in done.stderr


def test_a_home_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    done = craton("usage", "--home", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "There is no home" in done.stderr
    assert not (tmp_path / "none").exists()


def test_exports(home: Path, tmp_path: Path) -> None:
    run(home, "export", "--format", "cur", "--to", str(tmp_path / "bill.csv"))
    lines = list(csv.DictReader(io.StringIO((tmp_path / "bill.csv").read_text(), newline="")))
    assert {line["line_item_product_code"] for line in lines} == {"AmazonBedrock"}
    invocations = list(csv.DictReader(io.StringIO(run(home, "export", "--since", "1h"))))
    assert [line["invocation_id"] for line in invocations] == ["i-1", "i-2", "i-3"]
    run(home, "export", "--format", "focus", "--to", "s3://bills/all")
    assert (home / "buckets" / "bills" / "all" / "00001.csv").read_text().startswith("BilledCost,")

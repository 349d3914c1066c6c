"""`craton usage`: what a home's invocations used and cost, whether or not a server runs on it."""

import json
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Annotated, Literal, TypeVar

import typer

from craton.cli.options import AnyAccount, File, Home, Json, fail, finish, load
from craton.cli.usage.table import show_table
from craton.config import Config
from craton.store.blobs import BlobError, Blobs
from craton.store.documents import Documents
from craton.usage.ledger import Ledger
from craton.usage.prices import Prices
from craton.usage.reports import tables
from craton.usage.reports.exports import FORMATS, Pieces, to_bucket
from craton.usage.reports.report import Group, report
from craton.usage.reports.selection import Selection
from craton.usage.reports.tables import Cell, Columns

app = typer.Typer(name="usage", help="Report and export what was used and what it cost.")

Result = TypeVar("Result")
Since = Annotated[str, typer.Option(help="From when: 7d, 12h, 2026-11-01 or 2026-11-01T14:00 (UTC).")]
Until = Annotated[str | None, typer.Option(help="Until when, as --since (default: now).")]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="DIMENSION=VALUE", help="Only these; may be repeated.")
]

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_KINDS = {"csv": "CSV", "cur": "CUR", "focus": "FOCUS"}


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="What to group by: model, key, tag:team, day, ... with commas.")] = "model",
    since: Since = "30d",
    until: Until = None,
    where: Where = None,
    account: AnyAccount = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Json = False,
    home: Home = None,
    config_file: File = None,
) -> None:
    """Report what was used: a table by model, or by whatever else is asked for."""
    if context.invoked_subcommand:
        return
    dimensions = [name for name in by.split(",") if name]
    selection = _selection(since, until, where, account)
    groups = _with_ledger(load(home, config_file), lambda use: report(use.ledger, selection, dimensions))
    columns = _columns(dimensions)
    if as_json:
        typer.echo(json.dumps([{name: _plain(cell(group)) for name, cell in columns.items()} for group in groups]))
    elif as_csv:
        typer.echo(tables.header(columns) + tables.body(columns, groups), nl=False)
    else:
        show_table(groups, dimensions)


@app.command()
def export(
    to: Annotated[str, typer.Option(help="A file, - for the standard output, or s3://bucket/folder.")] = "-",
    kind: Annotated[Literal["csv", "cur", "focus"], typer.Option("--format", help="Which columns.")] = "csv",
    since: Since = "30d",
    until: Until = None,
    where: Where = None,
    account: AnyAccount = None,
    home: Home = None,
    config_file: File = None,
) -> None:
    """Export every invocation (csv), or line items with the columns of AWS's cost and usage report or of FOCUS."""
    selection = _selection(since, until, where, account)
    config = load(home, config_file)

    def pieces(use: "_Use") -> Pieces:
        return FORMATS[_KINDS[kind]](use.ledger, use.prices, selection)

    async def put(use: "_Use") -> list[str]:
        blobs = Blobs(config.home, config.account, config.s3)
        return await to_bucket(blobs, to, pieces(use), account=account or config.account)

    async def write(use: "_Use", file: IO[bytes]) -> None:
        async for piece in pieces(use):
            file.write(piece)

    if to.startswith("s3://"):
        for place in _with_ledger(config, put):
            typer.echo(f"Written to {place}.", err=True)
    elif to == "-":
        _with_ledger(config, lambda use: write(use, sys.stdout.buffer))
    else:
        with _opened(to) as file:
            _with_ledger(config, lambda use: write(use, file))
        typer.echo(f"Written to {to}.", err=True)


def _opened(path: str) -> IO[bytes]:
    try:
        return Path(path).open("wb")
    except OSError as error:
        fail(f"The file {path!r} cannot be written: {error.strerror}. Name another with --to.")


class _Use:
    """The parts of a home that hold what was used."""

    def __init__(self, config: Config) -> None:
        self._documents = Documents.open(config.home)
        self.ledger = Ledger.open(config.home)
        self.prices = Prices(self._documents, config.prices)

    async def close(self) -> None:
        await self.ledger.close()
        await self._documents.close()


def _with_ledger(config: Config, work: Callable[[_Use], Awaitable[Result]]) -> Result:
    if not config.home.is_dir():
        fail(f"There is no home at {str(config.home)!r}; name one with --home.")

    async def run() -> Result:
        use = _Use(config)
        try:
            return await work(use)
        finally:
            await use.close()

    try:
        return finish(run())
    except (BlobError, OSError) as error:
        fail(str(error))


def _selection(since: str, until: str | None, where: Sequence[str] | None, account: str | None) -> Selection:
    now = datetime.now(UTC)
    end = _time(until, now) if until else now
    start = _time(since, end)
    if start >= end:
        fail(f"--since {since!r} is not before the end of the time to report. Name an earlier one.")
    filters: dict[str, list[str]] = {}
    for text in where or ():
        name, equals, value = text.partition("=")
        if not equals:
            fail(f"--where {text!r} is no filter; write it as model=ID or tag:team=red.")
        filters.setdefault(name, []).append(value)
    return Selection(start, end, account, filters)


def _time(text: str, end: datetime) -> datetime:
    """A moment, or a stretch of time before the end."""
    if found := re.fullmatch(r"(\d{1,4})([hdw])", text):
        return end - int(found[1]) * _UNITS[found[2]]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no time; write 7d, 12h, 2026-11-01 or 2026-11-01T14:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _columns(dimensions: Sequence[str]) -> Columns[Group]:
    """Of CSV and JSON."""

    def value(number: int) -> Callable[[Group], Cell]:
        return lambda group: group.values[number]

    return {name: value(number) for number, name in enumerate(dimensions)} | {
        "invocations": lambda group: group.invocations,
        "input_tokens": lambda group: group.counts.input_tokens,
        "output_tokens": lambda group: group.counts.output_tokens,
        "cache_read_tokens": lambda group: group.counts.cache_read_tokens,
        "cache_write_tokens": lambda group: group.counts.cache_write_tokens,
        "searches": lambda group: group.counts.searches,
        "cost": lambda group: tables.amount(group.cost),
        "currency": lambda group: group.currency,
        "energy_kwh": lambda group: Decimal(f"{group.energy:.9f}"),
        "errors": lambda group: group.errors,
        "cancelled": lambda group: group.cancelled,
        "first_token_ms": lambda group: None if group.first_token is None else round(group.first_token),
        "latency_p50_ms": lambda group: group.latency and group.latency.p50,
        "latency_p90_ms": lambda group: group.latency and group.latency.p90,
        "latency_p99_ms": lambda group: group.latency and group.latency.p99,
    }


def _plain(cell: Cell) -> str | int | float | None:
    return float(cell) if isinstance(cell, Decimal) else cell

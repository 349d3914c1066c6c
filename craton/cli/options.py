"""What several commands share: options, how they print a table, and how they end when they cannot do their work."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from craton import config
from craton.config import Config, ConfigError
from craton.errors import ApiError

Result = TypeVar("Result")

Home = Annotated[Path | None, typer.Option("--home", help="Where state lives (default ~/.craton).", show_default=False)]
File = Annotated[
    Path | None,
    typer.Option("--config", help="The configuration file (default craton.toml in --home).", show_default=False),
]
Endpoint = Annotated[
    str | None, typer.Option("--endpoint", help="The server (default AWS_ENDPOINT_URL, else the one of --home).")
]
Account = Annotated[str | None, typer.Option(help="The account, of 12 digits (default: the server's).")]
AnyAccount = Annotated[
    str | None, typer.Option("--account", help="Only this account, of 12 digits (default: all).", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script to read.")]


def load(home: Path | None, file: Path | None = None, **options: object) -> Config:
    try:
        return config.load(file, {"home": home, **options})
    except ConfigError as error:
        fail(str(error))


def finish(work: Coroutine[object, object, Result]) -> Result:
    """Run it; what it raises as an ApiError ends the command with that sentence."""
    try:
        return asyncio.run(work)
    except ApiError as error:
        fail(error.message)


def fail(message: str) -> NoReturn:
    typer.echo(f"craton: {message}", err=True)
    raise typer.Exit(1)


def table(rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns, the first row in capitals as their heading. Never cut: ids are there to be copied."""
    texts = [[str(cell).upper() for cell in rows[0]], *([str(cell) for cell in row] for row in rows[1:])]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def pairs(texts: Sequence[str] | None) -> dict[str, str]:
    """Tags, as `key=value`."""
    found: dict[str, str] = {}
    for text in texts or ():
        key, equals, value = text.partition("=")
        if not key or not equals:
            fail(f"A tag is written key=value, not {text!r}.")
        if key in found:
            fail(f"The tag {key!r} is given twice; give it one value.")
        found[key] = value
    return found

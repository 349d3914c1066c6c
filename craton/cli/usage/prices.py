"""`craton prices`: what models cost, in a home, whether or not a server runs on it: one that does sees it at once."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from craton.admin.prices import AMOUNTS, listed
from craton.cli.options import File, Home, Json, finish, load, table
from craton.config import Config
from craton.store.documents import Documents
from craton.usage.prices import Prices

app = typer.Typer(name="prices", help="List, set and remove what models cost.", no_args_is_help=True)

Pattern = Annotated[str, typer.Argument(help="The id of a model, or a pattern such as 'anthropic.*'.")]
Amount = Annotated[str | None, typer.Option(metavar="AMOUNT")]
Result = TypeVar("Result")


@app.command("list")
def show(home: Home = None, config_file: File = None, as_json: Json = False) -> None:
    """List all prices, for a million tokens and for a thousand searches."""
    found = _with_prices(load(home, config_file), listed)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    columns = [*AMOUNTS, "currency"]
    rows: list[list[object]] = [["model", "input", "output", "cache read", "cache write", "search", "currency", "from"]]
    for each in found:
        rows.append([each["modelPattern"], *(each.get(name, "-") for name in columns), each["source"].lower()])
    table(rows)


@app.command("set")
def put(
    model: Pattern,
    input: Amount = None,
    output: Amount = None,
    cache_read: Amount = None,
    cache_write: Amount = None,
    search: Amount = None,
    currency: Annotated[str | None, typer.Option(help="Three letters (default: USD).")] = None,
    home: Home = None,
    config_file: File = None,
) -> None:
    """Set what a million tokens cost, and a thousand searches. A cache costs what input does where it is left out."""
    amounts = {"input": input, "output": output, "cache_read": cache_read, "cache_write": cache_write, "search": search}
    given = {name: value for name, value in {**amounts, "currency": currency}.items() if value is not None}
    _with_prices(load(home, config_file), lambda prices: prices.put(model, given))
    typer.echo(f"{model} has its price.")


@app.command()
def remove(model: Pattern, home: Home = None, config_file: File = None) -> None:
    """Remove a price that was set here or by an operation."""
    _with_prices(load(home, config_file), lambda prices: prices.delete(model))
    typer.echo(f"The price of {model} is removed.")


def _with_prices(config: Config, work: Callable[[Prices], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        documents = Documents.open(config.home)
        try:
            return await work(Prices(documents, config.prices))
        finally:
            await documents.close()

    return finish(run())

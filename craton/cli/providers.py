"""`craton providers`: the providers of a home, whether or not a server runs on it: those of its configuration and those
that an account made.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer

from craton.cli.options import Account, File, Home, Json, fail, finish, load, table
from craton.config import Config
from craton.core.context import Context
from craton.engines.supervisor import Engines
from craton.errors import ApiError
from craton.models.catalogue import shipped
from craton.models.files.library import Library
from craton.models.providers.providers import Providers
from craton.store.documents import Documents

app = typer.Typer(name="providers", help="List, add, check and remove providers of models.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The provider's name.")]
Result = TypeVar("Result")
Work = Callable[[Providers, Context], Awaitable[Result]]


@app.command("list")
def show(account: Account = None, home: Home = None, config_file: File = None, as_json: Json = False) -> None:
    """List the providers that an account may use, and their models."""
    found = _with_providers(load(home, config_file), account, _all)
    if as_json:
        typer.echo(json.dumps(found, indent=2, default=str))
        return
    rows: list[list[object]] = [["provider", "kind", "from", "address", "models"]]
    for each in found:
        ids = ", ".join(model["id"] for model in each["models"]) or "-"
        rows.append([each["providerName"], each["kind"], each["source"].lower(), each.get("baseUrl", "-"), ids])
    table(rows)


@app.command()
def add(
    name: Name,
    kind: Annotated[str, typer.Option(help="openai (any compatible server), anthropic or bedrock.")],
    base_url: Annotated[str | None, typer.Option(help="The server's address (default: the kind's own).")] = None,
    secret_env: Annotated[
        str | None, typer.Option(help="The server's environment variable with the key: CRATON_SECRET_...")
    ] = None,
    secret_file: Annotated[
        str | None, typer.Option(help="The file with the key, in the home's folder secrets.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="The AWS region, for bedrock.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME[=ID]", help="A model as the provider names it, and its id here; may be repeated."),
    ] = None,
    account: Account = None,
    home: Home = None,
    config_file: File = None,
) -> None:
    """Add a provider for one account; a running server serves it at once."""
    config = load(home, config_file)
    given = {"kind": kind, "baseUrl": base_url, "secretEnv": secret_env, "secretFile": secret_file, "region": region}
    body: dict[str, Any] = {member: value for member, value in given.items() if value is not None}
    body["models"] = [_model(text) for text in model or ()]
    taken = {each.id for each in shipped()} | set(Library(config.home).models())

    async def make(providers: Providers, ctx: Context) -> dict[str, Any]:
        return await providers.create(ctx, name, body, taken)

    made = _with_providers(config, account, make)
    typer.echo(f"{name} is added." if made["models"] else f"{name} is added without models: name some with --model.")
    for each in made["models"]:
        typer.echo(f"  {each['id']}")


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="The provider's name (default: all).")] = None,
    account: Account = None,
    home: Home = None,
    config_file: File = None,
) -> None:
    """Ask providers which models they have, from this machine and with this environment's secrets."""
    config = load(home, config_file)

    async def ask(providers: Providers, ctx: Context) -> bool:
        engines = Engines()
        try:
            found = [await providers.get(ctx, name)] if name else await _all(providers, ctx)
            return all([await _answers(providers, engines, ctx, each) for each in found])
        finally:
            await engines.close()

    if not _with_providers(config, account, ask):
        raise typer.Exit(1)


@app.command()
def remove(name: Name, account: Account = None, home: Home = None, config_file: File = None) -> None:
    """Remove a provider that an account made; a running server stops serving its models at once."""

    async def delete(providers: Providers, ctx: Context) -> None:
        await providers.delete(ctx, name)

    _with_providers(load(home, config_file), account, delete)
    typer.echo(f"{name} is removed.")


async def _all(providers: Providers, ctx: Context) -> list[dict[str, Any]]:
    items, token = await providers.page(ctx, None, None)
    while token:
        more, token = await providers.page(ctx, None, token)
        items += more
    return items


async def _answers(providers: Providers, engines: Engines, ctx: Context, record: dict[str, Any]) -> bool:
    """Say what the provider answers, and whether it has all the models that are served from it."""
    name = record["providerName"]
    try:
        remote = await engines.remote(await providers.spec(ctx, name))
        offered = {each.id for each in await remote.models()}
    except ApiError as error:
        typer.echo(f"{name}: {error.message}")
        return False
    missing = [model["model"] for model in record["models"] if model["model"] not in offered]
    lacks = f", but not {', '.join(map(repr, missing))}" if missing else ""
    typer.echo(f"{name}: answers and has {len(offered)} models{lacks}.")
    return not missing


def _model(text: str) -> dict[str, str]:
    model, _, made = text.partition("=")
    return {"model": model} | ({"id": made} if made else {})


def _with_providers(config: Config, account: str | None, work: Work[Result]) -> Result:
    async def run() -> Result:
        ctx = Context(account or config.account, config.region, "", "")
        documents = Documents.open(config.home)
        try:
            return await work(Providers(documents, config.providers, home=config.home), ctx)
        finally:
            await documents.close()

    try:
        return finish(run())
    except ValueError as error:
        fail(str(error))

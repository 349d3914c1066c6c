"""`craton keys`: access keys and API keys in the store of a home, whether or not a server runs on it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

import typer

from craton.admin.api import summary
from craton.cli.options import Account, Home, Json, fail, load, table
from craton.errors import ApiError
from craton.iam.keys import Keys
from craton.iam.records import ApiKey, Credential
from craton.store.documents import Documents

app = typer.Typer(name="keys", help="Create, list and revoke access keys and API keys.", no_args_is_help=True)

Result = TypeVar("Result")


@app.command()
def create(
    api_key: Annotated[
        bool, typer.Option("--api-key", help="A Bedrock API key (bearer token) instead of an access key.")
    ] = False,
    user: Annotated[str | None, typer.Option(help="Whose key it is (default: the account's root).")] = None,
    days: Annotated[float | None, typer.Option(help="Days after which it expires (default: never).")] = None,
    account: Account = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Create a key and show its secret, this once."""
    config = load(home)
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    owner = account or config.account

    async def make(keys: Keys) -> dict[str, str]:
        if api_key:
            made, token = await keys.create_api_key(owner, user, expires_at=expires_at)
            return {"keyId": made.id, "apiKey": token}
        key = await keys.create_access_key(owner, **({"user": user} if user else {}), expires_at=expires_at)
        return {"accessKeyId": key.access_key_id, "secretAccessKey": key.secret}

    made = _with_keys(home, make)
    if as_json:
        typer.echo(json.dumps(made))
    elif api_key:
        typer.echo(f"export AWS_BEARER_TOKEN_BEDROCK={made['apiKey']}")
        typer.echo(
            "boto3 and the AWS CLI send an API key over https only; curl and other SDKs over http too.", err=True
        )
    else:
        typer.echo(
            f"export AWS_ACCESS_KEY_ID={made['accessKeyId']}\nexport AWS_SECRET_ACCESS_KEY={made['secretAccessKey']}"
        )


@app.command("list")
def show(account: Account = None, home: Home = None, as_json: Json = False) -> None:
    """List keys, without secrets."""

    async def collect(keys: Keys) -> list[dict[str, object]]:
        found: list[Credential | ApiKey] = [*await keys.access_keys(account), *await keys.api_keys(account)]
        return [summary(key) | {"account": key.account} for key in sorted(found, key=lambda key: key.created_at)]

    rows = _with_keys(home, collect)
    if as_json:
        typer.echo(json.dumps(rows, indent=2, default=str))
        return
    columns = ["keyId", "type", "status", "account", "userName", "createdAt", "expiresAt"]
    table([columns, *([row[column] or "" for column in columns] for row in rows)])


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The id of an access key or API key.")], home: Home = None
) -> None:
    """Revoke a key at once; a running server refuses it within a second."""
    _with_keys(home, lambda keys: keys.revoke(key_id))
    typer.echo(f"{key_id} is revoked.")


def _with_keys(home: Home, work: Callable[[Keys], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        documents = Documents.open(load(home).home)
        try:
            return await work(Keys(documents))
        finally:
            await documents.close()

    try:
        return asyncio.run(run())
    except ApiError as error:
        fail(error.message)

"""`craton keys`: access keys and API keys in the store of a home, whether or not a server runs on it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from craton.admin.identity.keys import summary
from craton.cli.identity.home import with_identity
from craton.cli.options import Account, AnyAccount, Home, Json, load, table
from craton.iam.identities.managed import FULL_ACCESS
from craton.iam.identity import Identity
from craton.iam.records import ROOT, Caller, Credential
from craton.usage.rotation import hand_over

app = typer.Typer(
    name="keys", help="Create, list, rotate, revoke and delete access keys and API keys.", no_args_is_help=True
)

Id = Annotated[str, typer.Argument(metavar="KEY", help="The id of an access key or API key.")]
Days = Annotated[float | None, typer.Option(help="Days after which it expires (default: never).")]


@app.command()
def create(
    api_key: Annotated[
        bool, typer.Option("--api-key", help="A Bedrock API key (bearer token) instead of an access key.")
    ] = False,
    user: Annotated[
        str | None,
        typer.Option(help="Whose key it is (default: the account's root; of an API key, a new user of its own)."),
    ] = None,
    days: Days = None,
    account: Account = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Create a key and show its secret, this once. A user that is not there yet gets AmazonBedrockFullAccess."""
    owner = account or load(home).account

    async def make(identity: Identity) -> tuple[dict[str, str], bool, bool]:
        first = not await identity.accounts.has(owner)
        new = user not in (None, ROOT) and await identity.users.find(owner, user or "") is None
        ends = _after(days)
        if api_key:
            made, token = await identity.keys.create_api_key(owner, user, expires_at=ends, new_user=FULL_ACCESS)
            return {"keyId": made.id, "apiKey": token}, new, first
        key = await identity.keys.create_access_key(owner, user or ROOT, expires_at=ends, new_user=FULL_ACCESS)
        return {"accessKeyId": key.access_key_id, "secretAccessKey": key.secret}, new, first

    made, new, first = with_identity(home, make)
    _tell(made, as_json=as_json)
    if first:
        typer.echo(f"The account {owner} is new; `craton accounts` shows it.", err=True)
    if new:
        typer.echo(
            f"The user {user} is new and has AmazonBedrockFullAccess; `craton users` shows and changes what it may.",
            err=True,
        )


@app.command("list")
def show(
    user: Annotated[
        str | None,
        typer.Option(help="Only the keys of this user; of the server's account, unless --account names another."),
    ] = None,
    account: AnyAccount = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List keys, without secrets: of all accounts, or of one account or user."""
    owner = account or (load(home).account if user else None)

    async def collect(identity: Identity) -> list[dict[str, object]]:
        keys = identity.keys
        found: list[Caller] = [*await keys.access_keys(owner), *await keys.api_keys(owner)]
        rows = [
            summary(key, await identity.uses.last(key.id)) | {"account": key.account}
            for key in sorted(found, key=lambda key: key.created_at)
        ]
        return [row for row in rows if user in (None, row["userName"])]

    rows = with_identity(home, collect)
    if as_json:
        typer.echo(json.dumps(rows, indent=2, default=str))
        return
    columns = ["keyId", "type", "status", "account", "userName", "createdAt", "expiresAt", "lastUsedAt"]
    table([columns, *([row.get(column) or "" for column in columns] for row in rows)])


@app.command()
def rotate(
    key_id: Id,
    grace: Annotated[float, typer.Option(help="Hours for which the old key still works.")] = 24,
    days: Annotated[
        float | None, typer.Option(help="Days after which the new key expires (default: as long as the old one).")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Create a new key of the same user, with the same limits, show its secret, and let the old one expire."""

    async def make(identity: Identity) -> tuple[dict[str, str], datetime]:
        made, token, ends = await identity.keys.rotate(
            key_id, hand_over=hand_over, grace=timedelta(hours=grace), expires_at=_after(days)
        )
        if isinstance(made, Credential):
            return {"accessKeyId": made.access_key_id, "secretAccessKey": made.secret}, ends
        return {"keyId": made.id, "apiKey": token or ""}, ends

    made, ends = with_identity(home, make)
    _tell(made, as_json=as_json)
    typer.echo(f"{key_id} expires at {ends:%Y-%m-%d %H:%M} UTC.", err=True)


@app.command()
def revoke(key_id: Id, home: Home = None) -> None:
    """Revoke a key at once; a running server refuses it within a second."""
    with_identity(home, lambda identity: identity.keys.revoke(key_id))
    typer.echo(f"{key_id} is revoked.")


@app.command()
def delete(key_id: Id, home: Home = None) -> None:
    """Revoke a key and take it from the list."""
    with_identity(home, lambda identity: identity.keys.delete(key_id))
    typer.echo(f"{key_id} is deleted.")


def _after(days: float | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def _tell(made: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(made))
    elif "apiKey" in made:
        typer.echo(f"export AWS_BEARER_TOKEN_BEDROCK={made['apiKey']}")
        typer.echo(
            "boto3 and the AWS CLI send an API key over https only; curl and other SDKs over http too.", err=True
        )
    else:
        typer.echo(
            f"export AWS_ACCESS_KEY_ID={made['accessKeyId']}\nexport AWS_SECRET_ACCESS_KEY={made['secretAccessKey']}"
        )

"""`craton accounts`: the accounts of a home."""

import json
from typing import Annotated

import typer

from craton.cli.identity.home import with_identity
from craton.cli.options import Home, Json, table
from craton.iam.accounts import Account
from craton.iam.identity import Identity

app = typer.Typer(name="accounts", help="Create, list, suspend and delete accounts.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account, of 12 digits.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What people call it.")],
    account: Annotated[str | None, typer.Option("--id", help="Its 12 digits (default: any).")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Create an account."""
    made = with_identity(home, lambda identity: identity.create_account(name, account))
    typer.echo(json.dumps(_shown(made), default=str) if as_json else f"The account {made.id} is made.")
    if not as_json:
        typer.echo(f"Its first key: craton keys create --account {made.id}", err=True)


@app.command("list")
def show(home: Home = None, as_json: Json = False) -> None:
    """List the accounts."""

    async def collect(identity: Identity) -> list[Account]:
        return identity.accounts.all()

    rows = [_shown(account) for account in with_identity(home, collect)]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, default=str))
    else:
        columns = ["accountId", "accountName", "status", "createdAt"]
        table([columns, *([row[column] for column in columns] for row in rows)])


@app.command()
def suspend(account: Id, home: Home = None) -> None:
    """Refuse all callers of an account; a running server does so within a second."""
    with_identity(home, lambda identity: identity.accounts.suspend(account))
    typer.echo(f"The account {account} is suspended.")


@app.command()
def activate(account: Id, home: Home = None) -> None:
    """Serve the callers of a suspended account again."""
    with_identity(home, lambda identity: identity.accounts.activate(account))
    typer.echo(f"The account {account} is active.")


@app.command()
def delete(account: Id, home: Home = None) -> None:
    """Delete an account with its users, roles, policies and keys, once it has no resources."""
    with_identity(home, lambda identity: identity.delete_account(account))
    typer.echo(f"The account {account} is deleted.")


def _shown(account: Account) -> dict[str, object]:
    status = "ACTIVE" if account.active else "SUSPENDED"
    return {
        "accountId": account.id,
        "accountName": account.name,
        "status": status,
        "createdAt": account.created_at,
    }

"""The commands that show users or roles and say what they may: the same for both, so each group gets them from here."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from craton.admin import Members
from craton.cli.identity.home import document, policy_arn, with_identity
from craton.cli.options import Account, Home, Json, load, table
from craton.iam.identities.identities import Identities
from craton.iam.identity import Identity
from craton.store.documents import Document

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the user or role.")]
Managed = Annotated[str, typer.Argument(metavar="POLICY", help="The name or ARN of a managed policy.")]
Inline = Annotated[str, typer.Argument(metavar="POLICY", help="The name of an inline policy.")]
File = Annotated[Path, typer.Argument(help="The policy's JSON; - reads the standard input.")]
Attach = Annotated[list[str] | None, typer.Option(help="A managed policy to attach; may be repeated.")]
Tag = Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A tag; may be repeated.")]


Shown = Callable[[Identity, Document], Awaitable[Members]]


def add_to(app: typer.Typer, kind: str, of: Callable[[Identity], Identities], shown: Shown) -> None:
    """Give a group of commands those that users and roles have alike; `of` names the group's identities."""

    @app.command("list", help=f"List {kind}s and what is attached to them.")
    def show(account: Account = None, home: Home = None, as_json: Json = False) -> None:
        owner = account or load(home).account

        async def collect(identity: Identity) -> list[Members]:
            return [await shown(identity, each) for each in of(identity).all(owner)]

        _tell(with_identity(home, collect), f"{kind}Name", as_json=as_json)

    @app.command(help=f"Show a {kind}, its tags and policies, as JSON.")
    def get(name: Name, account: Account = None, home: Home = None) -> None:
        owner = account or load(home).account

        async def find(identity: Identity) -> Members:
            return await shown(identity, await of(identity).get(owner, name))

        typer.echo(json.dumps(with_identity(home, find), indent=2, default=str))

    @app.command()
    def attach(name: Name, policy: Managed, account: Account = None, home: Home = None) -> None:
        """Attach a managed policy."""
        owner = account or load(home).account
        with_identity(home, lambda identity: of(identity).attach(owner, name, policy_arn(policy, owner)))
        typer.echo(f"{policy} is attached to the {kind} {name}.")

    @app.command()
    def detach(name: Name, policy: Managed, account: Account = None, home: Home = None) -> None:
        """Detach a managed policy."""
        owner = account or load(home).account
        with_identity(home, lambda identity: of(identity).detach(owner, name, policy_arn(policy, owner)))
        typer.echo(f"{policy} is detached from the {kind} {name}.")

    @app.command("put-policy")
    def put_policy(name: Name, policy: Inline, file: File, account: Account = None, home: Home = None) -> None:
        """Give an inline policy, or replace the one of that name."""
        owner, text = account or load(home).account, document(file)
        with_identity(home, lambda identity: of(identity).put_policy(owner, name, policy, text))
        typer.echo(f"The {kind} {name} has the policy {policy}.")

    @app.command("delete-policy")
    def delete_policy(name: Name, policy: Inline, account: Account = None, home: Home = None) -> None:
        """Take an inline policy away."""
        owner = account or load(home).account
        with_identity(home, lambda identity: of(identity).delete_policy(owner, name, policy))
        typer.echo(f"The {kind} {name} has the policy {policy} no more.")


async def attach_all(identities: Identities, account: str, name: str, policies: list[str] | None) -> None:
    for policy in policies or ():
        await identities.attach(account, name, policy_arn(policy, account))


def policies(found: Document) -> Members:
    """What is attached, and the inline policies as JSON."""
    inline = {name: json.loads(text) for name, text in found.body["policies"].items()}
    return {"attachedPolicies": found.body["attached"], "policies": inline}


def _tell(rows: list[Members], name: str, *, as_json: bool) -> None:
    """Print users or roles; `name` is the member that names each."""
    if as_json:
        typer.echo(json.dumps(rows, indent=2, default=str))
        return
    lines = [
        [
            row[name],
            ", ".join(arn.rpartition("/")[2] for arn in row["attachedPolicies"]),
            ", ".join(row["policies"]),
            row["createdAt"],
        ]
        for row in rows
    ]
    table([[name, "attached", "inline", "createdAt"], *lines])

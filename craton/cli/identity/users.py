"""`craton users`: the users of an account, and what they may."""

from typing import Annotated

import typer

from craton.admin import Members
from craton.admin.identity.members import user
from craton.cli.identity.home import with_identity
from craton.cli.identity.permissions import Attach, Tag, add_to, attach_all, policies
from craton.cli.options import Account, Home, load, pairs
from craton.iam.identity import Identity
from craton.store.documents import Document

app = typer.Typer(name="users", help="Create and delete users, and say what they may.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="USER", help="The user's name.")]


@app.command()
def create(
    name: Name,
    attach: Attach = None,
    tag: Tag = None,
    account: Account = None,
    home: Home = None,
) -> None:
    """Create a user, who may do nothing but what is attached."""
    owner = account or load(home).account

    async def make(identity: Identity) -> None:
        await identity.users.create(owner, name, tags=pairs(tag))
        await attach_all(identity.users, owner, name, attach)

    with_identity(home, make)
    typer.echo(f"The user {name} is made.")
    if not attach:
        typer.echo(f"It may do nothing yet: craton users attach {name} AmazonBedrockLimitedAccess", err=True)


@app.command()
def rename(
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    account: Account = None,
    home: Home = None,
) -> None:
    """Give a user another name; the keys stay the user's."""
    owner = account or load(home).account
    with_identity(home, lambda identity: identity.users.rename(owner, name, new))
    typer.echo(f"The user {name} is {new} now.")


@app.command()
def delete(name: Name, account: Account = None, home: Home = None) -> None:
    """Delete a user with all keys."""
    owner = account or load(home).account
    with_identity(home, lambda identity: identity.users.delete(owner, name))
    typer.echo(f"The user {name} is deleted.")


async def _shown(identity: Identity, found: Document) -> Members:
    return user(found, await identity.users.tags_of(found)) | policies(found)


add_to(app, "user", lambda identity: identity.users, _shown)

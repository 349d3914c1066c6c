"""`craton roles`: the roles of an account, what they may, who may assume them; and temporary credentials for one."""

import json
from pathlib import Path
from typing import Annotated

import typer

from craton.admin import Members
from craton.admin.identity.members import role
from craton.cli.identity.home import document, with_identity
from craton.cli.identity.permissions import Attach, File, Tag, add_to, attach_all, policies
from craton.cli.options import Account, Home, Json, load, pairs
from craton.iam.identities.roles import HOUR
from craton.iam.identity import Identity
from craton.iam.keys.sessions import Wish
from craton.iam.records import Credential
from craton.store.documents import Document

app = typer.Typer(name="roles", help="Create, assume and delete roles, and say what they may.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="ROLE", help="The role's name.")]


@app.command()
def create(
    name: Name,
    trust: Annotated[
        Path | None,
        typer.Option(help="The trust policy's JSON (default: the account's users and roles may assume it)."),
    ] = None,
    hours: Annotated[float, typer.Option(help="The longest session, 1 to 12 hours.", min=1, max=12)] = 1,
    attach: Attach = None,
    tag: Tag = None,
    account: Account = None,
    home: Home = None,
) -> None:
    """Create a role, which may do nothing but what is attached."""
    owner = account or load(home).account
    text = document(trust) if trust else _trusting(owner)

    async def make(identity: Identity) -> Document:
        made = await identity.roles.create(owner, name, text, max_session=int(hours * HOUR), tags=pairs(tag))
        await attach_all(identity.roles, owner, name, attach)
        return made

    typer.echo(f"The role {with_identity(home, make).arn} is made.")


@app.command()
def assume(
    name: Name,
    session: Annotated[
        str, typer.Option("--session", help="The session's name, which its principal's ARN ends with.")
    ] = "craton-cli",
    minutes: Annotated[int, typer.Option(help="How long the credentials work.", min=15, max=720)] = 60,
    policy: Annotated[
        Path | None, typer.Option(help="A session policy's JSON, which narrows what the role may.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A session tag; may be repeated.")] = None,
    account: Account = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show temporary credentials for a role. Whoever may read the home is trusted: the trust policy is not asked."""
    owner = account or load(home).account
    wish = Wish(
        role=f"arn:aws:iam::{owner}:role/{name}",
        name=session,
        seconds=minutes * 60,
        policy=document(policy) if policy else None,
        tags=pairs(tag),
    )
    made: Credential = with_identity(home, lambda identity: identity.sessions.assume(None, wish))
    assert made.session, "temporary credentials have a session"
    shown = {
        "AWS_ACCESS_KEY_ID": made.access_key_id,
        "AWS_SECRET_ACCESS_KEY": made.secret,
        "AWS_SESSION_TOKEN": made.session.token,
    }
    if as_json:
        members = dict(zip(("accessKeyId", "secretAccessKey", "sessionToken"), shown.values(), strict=True))
        typer.echo(json.dumps(members | {"expiration": made.expires_at, "arn": made.principal}, default=str))
    else:
        typer.echo("\n".join(f"export {variable}={value}" for variable, value in shown.items()))


@app.command()
def trust(name: Name, file: File, account: Account = None, home: Home = None) -> None:
    """Replace the trust policy; sessions that there are go on."""
    owner, text = account or load(home).account, document(file)
    with_identity(home, lambda identity: identity.roles.trust(owner, name, text))
    typer.echo(f"The role {name} has a new trust policy.")


@app.command()
def delete(name: Name, account: Account = None, home: Home = None) -> None:
    """Delete a role with its sessions."""
    owner = account or load(home).account
    with_identity(home, lambda identity: identity.roles.delete(owner, name))
    typer.echo(f"The role {name} is deleted.")


def _trusting(account: str) -> str:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


async def _shown(identity: Identity, found: Document) -> Members:
    trust = {"assumeRolePolicyDocument": json.loads(found.body["trust"])}
    return role(found, await identity.roles.tags_of(found)) | trust | policies(found)


add_to(app, "role", lambda identity: identity.roles, _shown)

"""`craton audit`: the audit trail of a home, whether or not a server runs on it."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import typer

from craton.audit.trail import Event, Trail, Verdict, Wanted
from craton.cli.options import Account, Home, Json, fail, finish, load, table
from craton.store.documents import Documents

app = typer.Typer(name="audit", help="Read and verify the audit trail.", no_args_is_help=True)

Result = TypeVar("Result")


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A hash that `craton audit head` printed before: its record must still be there.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Verify that no record was changed, removed, inserted or moved; exits with 1 where one was."""
    verdict: Verdict = _with_trail(home, lambda trail: trail.verify(head=head))
    if as_json:
        typer.echo(json.dumps({"valid": verdict.fault is None, "events": verdict.events, "head": verdict.head}))
    elif verdict.fault is None:
        typer.echo(f"{verdict.events} records follow from one another; the last has the hash {verdict.head}.")
    if verdict.fault is not None:
        fail(verdict.fault)


@app.command()
def head(home: Home = None) -> None:
    """Print the hash of the last record, to be kept where nobody who can change this home can change it."""
    found = _with_trail(home, lambda trail: trail.head())
    if found is None:
        fail("The audit trail has no record yet.")
    typer.echo(found)


@app.command("list")
def show(
    account: Account = None,
    name: Annotated[str | None, typer.Option("--name", help="Only events of this operation.")] = None,
    days: Annotated[float, typer.Option(help="How far back.")] = 90,
    most: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 50,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List an account's events, the newest first; with --json each as it was hashed, a line each."""
    owner = account or load(home).account
    since = datetime.now().astimezone() - timedelta(days=days)

    async def read(trail: Trail) -> list[Event]:
        return (await trail.page(owner, Wanted(name, since=since), most, None))[0]

    events = _with_trail(home, read)
    if as_json:
        for event in events:
            typer.echo(event.text)
        return
    columns = ["time", "event", "who", "error", "request", "hash"]
    table([columns, *(_row(event) for event in events)])


def _row(event: Event) -> list[object]:
    told = event.event
    identity = told["userIdentity"]
    who = (identity.get("arn") or identity.get("userName")) if isinstance(identity, dict) else None
    when = event.time.isoformat(" ", "seconds")
    return [when, told["eventName"], who or "-", told.get("errorCode", "-"), told["requestID"], event.hash[:12]]


def _with_trail(home: Home, work: Callable[[Trail], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        config = load(home)
        if not (config.home / "craton.db").exists():
            fail(f"There is no home at {str(config.home)!r}; name one with --home.")
        documents = Documents.open(config.home)
        try:
            return await work(Trail(documents))
        finally:
            await documents.close()

    return finish(run())

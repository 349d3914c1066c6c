"""`craton quotas`: the quotas of a home, whether or not a server runs on it. One that does keeps them at once."""

import json
from typing import Annotated

import typer

from craton.admin.quotas import QuotasApi
from craton.cli.options import Home, Json, load, table
from craton.cli.usage import limits
from craton.cli.usage.limits import About, Key, Model, Name, Owner, Per, Principal, Profile, Tag, check_name, on_home
from craton.core.context import Context
from craton.store.documents import Documents
from craton.store.records import Record
from craton.usage.ledger import Ledger
from craton.usage.quotas.quotas import Quotas

app = typer.Typer(name="quotas", help="List, set and remove quotas of requests and tokens.", no_args_is_help=True)

Count = Annotated[int | None, typer.Option(min=0, max=10**12)]


@app.command("list")
def show(home: Home = None, as_json: Json = False) -> None:
    """List the quotas of all accounts."""

    async def collect(documents: Documents, ledger: Ledger, ctx: Context) -> list[Record]:
        quotas = Quotas(documents, ledger)
        await quotas.definitions.load()
        return [{"quotaName": quota.name, "owner": quota.owner, **quota.body} for quota in quotas.definitions.all]

    found = on_home(load(home), collect)
    if as_json:
        typer.echo(json.dumps(found, indent=2, default=str))
        return
    columns = ["requestsPerMinute", "tokensPerMinute", "tokensPerDay", "concurrentRequests"]
    rows: list[list[object]] = [["quota", "set by", "requests/min", "tokens/min", "tokens/day", "at once", "about"]]
    for each in found:
        about = limits.shown(each["appliesTo"], each.get("countedPer", ()))
        rows.append([each["quotaName"], each["owner"], *(each.get(column, "-") for column in columns), about])
    table(rows)


@app.command("set")
def put(
    name: Name,
    requests_per_minute: Count = None,
    tokens_per_minute: Count = None,
    tokens_per_day: Count = None,
    concurrent_requests: Count = None,
    output_token_rate: Annotated[
        float | None, typer.Option(min=0, help="What a token of output counts (default: by the model, 1 or 5).")
    ] = None,
    account: About = None,
    key: Key = None,
    principal: Principal = None,
    model: Model = None,
    profile: Profile = None,
    tag: Tag = None,
    per: Per = None,
    home: Home = None,
) -> None:
    """Set a quota, or replace the one of this name."""
    check_name(name)
    given = {
        "requestsPerMinute": requests_per_minute,
        "tokensPerMinute": tokens_per_minute,
        "tokensPerDay": tokens_per_day,
        "concurrentRequests": concurrent_requests,
        "outputTokenRate": output_token_rate,
        "countedPer": [part.value for part in per] if per else None,
    }
    body = {member: value for member, value in given.items() if value is not None}
    about = limits.subject(account, key, principal, model, profile, tag)

    async def make(documents: Documents, ledger: Ledger, ctx: Context) -> None:
        api = QuotasApi(Quotas(documents, ledger), documents.tokens, ctx.account)
        await api.put_quota(ctx, {"quotaName": name, "appliesTo": about, **body})

    on_home(load(home), make)
    typer.echo(f"{name} is set.")


@app.command()
def remove(name: Name, owner: Owner = None, home: Home = None) -> None:
    """Remove a quota of any account; a running server takes that up within a second."""

    async def delete(documents: Documents, ledger: Ledger, ctx: Context) -> None:
        await Quotas(documents, ledger).definitions.delete(owner or ctx.account, name)

    on_home(load(home), delete)
    typer.echo(f"{name} is removed.")

"""`craton budgets`: the budgets of a home, whether or not a server runs on it. One that does keeps them at once."""

import json
import re
from typing import Annotated

import typer

from craton.admin.budgets import BudgetsApi, use
from craton.cli.options import Home, Json, fail, load, table
from craton.cli.usage import limits
from craton.cli.usage.limits import About, Key, Model, Name, Owner, Per, Principal, Profile, Tag, check_name, on_home
from craton.config import Config
from craton.core.context import Context
from craton.store.documents import Documents
from craton.store.records import Record
from craton.usage.budgets.budgets import Budgets
from craton.usage.ledger import Ledger
from craton.usage.limits.operations import counted_for
from craton.usage.machine import Machine
from craton.usage.prices import Prices

app = typer.Typer(name="budgets", help="List, set and remove hard monthly budgets.", no_args_is_help=True)


@app.command("list")
def show(home: Home = None, as_json: Json = False) -> None:
    """List the budgets of all accounts, and what is spent of them in this month."""
    config = load(home)

    async def collect(documents: Documents, ledger: Ledger, ctx: Context) -> list[Record]:
        budgets = _budgets(config, documents, ledger)
        await budgets.definitions.load()
        await budgets.reread()
        began, now = budgets.month(), budgets.now()
        return [
            {"budgetName": budget.name, "owner": budget.owner, **budget.body}
            | {
                "use": [
                    {"countedFor": counted_for(budget.subject, place), **use(budget, purse, began, now)}
                    for place, purse in budgets.standings.uses(budget).items()
                ]
            }
            for budget in budgets.definitions.all
        ]

    found = on_home(config, collect)
    if as_json:
        typer.echo(json.dumps(found, indent=2, default=str))
        return
    rows: list[list[object]] = [["budget", "set by", "amount", "currency", "spent", "forecast", "about"]]
    for each in found:
        about = limits.shown(each["appliesTo"], each.get("countedPer", ()))
        for of in each["use"] or [{"countedFor": {}, "spent": "0.00", "forecast": "0.00"}]:
            whom = " ".join([about, *(f"({value})" for value in of["countedFor"].values())])
            amount, currency = each["amount"], each["currency"]
            rows.append([each["budgetName"], each["owner"], amount, currency, of["spent"], of["forecast"], whom])
    table(rows)


@app.command("set")
def put(
    name: Name,
    amount: Annotated[str, typer.Argument(help="How much may be spent in a month, such as 12.50.")],
    currency: Annotated[str, typer.Argument(help="The currency of the prices, such as EUR.")],
    threshold: Annotated[
        list[float] | None,
        typer.Option(min=0, max=1000, help="Percent at which a line is logged; may be repeated."),
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
    """Set a budget, or replace the one of this name."""
    check_name(name)
    if not re.fullmatch("[A-Z]{3}", currency):
        fail(f"{currency!r} is no currency; write it as USD or EUR.")
    config = load(home)
    request: Record = {
        "budgetName": name,
        "amount": amount,
        "currency": currency,
        "appliesTo": limits.subject(account, key, principal, model, profile, tag),
        **({"thresholds": threshold} if threshold else {}),
        **({"countedPer": [part.value for part in per]} if per else {}),
    }

    async def make(documents: Documents, ledger: Ledger, ctx: Context) -> None:
        api = BudgetsApi(_budgets(config, documents, ledger), documents.tokens, ctx.account)
        await api.put_budget(ctx, request)

    on_home(config, make)
    typer.echo(f"{name} is set.")


@app.command()
def remove(name: Name, owner: Owner = None, home: Home = None) -> None:
    """Remove a budget of any account; a running server takes that up within a second."""
    config = load(home)

    async def delete(documents: Documents, ledger: Ledger, ctx: Context) -> None:
        await _budgets(config, documents, ledger).definitions.delete(owner or ctx.account, name)

    on_home(config, delete)
    typer.echo(f"{name} is removed.")


def _budgets(config: Config, documents: Documents, ledger: Ledger) -> Budgets:
    return Budgets(documents, ledger, Prices(documents, config.prices), Machine(config.machine))

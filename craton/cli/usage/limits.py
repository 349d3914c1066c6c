"""What `craton quotas` and `craton budgets` have in common: whom a limit is about, and what they do on a home.

They speak for the operator, so what they set may be about any account.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeVar

import typer

from craton.cli.options import fail, finish, pairs
from craton.config import Config
from craton.core.context import Context
from craton.store.documents import Documents
from craton.store.records import Record
from craton.usage.ledger import Ledger
from craton.usage.limits.subject import EVERY_ACCOUNT, Part

Name = Annotated[str, typer.Argument(help="Its name: letters, digits and the characters _.-")]
About = Annotated[
    str | None, typer.Option("--account", help="The account it is about, or '*' (default: the server's).")
]
Key = Annotated[str | None, typer.Option("--key", help="The id of an access key or API key.")]
Principal = Annotated[str | None, typer.Option("--principal", help="The ARN of a user or role, or a pattern.")]
Model = Annotated[str | None, typer.Option("--model", help="The id of a model, or a pattern such as 'anthropic.*'.")]
Profile = Annotated[str | None, typer.Option("--profile", help="The ARN of an inference profile, or a pattern.")]
Tag = Annotated[
    list[str] | None, typer.Option("--tag", metavar="KEY=VALUE", help="A tag of the profile or user; may be repeated.")
]
Per = Annotated[
    list[Part] | None, typer.Option("--per", case_sensitive=False, help="Count for each apart; may be repeated.")
]
Owner = Annotated[str | None, typer.Option(help="The account that set it (default: the server's).")]

Result = TypeVar("Result")


def check_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", name):
        fail(f"The name {name!r} is not valid; use 1 to 64 letters, digits and the characters _.-")


def subject(
    account: str | None,
    key: str | None,
    principal: str | None,
    model: str | None,
    profile: str | None,
    tags: Sequence[str] | None,
) -> Record:
    """The `appliesTo` of an operation."""
    if account and account != EVERY_ACCOUNT and not re.fullmatch("[0-9]{12}", account):
        fail(f"The account {account!r} is not valid; it has 12 digits, or is '*' for all.")
    given = {
        "account": account,
        "keyId": key,
        "principal": principal,
        "modelId": model,
        "inferenceProfileArn": profile,
        "tags": [{"key": key, "value": value} for key, value in pairs(tags).items()],
    }
    return {member: value for member, value in given.items() if value}


def shown(subject: Record, per: Sequence[str]) -> str:
    """Whom a limit is about, in one column."""
    names = ("account", "keyId", "principal", "modelId", "inferenceProfileArn")
    parts = [str(subject[name]) for name in names if name in subject]
    parts += [f"{tag['key']}={tag['value']}" for tag in subject.get("tags", ())]
    return " ".join(parts) + (f", for each {', '.join(part.lower() for part in per)}" if per else "")


def on_home(config: Config, work: Callable[[Documents, Ledger, Context], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        documents = Documents.open(config.home)
        ledger = Ledger.open(config.home)
        try:
            return await work(documents, ledger, Context(config.account, config.region, "", ""))
        finally:
            await ledger.close()
            await documents.close()

    return finish(run())

"""What the commands on accounts, users, roles and keys share: they work on a home, with or without a server on it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import typer

from craton.cli.options import Home, fail, finish, load
from craton.iam.identities.managed import AWS
from craton.iam.identity import Identity
from craton.iam.policies.managed import MANAGED
from craton.store.documents import Documents

Result = TypeVar("Result")


def with_identity(home: Home, work: Callable[[Identity], Awaitable[Result]]) -> Result:
    """Do `work`; what it raises as an ApiError ends the command with that sentence."""
    config = load(home)

    async def run() -> Result:
        documents = Documents.open(config.home)
        identity = Identity.of(documents, config.account)
        try:
            await identity.adopt()
            return await work(identity)
        finally:
            await identity.close()
            await documents.close()

    return finish(run())


def document(file: Path) -> str:
    """The text of a policy's file; `-` is the standard input."""
    try:
        return typer.get_text_stream("stdin").read() if str(file) == "-" else file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"The policy {str(file)!r} cannot be read: {error}.")


def policy_arn(text: str, account: str) -> str:
    """The ARN of a managed policy given by its name; one of all accounts goes before the account's own."""
    if text.startswith("arn:"):
        return text
    given = f"{AWS}{text}"
    return given if given in MANAGED else f"arn:aws:iam::{account}:policy/{text}"

"""The `craton` command. Each subcommand is a module of its own, imported when it is asked for."""

import gc
import sys
from importlib import import_module

import typer

# Subcommand -> the module whose `app` has it: some import libraries that the others need not wait for.
COMMANDS = {
    "serve": "craton.cli.serving.serve",
    "chat": "craton.cli.chat",
    "pull": "craton.cli.pull",
    "models": "craton.cli.models",
    "providers": "craton.cli.providers",
    "keys": "craton.cli.identity.keys",
    "accounts": "craton.cli.identity.accounts",
    "users": "craton.cli.identity.users",
    "roles": "craton.cli.identity.roles",
    "prices": "craton.cli.usage.prices",
    "quotas": "craton.cli.usage.quotas",
    "budgets": "craton.cli.usage.budgets",
    "usage": "craton.cli.usage.usage",
    "audit": "craton.cli.audit",
    "logs": "craton.cli.serving.log_lines",
    "doctor": "craton.cli.doctor",
    "coverage": "craton.cli.coverage",
}
# Commands that change nothing in a home's store, and the server, which writes down what it does for others.
UNRECORDED = frozenset({"serve", "chat", "pull", "logs", "usage", "audit", "doctor", "coverage"})


def command(asked: str | None) -> typer.Typer:
    """The command with the subcommand asked for, or with all of them where that is none."""
    app = typer.Typer(
        name="craton",
        help="The Amazon Bedrock API on hardware you own.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        callback=lambda: None,  # keeps a single subcommand a subcommand
    )
    for name in [asked] if asked in COMMANDS else COMMANDS:
        app.add_typer(import_module(COMMANDS[name]).app)
    return app


def main() -> None:
    asked = sys.argv[1] if len(sys.argv) > 1 else None
    if asked in COMMANDS and asked not in UNRECORDED:
        import_module("craton.cli.commanded").begin(sys.argv[1:])
    # What is imported stays: looking for garbage among it takes a tenth of the start.
    gc.disable()
    run = command(asked)
    gc.enable()
    run()

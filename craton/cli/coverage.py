"""`craton coverage`: every operation and how it is served, computed from the service models and the handlers."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from craton.app.slices import operations
from craton.cli.options import Json, table
from craton.core.operation import Graded

app = typer.Typer()


@app.command()
def coverage(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/coverage.md.")] = False, as_json: Json = False
) -> None:
    """List the operations of every service and how each is served."""
    if markdown:
        typer.echo(page(list(operations())), nl=False)
    elif as_json:
        typer.echo(json.dumps([asdict(row) for row in operations()], indent=2))
    else:
        cells = [[row.service, row.operation, row.grade, ", ".join(row.refuses)] for row in operations()]
        table([["service", "operation", "grade", "refuses"], *cells])


def page(rows: list[Graded]) -> str:
    """The coverage page: a summary by service, then what is served."""
    names = list(dict.fromkeys(row.service for row in rows))
    lines = [
        "# Coverage",
        "",
        "Computed by `craton coverage --markdown` from the service models and the handlers. *Full* means that every",
        "member of the request is honoured; *partial* that the members named are refused with a ValidationException",
        "when they ask for more than the default; all else answers 501 NotImplementedException and names itself.",
        "",
        "| service | operations | full | partial | refused |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in names:
        grades = [row.grade for row in rows if row.service == name]
        counts = " | ".join(str(grades.count(grade)) for grade in ("full", "partial", "refused"))
        lines.append(f"| {name} | {len(grades)} | {counts} |")
    lines += ["", "| service | operation | grade | refuses |", "|---|---|---|---|"]
    for row in rows:
        if row.grade != "refused":
            refuses = ", ".join(f"`{member}`" for member in row.refuses)
            lines.append(f"| {row.service} | {row.operation} | {row.grade} | {refuses} |")
    return "\n".join(lines) + "\n"

"""`craton coverage`: every operation and how it is served, computed from the service models and the handlers."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from craton.app.services import services
from craton.app.slices import SLICES
from craton.cli.options import Json, table
from craton.core.operation import marks, snake_case

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class Row:
    """`grade` is "full", "partial" (some members are refused) or "refused" (501 NotImplementedException)."""

    service: str
    operation: str
    grade: str
    refuses: tuple[str, ...] = ()


def rows() -> Iterator[Row]:
    served = {(service, name): mark for kind in SLICES for name, mark in marks(kind) for service in mark.services}
    for service in services():
        for name in service.operations:
            mark = served.get((service.name, snake_case(name)))
            if mark is None:
                yield Row(service.name, name, "refused")
            else:
                yield Row(service.name, name, "partial" if mark.refuses else "full", mark.refuses)


@app.command()
def coverage(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/coverage.md.")] = False, as_json: Json = False
) -> None:
    """List the operations of every service and how each is served."""
    if markdown:
        typer.echo(page(list(rows())), nl=False)
    elif as_json:
        typer.echo(json.dumps([asdict(row) for row in rows()], indent=2))
    else:
        cells = [[row.service, row.operation, row.grade, ", ".join(row.refuses)] for row in rows()]
        table([["service", "operation", "grade", "refuses"], *cells])


def page(rows: list[Row]) -> str:
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

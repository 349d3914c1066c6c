"""`craton models`: the models this machine has, and those it could fetch."""

import json

import typer

from craton.cli.options import File, Home, Json, load, table
from craton.models.catalogue import shipped
from craton.models.library import Library

app = typer.Typer()


@app.command()
def models(home: Home = None, config_file: File = None, as_json: Json = False) -> None:
    """List the models installed here and those of the catalogue."""
    installed = Library(load(home, config_file).home).models()
    known = {model.id: model for model in shipped()} | dict(installed)
    if as_json:
        described = [
            {
                "modelId": model.id,
                "name": model.short,
                "licence": model.licence,
                "contextLength": model.context_length,
                "sizeBytes": model.size,
                "engine": model.engines[0].name,
                "installed": model.id in installed,
            }
            for model in known.values()
        ]
        typer.echo(json.dumps(described, indent=2))
        return
    rows: list[list[object]] = [["model id", "size", "context", "licence", "state"]]
    for model in known.values():
        state = "installed" if model.id in installed else f"craton pull {model.short}"
        rows.append([model.id, f"{model.size / 1e6:,.0f} MB", f"{model.context_length:,}", model.licence, state])
    table(rows)

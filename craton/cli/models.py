"""`craton models`: the models this machine has, those it could fetch, and those of the configuration's providers."""

import json

import typer

from craton.cli.options import File, Home, Json, fail, load, table
from craton.config import Config
from craton.models.catalogue import Model, Scores, shipped
from craton.models.files.library import Library
from craton.models.providers import offers
from craton.models.providers.offers import Offer

app = typer.Typer()


@app.command()
def models(home: Home = None, config_file: File = None, as_json: Json = False) -> None:
    """List the models installed here, those of the catalogue, and those of the configuration's providers."""
    config = load(home, config_file)
    installed = Library(config.home).models()
    known: dict[str, Model] = {model.id: model for model in shipped()} | dict(installed)
    provided = {offer.id: offer for name in config.providers for offer in _offers(config, name)}
    if as_json:
        described = [
            {
                "modelId": model.id,
                "name": model.short,
                "licence": model.licence,
                "contextLength": model.context_length,
                "sizeBytes": model.size,
                "engine": model.engines[0].name,
                "functionCalling": scores.function_calling if (scores := _scores(model)) else None,
                "jsonSchema": scores.json_schema if scores else None,
                "installed": model.id in installed,
                "provider": model.provider if model.id in provided else None,
            }
            for model in (known | provided).values()
        ]
        typer.echo(json.dumps(described, indent=2))
        return
    rows: list[list[object]] = [["model id", "size", "context", "functions", "licence", "state"]]
    for model in known.values():
        state = "installed" if model.id in installed else f"craton pull {model.short}"
        scores = _scores(model)
        functions = f"{scores.function_calling:.0%}" if scores else "-"
        size, context = f"{model.size / 1e6:,.0f} MB", f"{model.context_length:,}" if model.context_length else "-"
        rows.append([model.id, size, context, functions, model.licence, state])
    for offer in provided.values():
        context = f"{offer.context_length:,}" if offer.context_length else "-"
        rows.append([offer.id, "-", context, "-", "-", f"provider {offer.provider}"])
    table(rows)


def _scores(model: Model) -> Scores | None:
    """What was measured of it, which the record of a model installed earlier may not hold."""
    listed = shipped().get(model.id)
    return listed.scores if listed else model.scores


def _offers(config: Config, name: str) -> tuple[Offer, ...]:
    try:
        return offers.offers(name, config.providers[name], config.home)
    except ValueError as error:
        fail(str(error))

"""`craton pull`: fetch a model, or those of guardrails, with a bar that shows how far it is."""

import json
import sys
from types import TracebackType
from typing import Annotated, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from craton.cli.options import File, Home, Json, fail, load
from craton.models.catalogue import shipped
from craton.models.files.library import Library
from craton.models.files.pull import Pull, PullError

app = typer.Typer()

# Not a model: all those that guardrails compute with.
GUARDRAILS = "guardrails"


class Bar:
    """Shows a pull on stderr: a bar on a terminal, a line for each source elsewhere."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        self._console = Console(stderr=True)
        self._progress = Progress(*columns, console=self._console, transient=True, disable=not sys.stderr.isatty())
        self._task = self._progress.add_task("", total=None, visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._progress.stop()

    def started(self, source: str) -> None:
        self._console.print(f"Fetching from {source}", highlight=False)
        self._progress.reset(self._task, visible=True)

    def moved(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total)

    def failed(self, sentence: str) -> None:
        self._console.print(sentence, highlight=False, style="yellow")


@app.command()
def pull(
    model: Annotated[
        str | None,
        typer.Argument(
            help="A catalogue name, hf:organisation/repository/file.gguf, a GGUF file, or `guardrails` for the models "
            "that guardrails compute with (default: the default model)."
        ),
    ] = None,
    home: Home = None,
    config_file: File = None,
    as_json: Json = False,
) -> None:
    """Fetch a model, verify it and make it ready to serve. One that is there already is left as it is."""
    config = load(home, config_file)
    if model == GUARDRAILS:
        names = [known.id for known in shipped().means().values()]
    else:
        names = [model or config.default_model]
    for name in names:
        try:
            with Bar() as bar:
                pulled = Pull(Library(config.home), huggingface=config.huggingface, watcher=bar).pull(name)
        except PullError as error:
            fail(str(error))
        if as_json:
            typer.echo(json.dumps({"modelId": pulled.id, "sizeBytes": pulled.size}))
        else:
            typer.echo(f"{pulled.id} is ready.")

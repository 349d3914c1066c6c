"""`craton coverage`: every operation of every service, and whether this server serves it."""

import typer

app = typer.Typer()


@app.command()
def coverage() -> None:
    """List the operations and how each is served."""

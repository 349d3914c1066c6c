"""`craton chat`: talk to a model of a running server, through the API that every other program uses."""

import sys
from contextlib import suppress
from typing import Annotated, Any

import typer
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError, EventStreamError
from rich.console import Console

from craton.cli.options import Endpoint, Home, fail, load
from craton.cli.session import endpoint_of, session_for

app = typer.Typer()


@app.command()
def chat(
    model: Annotated[str | None, typer.Option(help="The model id or ARN (default: the default model).")] = None,
    system: Annotated[str | None, typer.Option(help="A system prompt.")] = None,
    max_tokens: Annotated[int, typer.Option(help="The longest answer.")] = 1024,
    temperature: Annotated[float | None, typer.Option(help="0 answers the same every time.")] = None,
    endpoint: Endpoint = None,
    home: Home = None,
) -> None:
    """Talk to a model of a running server. A line is a message; Ctrl-D ends."""
    config = load(home)
    patient = ClientConfig(retries={"total_max_attempts": 1}, read_timeout=600)  # a large model takes its time to load
    client: Any = session_for(config).client(
        "bedrock-runtime", endpoint_url=endpoint_of(config, endpoint), config=patient
    )
    inference = {"maxTokens": max_tokens} | ({} if temperature is None else {"temperature": temperature})
    request: dict[str, Any] = {"modelId": model or config.default_model, "messages": [], "inferenceConfig": inference}
    if system:
        request["system"] = [{"text": system}]
    while (line := _line()) is not None:
        if not line.strip():
            continue
        request["messages"].append({"role": "user", "content": [{"text": line}]})
        try:
            answer = "".join(_stream(client, request))
        except (ClientError, EventStreamError, BotoCoreError) as error:
            if not sys.stdin.isatty():
                fail(str(error))
            typer.echo(f"craton: {error}", err=True)
            request["messages"].pop()
        else:
            request["messages"].append({"role": "assistant", "content": [{"text": answer or " "}]})


def _line() -> str | None:
    try:
        return input("> " if sys.stdin.isatty() else "")
    except (EOFError, KeyboardInterrupt):
        return None


def _stream(client: Any, request: dict[str, Any]) -> list[str]:
    """Print the answer as it comes; its parts. Ctrl-C ends it early."""
    parts: list[str] = []
    waiting = Console(stderr=True).status("The model loads, or reads.")
    with suppress(KeyboardInterrupt), waiting:
        for event in client.converse_stream(**request)["stream"]:
            if text := event.get("contentBlockDelta", {}).get("delta", {}).get("text"):
                waiting.stop()
                typer.echo(text, nl=False)
                parts.append(text)
    typer.echo()
    return parts

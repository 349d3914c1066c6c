"""`craton logs`: the lines that a server wrote, for people to read, and those of one request, account or kind alone."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from craton.cli.options import fail

app = typer.Typer()

# What has a place of its own in a line; the rest stands behind it.
_PLACED = frozenset(
    {"timestamp", "level", "event", "status", "ms", "operation", "error", "request_id", "caller", "account", "trace_id"}
)
_decode = msgspec.json.Decoder(dict[str, object]).decode


@app.command()
def logs(
    file: Annotated[Path | None, typer.Argument(help="What the server wrote to stderr (default: stdin).")] = None,
    request: Annotated[str | None, typer.Option(help="Only the lines of this request id or trace id.")] = None,
    account: Annotated[str | None, typer.Option(help="Only requests of this account.")] = None,
    operation: Annotated[str | None, typer.Option(help="Only requests of this operation, such as Converse.")] = None,
    errors: Annotated[bool, typer.Option("--errors", help="Only what went wrong.")] = False,
) -> None:
    """Show a server's log, of which each line is JSON, to people. What is no such line is shown as it is."""
    wanted = {"account": account, "operation": operation}
    try:
        with file.open() if file else sys.stdin as lines:
            for line in shown(lines, request, errors, {name: value for name, value in wanted.items() if value}):
                typer.echo(line)
    except OSError as error:
        fail(f"The log {str(file)!r} cannot be read: {error.strerror}.")


def shown(lines: Iterable[str], request: str | None, errors: bool, wanted: Mapping[str, str]) -> Iterator[str]:
    """The lines that are wanted, as people read them."""
    everything = not (request or errors or wanted)
    for line in lines:
        event = _read(line)
        if event is None:
            if everything:
                yield line.rstrip("\n")
        elif everything or _fits(event, request, errors, wanted):
            yield _written(event)


def _read(line: str) -> dict[str, object] | None:
    try:
        return _decode(line)
    except msgspec.DecodeError:
        return None


def _fits(event: Mapping[str, object], request: str | None, errors: bool, wanted: Mapping[str, str]) -> bool:
    operation = str(event.get("operation", ""))
    told = {"account": (event.get("account"),), "operation": (operation, operation.rpartition(".")[2])}
    status = event.get("status")
    failed = (
        "error" in event or event.get("level") in ("error", "critical") or (isinstance(status, int) and status >= 400)
    )
    return (
        (request is None or request in (event.get("request_id"), event.get("trace_id")))
        and (failed or not errors)
        and all(value in told[name] for name, value in wanted.items())
    )


def _written(event: Mapping[str, object]) -> str:
    rest = " ".join(f"{name}={value}" for name, value in event.items() if name not in _PLACED and name != "exception")
    trace = f"\n{event['exception']}" if "exception" in event else ""
    if event.get("event") != "request":
        level = str(event.get("level", "")).upper()
        return f"{_time(event)} {level:<7} {event.get('event', '')} {rest}".rstrip() + trace
    who = str(event.get("caller") or "-").rpartition(":")[2]
    error = f" {event['error']}" if "error" in event else ""
    took = f"{event.get('ms', '')} ms"
    whose = f"by {who} {event.get('account') or '-'} {event.get('request_id')}"
    status = str(event.get("status", ""))
    return f"{_time(event)} {status:<7} {event.get('operation') or '-'} {took}{error} {whose} {rest}".rstrip()


def _time(event: Mapping[str, object]) -> str:
    try:
        return (
            datetime.fromisoformat(str(event.get("timestamp", ""))).astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        )
    except ValueError:
        return "-"

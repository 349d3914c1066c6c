"""`craton serve`: the server, its first credentials, and on request a first conversation."""

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from craton import server
from craton.app.app import App, build
from craton.app.ground import CannotServe
from craton.cli.options import File, Home, fail, load
from craton.cli.serving import loads, logs
from craton.cli.serving.logs import Held
from craton.config import Config
from craton.doors import console
from craton.models.files.library import Library

if TYPE_CHECKING:
    from craton.tls import Proof

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on (default 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on (default 8080).")] = None,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", metavar="FILE", help="Serve https with this certificate (PEM).")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="The certificate's key.")] = None,
    tls_self_signed: Annotated[
        bool, typer.Option("--tls-self-signed", help="Serve https with a certificate that Craton makes for itself.")
    ] = False,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Let other machines reach the server without TLS.")
    ] = False,
    home: Home = None,
    config_file: File = None,
    stand_in: Annotated[
        list[str] | None,
        typer.Option(
            "--stand-in", metavar="PATTERN=MODEL", help="Let a local model answer for model ids; may be repeated."
        ),
    ] = None,
    testing: Annotated[
        bool, typer.Option("--testing", help="Add POST /_craton/reset, which empties the state.")
    ] = False,
    hello: Annotated[
        bool, typer.Option("--hello", help="Ask the default model a first question through boto3.")
    ] = False,
) -> None:
    """Serve the Bedrock API."""
    settings = {
        "host": host,
        "port": port,
        "tls.cert": tls_cert,
        "tls.key": tls_key,
        "tls.self_signed": tls_self_signed or None,
        "insecure": insecure or None,
        "testing": testing or None,
        "stand_ins": _pairs(stand_in or []),
    }
    config = load(home, config_file, **settings)
    log = logs.configure()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(config, partial(_hello, config, log) if hello else None))
    except CannotServe as error:
        fail(str(error))


async def _serve(config: Config, hello: Callable[[App], Coroutine[None, None, None]] | None) -> None:
    server.check_address(config)
    proof = server.proof(config)
    async with build(config) as app:
        gc.freeze()  # what was built stays: a full collection that walks it would hold all requests up for 50 ms
        _introduce(config, app, proof, secret=hello is not None or app.fresh)
        bars = asyncio.create_task(loads.show(app.engines.loading))
        await server.serve(config, app.asgi, partial(hello, app) if hello else None)
        bars.cancel()


def _pairs(stand_ins: list[str]) -> dict[str, str] | None:
    pairs = {}
    for text in stand_ins:
        pattern, _, model = text.partition("=")
        if not pattern or not model:
            fail(f"--stand-in takes PATTERN=MODEL, such as 'anthropic.*=smollm2-135m', not {text!r}.")
        pairs[pattern] = model
    return pairs or None


def _variables(config: Config, app: App) -> dict[str, str]:
    own = {"AWS_CA_BUNDLE": str(config.own_certificate)} if config.own_certificate else {}
    return {
        "AWS_ENDPOINT_URL": config.endpoint,
        "AWS_ACCESS_KEY_ID": app.first.access_key_id,
        "AWS_SECRET_ACCESS_KEY": app.first.secret,
        "AWS_REGION": config.region,
        "AWS_DEFAULT_REGION": config.region,
        **own,
    }


def _introduce(config: Config, app: App, proof: "Proof | None", *, secret: bool) -> None:
    """The five lines; on a later start without the secret, which a log should not collect."""
    typer.echo(f"Craton serves the Bedrock API at {config.endpoint}. boto3, the AWS CLI and every SDK find it with:\n")
    hidden = (
        {} if secret else {"AWS_SECRET_ACCESS_KEY": "(shown at the first start; `craton keys create` makes another)"}
    )
    for name, value in (_variables(config, app) | hidden).items():
        typer.echo(f"  export {name}={value}")
    typer.echo()
    if console.built():
        typer.echo(f"People find the console at {config.endpoint}{console.BASE}\n")
    if proof:
        whose = "Craton's own, which other programs trust by the file" if proof.self_signed else "in"
        typer.echo(
            f"The certificate is {whose} {proof.cert}, valid until {proof.until:%Y-%m-%d}, "
            f"SHA-256 {proof.fingerprint}.\n"
        )
    if Library(config.home).get(config.default_model) is None:
        typer.echo("The default model is not on this machine yet: fetch it with `craton pull`.\n")


async def _hello(config: Config, log: Held, app: App) -> None:
    """A program of its own, since that is what it shows: nothing but boto3 and five variables."""
    program = Path(__file__).with_name("hello.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    log.hold()  # or its lines would stand in the middle of the answer
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(program), config.default_model, env=environment | _variables(config, app)
        )
        if await process.wait():
            typer.echo("The first question was not answered; the lines above say why.", err=True)
    finally:
        log.let_go()

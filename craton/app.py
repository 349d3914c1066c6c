"""The one place where the parts are joined: configuration in, a running server out."""

import asyncio
import json
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import formatdate
from importlib import resources

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP2Settings
from granian.server.embed import Server

from craton import __version__
from craton.admin.api import Admin
from craton.admin.providers import ProvidersApi
from craton.admin.targets import TargetsApi
from craton.config import Config
from craton.core.operation import handlers
from craton.documents.parser import Parser
from craton.doors import anthropic, openai, responses
from craton.doors.asgi import Asgi, Receive, Scope, Send
from craton.doors.aws import AwsDoor
from craton.doors.callers import Callers
from craton.doors.ops import OpsDoor, Page
from craton.engines import registry
from craton.engines.supervisor import Engines
from craton.iam.keys import Keys
from craton.iam.records import Credential
from craton.jobs.runner import Jobs
from craton.models.api import ModelsApi
from craton.models.files.library import Library
from craton.models.profiles import Profiles
from craton.models.providers.providers import Providers
from craton.models.resolve import Models
from craton.prompts.api import PromptsApi
from craton.prompts.prompts import Prompts
from craton.responses.responses import Responses
from craton.runtime.api import Runtime
from craton.runtime.async_invoke import AsyncInvoke
from craton.runtime.inference import Inference
from craton.runtime.reranking import Reranking
from craton.store.blobs import Blobs
from craton.store.documents import Documents
from craton.tags.api import Tags
from craton.wire.spec import Service, bedrock_services, load_service

Ready = Callable[[], Coroutine[None, None, None]]

# What serves operations; `build` makes one of each.
SLICES: tuple[type, ...] = (
    Tags,
    ModelsApi,
    PromptsApi,
    Runtime,
    AsyncInvoke,
    Reranking,
    Admin,
    ProvidersApi,
    TargetsApi,
)


class CannotServe(Exception):
    """The server cannot start as configured; the message says what to change."""


@dataclass(frozen=True, slots=True)
class App:
    """A joined server: the ASGI callable, and what the command line shows of it.

    `first` is an access key of the default account; `fresh` tells that it was made just now.
    """

    asgi: Asgi
    first: Credential
    fresh: bool
    engines: Engines


def services() -> list[Service]:
    """Every service this server knows: all of botocore's named bedrock*, and Craton's own."""
    return [*map(load_service, bedrock_services()), admin_service()]


def admin_service() -> Service:
    model = resources.files("craton.admin") / "data" / "craton" / "2026-11-22" / "service-2.json"
    return Service.parse(json.loads(model.read_bytes()))


@asynccontextmanager
async def build(config: Config) -> AsyncIterator[App]:
    """Join the parts; leaving the block ends the models' processes and closes the store."""
    documents = Documents.open(config.home)
    engines = Engines(config.engines.memory_bytes)
    jobs = Jobs(documents)
    try:
        keys = Keys(documents)
        models = _models(config, documents)
        blobs = Blobs(config.home, config.account, config.s3)
        inference = Inference(models, engines, blobs, Parser())
        prompts = Prompts(documents)
        runtime = Runtime(inference, prompts)
        slices = (
            Tags(documents),
            ModelsApi(models, documents),
            PromptsApi(prompts),
            runtime,
            AsyncInvoke(runtime, inference, documents, blobs, jobs),
            Reranking(inference, documents.tokens),
            Admin(keys, models, engines),
            ProvidersApi(models, engines),
            TargetsApi(Profiles(models, documents)),
        )
        assert tuple(map(type, slices)) == SLICES
        callers = Callers(keys, config.region)
        aws = AwsDoor(services(), handlers(slices), callers, documents, config.limits)
        doors = (
            OpsDoor(_pages(config, documents, keys)),
            anthropic.door(inference, models, callers, config.limits),
            openai.door(
                inference,
                models,
                callers,
                config.limits,
                responses.routes(inference, Responses(documents, inference, jobs)),
            ),
        )

        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            await next((door for door in doors if door.has(scope)), aws)(scope, receive, send)

        first, fresh = await _first_credentials(config, keys)
        await jobs.resume()
        yield App(asgi, first, fresh, engines)
    finally:
        await jobs.close()
        await engines.close()
        await documents.close()


def _models(config: Config, documents: Documents) -> Models:
    try:
        return Models(
            Library(config.home),
            documents,
            engines=registry.available(),
            stand_ins=config.stand_ins,
            providers=Providers(
                documents, config.providers, home=config.home, made_by_accounts=config.account_providers
            ),
            force=config.engines.force,
        )
    except ValueError as error:
        raise CannotServe(str(error)) from None


def _pages(config: Config, documents: Documents, keys: Keys) -> dict[tuple[str, str], Page]:
    async def healthz() -> dict[str, object]:
        return {"craton": __version__, "time": formatdate(time.time(), usegmt=True)}

    async def reset() -> dict[str, object]:
        await documents.empty(keep=keys.KINDS)
        return {}

    pages: dict[tuple[str, str], Page] = {("GET", "/healthz"): healthz}
    if config.testing:
        pages["POST", "/_craton/reset"] = reset
    return pages


async def _first_credentials(config: Config, keys: Keys) -> tuple[Credential, bool]:
    if config.root_access_key_id and config.root_secret_access_key:
        return await keys.preset(config.root_access_key_id, config.root_secret_access_key, config.account), False
    if present := await keys.first_access_key(config.account):
        return present, False
    return await keys.create_access_key(config.account), True


async def serve(config: Config, asgi: Asgi, ready: Ready | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then let running answers end. Runs `ready` once connections are accepted."""
    server = Server(
        asgi,
        address=config.host,
        port=config.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.auto,
        http2_settings=HTTP2Settings(max_headers_size=64 * 1024),
        backlog=1024,
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    serving = asyncio.create_task(server.serve())
    readying = asyncio.create_task(_when_listening(config, ready)) if ready else None
    await serving
    if readying:
        readying.cancel()


def check_address(config: Config) -> None:
    """Raises CannotServe where the address cannot be had, before anything is loaded."""
    try:
        family = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((config.host, config.port))
    except (OSError, OverflowError) as error:
        raise CannotServe(
            f"Cannot listen on {config.host} port {config.port}: {error}. Choose others with --host and --port."
        ) from None


async def _when_listening(config: Config, ready: Ready) -> None:
    host = "127.0.0.1" if config.host in {"0.0.0.0", "::"} else config.host
    while True:
        try:
            _, writer = await asyncio.open_connection(host, config.port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return await ready()

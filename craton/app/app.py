"""A joined server, from its configuration."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from craton.app.accounting import reckon
from craton.app.doors import opened
from craton.app.ground import configured, lay
from craton.app.hosting import host
from craton.app.judging import judge
from craton.app.knowing import know
from craton.app.slices import SLICES, made
from craton.audit.events import command
from craton.audit.trail import Witnessed, attending
from craton.config import Config
from craton.documents.parser import Parser
from craton.doors.asgi import Asgi, Receive, Scope, Send
from craton.engines import registry
from craton.engines.supervisor import Engines
from craton.iam.keys.keys import Keys
from craton.iam.records import Credential
from craton.models.files.library import Library
from craton.models.providers.providers import Providers
from craton.models.resolve import Models
from craton.runtime.inference import Inference
from craton.runtime.metering import Metering
from craton.store.documents import Documents


@dataclass(frozen=True, slots=True)
class App:
    """A joined server: the ASGI callable, and what the command line shows of it.

    `first` is an access key of the default account; `fresh` tells that it was made just now.
    """

    asgi: Asgi
    first: Credential
    fresh: bool
    engines: Engines


@asynccontextmanager
async def build(config: Config) -> AsyncIterator[App]:
    """Join the parts; leaving the block ends the models' processes and closes the store."""
    async with AsyncExitStack() as closing:
        ground = lay(config, closing)
        await ground.identity.adopt()
        accounting = await reckon(config, ground, closing)
        closing.push_async_callback(ground.engines.close)
        closing.push_async_callback(ground.jobs.close)
        with configured():
            models = _models(config, ground.documents)
        metering = Metering(accounting.meter, ground.documents)
        authorization, accounts = ground.authorization, ground.identity.accounts
        parser = Parser(data=config.home / "tessdata")
        judges = judge(config, ground, models, parser)
        inference = Inference(
            models, ground.engines, ground.blobs, parser, metering, authorization, accounts, judges.guarding
        )
        knowledge = know(config, ground, models, inference, judges, parser, closing)
        hosted = host(config, ground, accounting, models, inference, closing)
        slices = made(config, ground, accounting, models, inference, judges, knowledge, hosted)
        assert tuple(map(type, slices)) == SLICES
        others, aws = opened(config, ground, accounting, models, inference, knowledge, slices)

        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            await next((door for door in others if door.has(scope)), aws)(scope, receive, send)

        with attending(Witnessed(command("craton serve", config.account, config.region, {}))):
            first, fresh = await _first_credentials(config, ground.identity.keys)
        await accounting.quotas.open()
        await accounting.budgets.open()
        await ground.jobs.resume()
        yield App(asgi, first, fresh, ground.engines)


def _models(config: Config, documents: Documents) -> Models:
    providers = Providers(documents, config.providers, home=config.home, made_by_accounts=config.account_providers)
    return Models(
        Library(config.home),
        documents,
        engines=registry.available(),
        stand_ins=config.stand_ins,
        providers=providers,
        force=config.engines.force,
    )


async def _first_credentials(config: Config, keys: Keys) -> tuple[Credential, bool]:
    if config.root_access_key_id and config.root_secret_access_key:
        return await keys.preset(config.root_access_key_id, config.root_secret_access_key, config.account), False
    if present := await keys.first_access_key(config.account):
        return present, False
    return await keys.create_access_key(config.account), True

"""The one place where the parts are joined: configuration in, an application out."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import resources

from craton.admin.audit import AuditApi
from craton.admin.budgets import BudgetsApi
from craton.admin.identity.accounts import AccountsApi
from craton.admin.identity.keys import KeysApi
from craton.admin.identity.policies import PoliciesApi
from craton.admin.identity.roles import RolesApi
from craton.admin.identity.sessions import SessionsApi
from craton.admin.identity.users import UsersApi
from craton.admin.local_models import LocalModelsApi
from craton.admin.prices import PricesApi
from craton.admin.providers import ProvidersApi
from craton.admin.quotas import QuotasApi
from craton.admin.requests import RequestsApi
from craton.admin.targets import TargetsApi
from craton.admin.usage import UsageApi
from craton.audit.events import command
from craton.audit.trail import Trail, Witnessed, attending
from craton.config import Config
from craton.core.operation import handlers
from craton.documents.parser import Parser
from craton.doors import anthropic, openai, ops, origin, responses
from craton.doors.asgi import Asgi, Receive, Scope, Send
from craton.doors.aws import AwsDoor
from craton.doors.callers import Callers
from craton.doors.ops import OpsDoor, Page
from craton.doors.ops.health import Health
from craton.doors.ops.metrics import MetricsPage
from craton.doors.rest import RestDoor
from craton.engines import registry
from craton.engines.supervisor import Engines
from craton.errors import ServiceUnavailableException
from craton.iam.authorization.authorization import Authorization
from craton.iam.identity import KINDS as IDENTITY
from craton.iam.identity import Identity
from craton.iam.keys.keys import Keys
from craton.iam.records import Credential
from craton.iam.resource_policies.api import ResourcePoliciesApi
from craton.iam.resource_policies.policies import ResourcePolicies
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
from craton.runtime.metering import Metering
from craton.runtime.reranking import Reranking
from craton.store.blobs import Blobs
from craton.store.documents import Documents
from craton.tags.api import Tags
from craton.telemetry.metrics import Backlog, Metrics
from craton.telemetry.telemetry import Telemetry
from craton.usage.budgets.budgets import Budgets
from craton.usage.invocation_logs.api import InvocationLogging
from craton.usage.invocation_logs.handlers import logged
from craton.usage.invocation_logs.logs import InvocationLogs
from craton.usage.journal import Journal
from craton.usage.ledger import Ledger
from craton.usage.machine import Machine
from craton.usage.meter import Meter, recover
from craton.usage.prices import Prices
from craton.usage.quotas.quotas import Quotas
from craton.wire.message import Response
from craton.wire.spec import Service, bedrock_services, load_service

# What serves operations; `build` makes one of each.
SLICES: tuple[type, ...] = (
    Tags,
    ResourcePoliciesApi,
    ModelsApi,
    PromptsApi,
    Runtime,
    AsyncInvoke,
    Reranking,
    LocalModelsApi,
    AccountsApi,
    UsersApi,
    RolesApi,
    PoliciesApi,
    KeysApi,
    SessionsApi,
    ProvidersApi,
    TargetsApi,
    PricesApi,
    QuotasApi,
    BudgetsApi,
    InvocationLogging,
    UsageApi,
    RequestsApi,
    AuditApi,
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


@dataclass(frozen=True, slots=True)
class Ground:
    """What everything stands on."""

    documents: Documents
    blobs: Blobs
    engines: Engines
    jobs: Jobs
    telemetry: Telemetry
    trail: Trail
    identity: Identity
    resource_policies: ResourcePolicies
    authorization: Authorization


@dataclass(frozen=True, slots=True)
class Accounting:
    """What is used, what it costs, and what may be used."""

    ledger: Ledger
    meter: Meter
    quotas: Quotas
    budgets: Budgets
    logs: InvocationLogs


@asynccontextmanager
async def build(config: Config) -> AsyncIterator[App]:
    """Join the parts; leaving the block ends the models' processes and closes the store."""
    async with AsyncExitStack() as closing:
        ground = _ground(config, closing)
        await ground.identity.adopt()
        accounting = await _accounting(config, ground, closing)
        closing.push_async_callback(ground.engines.close)
        closing.push_async_callback(ground.jobs.close)
        models = _models(config, ground.documents)
        metering = Metering(accounting.meter, ground.documents)
        authorization, accounts = ground.authorization, ground.identity.accounts
        inference = Inference(models, ground.engines, ground.blobs, Parser(), metering, authorization, accounts)
        slices = _slices(config, ground, accounting, models, inference)
        assert tuple(map(type, slices)) == SLICES
        others, aws = _doors(config, ground, accounting, models, inference, slices)

        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            await next((door for door in others if door.has(scope)), aws)(scope, receive, send)

        with attending(Witnessed(command("craton serve", config.account, config.region, {}))):
            first, fresh = await _first_credentials(config, ground.identity.keys)
        await accounting.quotas.open()
        await accounting.budgets.open()
        await ground.jobs.resume()
        yield App(asgi, first, fresh, ground.engines)


def _ground(config: Config, closing: AsyncExitStack) -> Ground:
    documents = _opened(config)
    closing.push_async_callback(documents.close)
    identity = Identity.of(documents, config.account)
    closing.push_async_callback(identity.close)
    telemetry = Telemetry.open(config)
    closing.push_async_callback(asyncio.to_thread, telemetry.close)
    resource_policies = ResourcePolicies(documents)
    return Ground(
        documents=documents,
        blobs=Blobs(config.home, config.account, config.s3),
        engines=Engines(config.engines.memory_bytes),
        jobs=Jobs(documents),
        telemetry=telemetry,
        trail=Trail(documents),
        identity=identity,
        resource_policies=resource_policies,
        authorization=Authorization(documents, identity.principals, resource_policies),
    )


async def _accounting(config: Config, ground: Ground, closing: AsyncExitStack) -> Accounting:
    documents = ground.documents
    logs = InvocationLogs(documents, ground.blobs, config.home)
    closing.push_async_callback(logs.close)
    ledger = Ledger.open(config.home)
    closing.push_async_callback(ledger.close)
    prices, machine = Prices(documents, config.prices), Machine(config.machine)
    await recover(config.home, ledger, prices, machine)
    meter = Meter(ledger, prices, journal=Journal.open(config.home), machine=machine)
    closing.push_async_callback(meter.close)
    budgets = Budgets(documents, ledger, prices, machine)
    closing.push_async_callback(budgets.close)
    quotas = Quotas(documents, ledger)
    closing.push_async_callback(quotas.close)
    meter.checks += (budgets, quotas)  # what a budget refuses is no request of a quota's minute
    meter.watchers += (ground.telemetry.tally.used, logs.used)
    return Accounting(ledger, meter, quotas, budgets, logs)


def _slices(
    config: Config, ground: Ground, accounting: Accounting, models: Models, inference: Inference
) -> tuple[object, ...]:
    documents, engines, identity, tokens = ground.documents, ground.engines, ground.identity, ground.documents.tokens
    prompts = Prompts(documents)
    runtime = Runtime(inference, prompts)
    return (
        Tags(documents),
        ResourcePoliciesApi(ground.resource_policies),
        ModelsApi(models, documents),
        PromptsApi(prompts),
        runtime,
        AsyncInvoke(runtime, inference, documents, ground.blobs, ground.jobs, accounting.logs),
        Reranking(inference, tokens),
        LocalModelsApi(models, engines),
        AccountsApi(identity),
        UsersApi(identity),
        RolesApi(identity),
        PoliciesApi(identity),
        KeysApi(identity, ground.authorization),
        SessionsApi(identity),
        ProvidersApi(models, engines),
        TargetsApi(Profiles(models, documents)),
        PricesApi(accounting.meter.prices, config.account),
        QuotasApi(accounting.quotas, tokens, config.account),
        BudgetsApi(accounting.budgets, tokens, config.account),
        InvocationLogging(accounting.logs),
        UsageApi(accounting.ledger, accounting.meter.prices, ground.blobs, tokens, config.account),
        RequestsApi(ground.telemetry.recent, accounting.ledger, tokens),
        AuditApi(ground.trail, tokens),
    )


def _doors(
    config: Config,
    ground: Ground,
    accounting: Accounting,
    models: Models,
    inference: Inference,
    slices: tuple[object, ...],
) -> tuple[tuple[OpsDoor | RestDoor, ...], AwsDoor]:
    """The AWS door takes what no other has."""
    logs, watchers, limits = accounting.logs, ground.telemetry.watchers, config.limits
    callers = Callers(ground.identity, ground.authorization, config.region, origin.networks(config.trusted_proxies))
    stored = responses.routes(inference, Responses(ground.documents, inference, ground.jobs, logs))
    others = (
        OpsDoor(_pages(config, ground, accounting)),
        anthropic.door(inference, models, callers, limits, logs, watchers),
        openai.door(inference, models, callers, limits, logs, stored, watchers),
    )
    served = logged(handlers(slices), logs)
    authorization, documents, trail = ground.authorization, ground.documents, ground.trail
    return others, AwsDoor(services(), served, callers, authorization, documents, limits, trail, watchers)


def _opened(config: Config) -> Documents:
    try:
        return Documents.open(config.home)
    except (OSError, ServiceUnavailableException) as error:
        raise CannotServe(
            f"The home {str(config.home)!r} cannot be opened ({error}). Name one with --home that this user may write "
            "to, on a disk with space."
        ) from None


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


def _pages(config: Config, ground: Ground, accounting: Accounting) -> dict[tuple[str, str], Page]:
    health = Health(config.home, ground.documents, ground.engines)

    async def reset(scope: Scope) -> Response:
        await ground.documents.empty(keep=IDENTITY)
        await accounting.ledger.empty()
        return ops.json({})

    pages: dict[tuple[str, str], Page] = {
        ("GET", "/healthz"): health.healthz,
        ("GET", "/readyz"): health.readyz,
        ("GET", "/metrics"): MetricsPage(config.metrics, _metrics(ground, accounting).render),
    }
    if config.testing:
        pages["POST", "/_craton/reset"] = reset
    return pages


def _metrics(ground: Ground, accounting: Accounting) -> Metrics:
    documents, ledger, logs, kept = ground.documents, accounting.ledger, accounting.logs, ground.telemetry.kept
    backlogs = (
        Backlog("store", lambda: documents.waiting),
        Backlog("ledger", lambda: ledger.waiting),
        Backlog("invocation log bytes", lambda: logs.held, lambda: logs.dropped),
        Backlog("requests", lambda: kept.waiting, lambda: kept.dropped),
    )
    return Metrics(ground.telemetry.tally, ground.engines, backlogs, accounting.budgets)


async def _first_credentials(config: Config, keys: Keys) -> tuple[Credential, bool]:
    if config.root_access_key_id and config.root_secret_access_key:
        return await keys.preset(config.root_access_key_id, config.root_secret_access_key, config.account), False
    if present := await keys.first_access_key(config.account):
        return present, False
    return await keys.create_access_key(config.account), True

"""The doors, and the pages for operators."""

from craton.app.accounting import Accounting
from craton.app.ground import Ground
from craton.app.knowing import Knowing
from craton.app.services import services
from craton.config import Config
from craton.core.operation import handlers
from craton.doors import anthropic, openai, ops, origin, responses
from craton.doors.asgi import Scope
from craton.doors.aws import AwsDoor
from craton.doors.callers import Callers
from craton.doors.console import ConsoleDoor
from craton.doors.documents import PATH, DocumentPage
from craton.doors.ops import OpsDoor, Page
from craton.doors.ops.health import Health
from craton.doors.ops.metrics import MetricsPage
from craton.doors.rest import RestDoor
from craton.iam.identity import KINDS as IDENTITY
from craton.models.resolve import Models
from craton.responses.responses import Responses
from craton.runtime.inference import Inference
from craton.telemetry.metrics import Backlog, Metrics
from craton.usage.invocation_logs.handlers import logged
from craton.wire.message import Response


def opened(
    config: Config,
    ground: Ground,
    accounting: Accounting,
    models: Models,
    inference: Inference,
    knowledge: Knowing,
    slices: tuple[object, ...],
) -> tuple[tuple[OpsDoor | ConsoleDoor | RestDoor, ...], AwsDoor]:
    """The AWS door takes what no other has."""
    logs, watchers, limits = accounting.logs, ground.telemetry.watchers, config.limits
    callers = Callers(ground.identity, ground.authorization, config.region, origin.networks(config.trusted_proxies))
    stored = responses.routes(inference, Responses(ground.documents, inference, ground.jobs, logs))
    others = (
        OpsDoor(_pages(config, ground, accounting, knowledge)),
        ConsoleDoor(),
        anthropic.door(inference, models, callers, limits, logs, watchers),
        openai.door(inference, models, callers, limits, logs, stored, watchers),
    )
    served = logged(handlers(slices), logs)
    authorization, documents, trail = ground.authorization, ground.documents, ground.trail
    return others, AwsDoor(services(), served, callers, authorization, documents, limits, trail, watchers)


def _pages(config: Config, ground: Ground, accounting: Accounting, knowledge: Knowing) -> dict[tuple[str, str], Page]:
    health = Health(config.home, ground.documents, ground.engines)

    async def reset(scope: Scope) -> Response:
        await ground.documents.empty(keep=IDENTITY)
        await accounting.ledger.empty()
        return ops.json({})

    pages: dict[tuple[str, str], Page] = {
        ("GET", "/healthz"): health.healthz,
        ("GET", "/readyz"): health.readyz,
        ("GET", "/metrics"): MetricsPage(config.metrics, _metrics(ground, accounting).render),
        ("GET", PATH): DocumentPage(knowledge.contents).get,
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

"""All figures of the server as Prometheus reads them: a tally kept as requests pass, the rest asked at the scrape.

Names that begin with `aws_bedrock_` are those of CloudWatch's namespaces AWS/Bedrock and AWS/Bedrock/Guardrails, in the
manner of Prometheus: https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-guardrails-cw-metrics.html. Knows no HTTP.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from craton import __version__
from craton.engines.remote.state import State
from craton.engines.state import LocalState
from craton.engines.supervisor import Engines
from craton.telemetry.tally import LATENCIES, Invocations, Judgings, Spread, Tally, cumulative
from craton.usage.budgets.budgets import Budgets
from craton.usage.budgets.purse import Purse
from craton.usage.budgets.records import Budget
from craton.usage.money import UNIT

Thing = TypeVar("Thing")
Value = TypeVar("Value")
Labels = tuple[tuple[str, str], ...]  # names and values, in order
Values = Mapping[Labels, Value]
Family = Callable[[str, str, Values[float]], Metric]
# Of something that has several: the name of each, what it is, where it stands.
Figures = tuple[tuple[str, str, Callable[[Thing], float]], ...]

_COUNTED: Figures[Invocations] = (
    ("invocations", "Invocations that succeeded.", lambda model: model.invocations),
    ("invocation_client_errors", "Invocations that failed for the client's sake.", lambda model: model.client_errors),
    ("invocation_server_errors", "Invocations that failed for the server's sake.", lambda model: model.server_errors),
    ("invocation_throttles", "Invocations that were throttled, which are no errors.", lambda model: model.throttles),
    ("input_token_count", "Tokens of input, without those of the prompt cache.", lambda model: model.input_tokens),
    ("output_token_count", "Tokens of output.", lambda model: model.output_tokens),
    ("cache_read_input_token_count", "Tokens read from the prompt cache.", lambda model: model.cache_read_tokens),
    ("cache_write_input_token_count", "Tokens written to the prompt cache.", lambda model: model.cache_write_tokens),
    ("estimated_tpm_quota_usage", "Tokens that quotas count.", lambda model: model.quota_tokens),
)
_JUDGED: Figures[Judgings] = (
    ("invocations", "Texts that were judged.", lambda judged: judged.invocations),
    ("invocations_intervened", "Texts that were blocked or masked.", lambda judged: judged.intervened),
    ("invocation_client_errors", "Judgings that failed for the client's sake.", lambda judged: judged.client_errors),
    ("invocation_server_errors", "Judgings that failed for the server's sake.", lambda judged: judged.server_errors),
    ("invocation_throttles", "Judgings that were throttled, which are no errors.", lambda judged: judged.throttles),
    ("text_unit_count", "Text units that policies judged.", lambda judged: judged.text_units),
)
_SPREAD: tuple[tuple[str, str, Callable[[Invocations], Spread]], ...] = (
    ("invocation_latency_seconds", "From the request to the last token.", lambda model: model.latency),
    ("time_to_first_token_seconds", "From the request to the first token.", lambda model: model.first_token),
)
_LOCAL: Figures[LocalState] = (
    ("loaded", "Whether the model is in memory.", lambda state: state.loaded),
    ("slots", "Requests that the model answers at once.", lambda state: state.slots),
    ("slots_busy", "Slots that are taken.", lambda state: state.busy),
    ("resident_memory_bytes", "What the model's process holds.", lambda state: state.rss),
    ("load_seconds", "How long the last load took.", lambda state: state.load_seconds),
)
# What some engines tell of themselves.
_TOLD = (
    ("cache_tokens", "Tokens that the key-value cache can hold."),
    ("cache_tokens_held", "Tokens of the key-value cache that running requests hold."),
)
_LOCAL_COUNTED: Figures[LocalState] = (
    ("loads", "Times that the model was loaded.", lambda state: state.loads),
    ("load_failures", "Times that it could not be loaded.", lambda state: state.load_failures),
    ("crashes", "Times that its process ended by itself; it is started again.", lambda state: state.crashes),
)
_REMOTE: Figures[State] = (
    ("requests_in_flight", "Requests under way.", lambda state: state.in_flight),
    ("breaker_open", "Whether the provider is left alone after failures.", lambda state: state.open_until is not None),
    ("consecutive_failures", "Failures in a row.", lambda state: state.failures),
)
_REMOTE_COUNTED: Figures[State] = (
    ("attempts", "Requests that were sent.", lambda state: state.attempts),
    ("retries", "Requests that were sent again.", lambda state: state.retries),
)
_BUDGET: tuple[tuple[str, str, Callable[[Budget, Purse, float], int]], ...] = (
    ("amount", "What may be spent in a month.", lambda budget, purse, month: budget.amount),
    ("spent", "What was spent in this month.", lambda budget, purse, month: purse.spent.of(month)),
    ("reserved", "What requests that run may cost.", lambda budget, purse, month: purse.reserved),
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Something that is written behind requests: what it is, how much waits, and how much was given up."""

    name: str
    waiting: Callable[[], int]
    dropped: Callable[[], int] = lambda: 0


class Metrics(Collector):
    def __init__(self, tally: Tally, engines: Engines, backlogs: tuple[Backlog, ...], budgets: Budgets) -> None:
        self._tally = tally
        self._budgets = budgets
        self._engines = engines
        self._backlogs = backlogs
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    async def render(self) -> bytes:
        """The text format, version 0.0.4."""
        await self._engines.ask()
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("craton_build", "This server.", value={"version": __version__})
        yield from self._invocations()
        yield from self._guardrails()
        yield from self._requests()
        yield from self._local()
        yield from self._providers()
        yield from self._waiting()
        yield from self._money()

    def _invocations(self) -> Iterator[Metric]:
        models = {_model(*key): model for key, model in dict(self._tally.models).items()}
        yield from _each(_counter, "aws_bedrock", _COUNTED, models)
        for name, told, spread in _SPREAD:
            spreads = {labels: spread(model) for labels, model in models.items()}
            yield _histogram(f"aws_bedrock_{name}", told, spreads)
        cancelled = {labels: model.cancelled for labels, model in models.items()}
        yield _counter("craton_invocations_cancelled", "Invocations whose client left.", cancelled)
        energy = {labels: model.energy for labels, model in models.items()}
        yield _counter("craton_invocation_energy_joules", "Energy that invocations took.", energy)
        costs = {
            (*labels, ("currency", currency)): cost / UNIT
            for labels, model in models.items()
            for currency, cost in model.costs.items()
        }
        yield _counter("craton_invocation_cost", "What invocations cost, in the currency.", costs)

    def _guardrails(self) -> Iterator[Metric]:
        judged = {_guardrail(*key): judgings for key, judgings in dict(self._tally.guardrails).items()}
        yield from _each(_counter, "aws_bedrock_guardrails", _JUDGED, judged)
        latencies = {labels: judgings.latency for labels, judgings in judged.items()}
        told = "What judging a text took: a stream's is the sum of its parts."
        yield _histogram("aws_bedrock_guardrails_invocation_latency_seconds", told, latencies)

    def _requests(self) -> Iterator[Metric]:
        requests = {
            (*_operation(name), ("status", str(status))): count
            for (name, status), count in dict(self._tally.requests).items()
        }
        yield _counter("craton_http_requests", "Requests that ended, by the status that was sent.", requests)
        durations = {_operation(name): spread for name, spread in dict(self._tally.durations).items()}
        yield _histogram("craton_http_request_duration_seconds", "From the first byte to the last.", durations)

    def _local(self) -> Iterator[Metric]:
        states: Values[LocalState] = {
            (("model_id", state.id), ("engine", state.engine)): state for state in self._engines.states()
        }
        yield from _each(_gauge, "craton_engine", _LOCAL, states)
        yield from _each(_counter, "craton_engine", _LOCAL_COUNTED, states)
        for name, told in _TOLD:
            given: Values[float] = {
                labels: state.figures[name] for labels, state in states.items() if name in state.figures
            }
            yield _gauge(f"craton_engine_{name}", told, given)
        queues: Values[float] = {
            (*labels, ("tier", tier)): float(state.waiting[tier])
            for labels, state in states.items()
            for tier in state.waiting
        }
        yield _gauge("craton_engine_queue_length", "Requests that wait for a slot, by service tier.", queues)
        budget: Values[float] = {(): self._engines.memory_budget}
        yield _gauge("craton_engine_memory_budget_bytes", "What all local models may hold together.", budget)

    def _providers(self) -> Iterator[Metric]:
        states: Values[State] = {
            (("provider", state.provider), ("model_id", model)): state
            for model, state in self._engines.providers().items()
        }
        yield from _each(_gauge, "craton_provider", _REMOTE, states)
        yield from _each(_counter, "craton_provider", _REMOTE_COUNTED, states)

    def _waiting(self) -> Iterator[Metric]:
        waiting: Values[float] = {(("backlog", backlog.name),): float(backlog.waiting()) for backlog in self._backlogs}
        yield _gauge("craton_backlog_length", "What waits to be written.", waiting)
        dropped: Values[float] = {(("backlog", backlog.name),): float(backlog.dropped()) for backlog in self._backlogs}
        yield _counter("craton_backlog_dropped", "What could not be written and was given up.", dropped)

    def _money(self) -> Iterator[Metric]:
        """Of budgets that count all that they are about together: of the others GetBudget tells."""
        month = self._budgets.month()
        standing: dict[Labels, tuple[Budget, Purse]] = {
            (("budget", budget.name), ("account_id", budget.owner), ("currency", budget.currency)): (budget, purse)
            for budget, place, purse in self._budgets.standings
            if not place
        }
        for name, told, figure in _BUDGET:
            amounts = {labels: figure(budget, purse, month) / UNIT for labels, (budget, purse) in standing.items()}
            yield _gauge(f"craton_budget_{name}", told, amounts)


def _model(model: str, account: str) -> Labels:
    named = ("model_id", model)
    return (named, ("account_id", account)) if account else (named,)


def _guardrail(guardrail: str, version: str, source: str, account: str) -> Labels:
    named = (("guardrail_id", guardrail), ("guardrail_version", version), ("guardrail_content_source", source))
    return (*named, ("account_id", account)) if account else named


def _operation(name: str) -> Labels:
    service, _, operation = name.rpartition(".")
    return (("service", service), ("operation", operation))


def _each(family: Family, prefix: str, figures: Figures[Thing], things: Values[Thing]) -> Iterator[Metric]:
    """One metric for each figure, with the values of all things."""
    for name, told, figure in figures:
        yield family(f"{prefix}_{name}", told, {labels: figure(thing) for labels, thing in things.items()})


def _gauge(name: str, told: str, values: Values[float]) -> Metric:
    return _filled(GaugeMetricFamily(name, told, labels=_names(values)), values)


def _counter(name: str, told: str, values: Values[float]) -> Metric:
    return _filled(CounterMetricFamily(name, told, labels=_names(values)), values)


def _filled(family: CounterMetricFamily | GaugeMetricFamily, values: Values[float]) -> Metric:
    for labels, value in values.items():
        family.add_metric([text for _, text in labels], value)
    return family


def _histogram(name: str, told: str, values: Values[Spread]) -> Metric:
    family = HistogramMetricFamily(name, told, labels=_names(values))
    bounds = [*map(str, LATENCIES), "+Inf"]
    for labels, spread in values.items():
        buckets = list(zip(bounds, cumulative(spread.classes), strict=True))
        family.add_metric([text for _, text in labels], buckets, spread.sum)
    return family


def _names(values: Mapping[Labels, object]) -> list[str]:
    return [name for name, _ in next(iter(values), ())]

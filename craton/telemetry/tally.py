"""What requests and invocations add up to since the start, in plain numbers. Knows neither Prometheus nor HTTP."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from craton import errors
from craton.core.call import Call
from craton.core.trace import (
    ADMISSION,
    CANCELLED,
    GUARDRAIL,
    GUARDRAIL_ID,
    GUARDRAIL_INTERVENED,
    GUARDRAIL_LATENCY,
    GUARDRAIL_SOURCE,
    GUARDRAIL_UNITS,
    GUARDRAIL_VERSION,
    Span,
)
from craton.usage.quotas import burndown
from craton.usage.records import OK, Used

# Seconds. A small operation takes a millisecond, an answer of a slow model minutes.
LATENCIES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
# A label may have this many values; what comes after them is counted as OTHER.
MOST = 500
OTHER = "other"

_THROTTLED = errors.ThrottlingException.__name__

Name = TypeVar("Name", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class Spread:
    """How values spread: how many in each class up to a bound of LATENCIES, the last without bound, and their sum."""

    classes: list[int] = field(default_factory=lambda: [0] * (len(LATENCIES) + 1))
    sum: float = 0.0

    def add(self, value: float) -> None:
        self.classes[bisect_left(LATENCIES, value)] += 1
        self.sum += value


@dataclass(slots=True)
class Counted:
    """Calls that succeeded, and those that failed."""

    invocations: int = 0
    client_errors: int = 0
    server_errors: int = 0
    throttles: int = 0
    cancelled: int = 0

    def failed(self, code: str) -> None:
        """As AWS counts: what was throttled is no error."""
        kind = getattr(errors, code, None)
        if code == CANCELLED:
            self.cancelled += 1
        elif code == _THROTTLED:
            self.throttles += 1
        elif isinstance(kind, type) and issubclass(kind, errors.ApiError) and kind.status < 500:
            self.client_errors += 1
        else:
            self.server_errors += 1


@dataclass(slots=True)
class Invocations(Counted):
    """Of one model. What `AWS/Bedrock` counts under the same names."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    quota_tokens: int = 0
    energy: float = 0.0
    latency: Spread = field(default_factory=Spread)
    first_token: Spread = field(default_factory=Spread)
    costs: dict[str, int] = field(default_factory=dict)  # billionths, by currency

    def add(self, used: Used) -> None:
        counts = used.counts
        self.input_tokens += counts.input_tokens
        self.output_tokens += counts.output_tokens
        self.cache_read_tokens += counts.cache_read_tokens
        self.cache_write_tokens += counts.cache_write_tokens
        self.energy += used.energy
        self.costs[used.currency] = self.costs.get(used.currency, 0) + used.cost
        if used.status == OK:
            self.invocations += 1
            self.quota_tokens += burndown.taken(counts, burndown.rate(used.model))
            self.latency.add(used.latency / 1000)
            if used.first_token:
                self.first_token.add(used.first_token / 1000)
        else:
            self.failed(used.status)


@dataclass(slots=True)
class Judgings(Counted):
    """Of texts from one source, by one version of a guardrail. What `AWS/Bedrock/Guardrails` counts."""

    intervened: int = 0
    text_units: int = 0
    latency: Spread = field(default_factory=Spread)

    def add(self, span: Span) -> None:
        if span.error:
            self.failed(span.error)
            return
        self.invocations += 1
        self.intervened += bool(span.attributes.get(GUARDRAIL_INTERVENED))
        self.text_units += int(str(span.attributes.get(GUARDRAIL_UNITS, 0)))
        self.latency.add(float(str(span.attributes.get(GUARDRAIL_LATENCY, 0))) / 1000)


class Tally:
    """A watcher of requests and of invocations. Without `accounts` those of all accounts are counted together."""

    def __init__(self, *, accounts: bool = False) -> None:
        self._accounts = accounts
        self.models: dict[tuple[str, str], Invocations] = {}
        self.guardrails: dict[tuple[str, str, str, str], Judgings] = {}
        self.requests: dict[tuple[str, int], int] = {}
        self.durations: dict[str, Spread] = {}

    def watch(self, call: Call) -> None:
        name = call.name or "unknown"
        key = (name, call.status)
        self.requests[key] = self.requests.get(key, 0) + 1
        _of(self.durations, name, Spread).add(call.ms / 1000)
        for span in call.trace.spans:
            if span.name == ADMISSION and span.error and span.error != CANCELLED:
                # One that the meter never began, and so tells nobody of.
                self._model(str(span.attributes.get("gen_ai.request.model", "unknown")), call.account).failed(
                    span.error
                )
            elif span.name == GUARDRAIL:
                self._guardrail(span, call.account).add(span)

    def used(self, used: Used) -> None:
        self._model(used.model, used.account).add(used)

    def _model(self, model: str, account: str) -> Invocations:
        key = (model, account if self._accounts else "")
        if key not in self.models and len(self.models) >= MOST:
            key = (OTHER, OTHER if self._accounts else "")
        return _of(self.models, key, Invocations)

    def _guardrail(self, span: Span, account: str) -> Judgings:
        guardrail, version, source = (
            str(span.attributes[name]) for name in (GUARDRAIL_ID, GUARDRAIL_VERSION, GUARDRAIL_SOURCE)
        )
        key = (guardrail, version, source, account if self._accounts else "")
        if key not in self.guardrails and len(self.guardrails) >= MOST:
            key = (OTHER, OTHER, source, OTHER if self._accounts else "")
        return _of(self.guardrails, key, Judgings)


def _of(table: dict[Name, Value], name: Name, make: Callable[[], Value]) -> Value:
    found = table.get(name)
    if found is None:
        found = table[name] = make()
    return found


def cumulative(classes: Sequence[int]) -> list[int]:
    """The number of values up to each bound, as Prometheus wants them."""
    total, sums = 0, []
    for count in classes:
        total += count
        sums.append(total)
    return sums

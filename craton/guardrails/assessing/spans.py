"""The step of a request in which a guardrail judges a text, in the request's trace. Keeps nothing of what is said."""

from collections.abc import Callable
from types import TracebackType

from craton.core.trace import (
    GUARDRAIL,
    GUARDRAIL_ID,
    GUARDRAIL_INTERVENED,
    GUARDRAIL_LATENCY,
    GUARDRAIL_SOURCE,
    GUARDRAIL_UNITS,
    GUARDRAIL_VERSION,
    Span,
    Trace,
    code_of,
    end,
)
from craton.guardrails.assessing.verdict import Verdict
from craton.guardrails.findings import Source
from craton.guardrails.guard import Guard


class Spanning:
    """One span from the first to the last judging of a text; entered each time that something is judged."""

    def __init__(self, trace: Trace | None, guard: Guard, source: Source) -> None:
        self._trace = trace
        self._guard = guard
        self._source = source
        self._span: Span | None = None

    def __enter__(self) -> None:
        if self._trace and not self._span:
            named = {
                GUARDRAIL_ID: self._guard.id,
                GUARDRAIL_VERSION: self._guard.version,
                GUARDRAIL_SOURCE: self._source.value,
            }
            self._span = self._trace.begin(GUARDRAIL, named)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._span:
            end(self._span, code_of(error))

    def told(self, verdict: Callable[[], Verdict]) -> None:
        """What came of it, which nobody works out where there is no trace."""
        if self._span:
            decided = verdict()
            units = sum(count for name, count in decided.units.items() if name.endswith("PolicyUnits"))
            self._span.attributes |= {
                GUARDRAIL_INTERVENED: decided.intervened,
                GUARDRAIL_UNITS: units,
                GUARDRAIL_LATENCY: decided.latency_ms,
            }

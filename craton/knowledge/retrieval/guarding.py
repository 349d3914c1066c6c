"""A query under the guardrail that its request names. Knows no search: what is found is not judged."""

from dataclasses import dataclass
from typing import Literal

from craton.config import GuardrailSettings
from craton.core.context import Context
from craton.dialects.body import Json
from craton.guardrails.assessing.assess import Content, assess
from craton.guardrails.assessing.verdict import Terms
from craton.guardrails.findings import Source
from craton.guardrails.guardrails import Guardrails
from craton.guardrails.means import Means


@dataclass(frozen=True, slots=True)
class Judged:
    """`text` is what the guardrail lets through: the query, or the query with what it masks."""

    action: Literal["INTERVENED", "NONE"]
    blocked: bool
    text: str


class Guarding:
    def __init__(self, guardrails: Guardrails, means: Means, settings: GuardrailSettings) -> None:
        self._guardrails = guardrails
        self._means = means
        self._terms = Terms(undecided=settings.undecided)

    async def judged(self, ctx: Context, asked: Json, query: str) -> Judged:
        """`asked` is a GuardrailConfiguration. Raises as `Guardrails.find` does."""
        guard = await self._guardrails.find(ctx, asked["guardrailId"], asked["guardrailVersion"])
        judges = guard.judges(Source.INPUT, self._means)
        verdict = await assess(guard, Source.INPUT, judges, [Content(query)], (), self._terms, trace=ctx.trace)
        masked = verdict.intervened and not verdict.blocked
        return Judged(
            "INTERVENED" if verdict.intervened else "NONE", verdict.blocked, verdict.outputs[0] if masked else query
        )

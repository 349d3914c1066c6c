"""Which guardrails apply to a request, and one generation under them. Knows no policy, no door and no engine.

The account's own comes first: what a request asks for beside it sees only what that lets through.
"""

from collections.abc import Sequence
from contextlib import aclosing
from types import TracebackType
from typing import Literal, Self

from craton.config import GuardrailSettings
from craton.core.context import Context
from craton.dialects.converse import Block, Event, Turn
from craton.guardrails.assessing.verdict import Terms
from craton.guardrails.enforced import EnforcedGuardrails
from craton.guardrails.guard import Guard
from craton.guardrails.guardrails import Guardrails
from craton.guardrails.means import Means
from craton.iam.authorization.circumstances import account_of
from craton.models.resolve import Resolved, Target
from craton.runtime.content import content
from craton.runtime.guarding import told
from craton.runtime.guarding.applied import Applied
from craton.runtime.guarding.asked import Asked, Trace
from craton.runtime.guarding.input import Input
from craton.runtime.guarding.output import INTERVENED, NO_USAGE, Events, Output, message
from craton.runtime.guarding.scope import Reach
from craton.store.blobs import Blobs
from craton.usage.meter import Metered, Usage

COMPREHENSIVE = "COMPREHENSIVE"


class Guarding:
    def __init__(
        self,
        guardrails: Guardrails,
        enforced: EnforcedGuardrails,
        means: Means,
        settings: GuardrailSettings,
        blobs: Blobs,
        parser: content.Parser,
    ) -> None:
        self._guardrails = guardrails
        self._enforced = enforced
        self._means = means
        self._settings = settings
        self._blobs = blobs
        self._parser = parser

    async def find(self, ctx: Context, asked: Asked | None) -> Guard | None:
        """The guardrail that a request asks for, where the caller may apply it.

        Raises ValidationException where there is none of that name or version, and AccessDeniedException.
        """
        if asked is None or not asked.identifier:
            return None
        return await self._guardrails.find(ctx, asked.identifier, asked.version)

    async def of(
        self,
        ctx: Context,
        resolved: Resolved,
        targets: Sequence[Target],
        turn: Turn,
        asked: Asked | None,
        *,
        tells_masks: bool,
    ) -> "Guarded | None":
        """The guardrails of an answer, or None where none applies. Raises as `find` does."""
        enforced = await self._enforced.of(ctx, resolved, targets)
        if enforced is None and asked is None:
            return None
        asked = asked or Asked()
        found = await self.find(ctx, asked)
        full = asked.trace is Trace.ENABLED_FULL
        applied: list[Applied] = []
        if enforced:
            reach = Reach(enforced.system == COMPREHENSIVE, enforced.messages == COMPREHENSIVE)
            terms = Terms(full, self._settings.undecided, "ACCOUNT_ENFORCED", _ownership(ctx, enforced.guard))
            applied.append(Applied(enforced.guard, terms, self._means, ctx.trace, reach))
        if found and not (enforced and found is enforced.guard):
            terms = Terms(full, self._settings.undecided, "REQUEST", _ownership(ctx, found))
            applied.append(Applied(found, terms, self._means, ctx.trace, mode=asked.mode))
        if not applied:
            return None
        given = Input(turn, asked.tag_suffix, applied, _Reading(ctx, self._blobs, self._parser))
        return Guarded(given, applied, traced=asked.trace is not Trace.DISABLED, tells_masks=tells_masks)


class Guarded:
    """One generation under its guardrails. `input` is its turn, as they let it through to a model."""

    def __init__(self, input: Input, applied: Sequence[Applied], *, traced: bool, tells_masks: bool) -> None:
        """`traced` wants a trace; `tells_masks`: an answer in which something was masked ends with saying so, as
        Converse has it and native bodies do not.
        """
        self.input = input
        self._applied = applied
        self._traced = traced
        self._tells_masks = tells_masks
        self._output: Output | None = None
        self.refused = False  # whether no model was asked

    @property
    def action(self) -> str:
        """What native bodies tell, as far as it is known."""
        verdicts = [one for each in self._applied for one in (*each.inputs, *each.outputs)]
        return "INTERVENED" if told.intervened(verdicts) else "NONE"

    async def refusal(self, by: Applied) -> Events:
        """The answer to a turn that no model is asked."""
        self.refused = True
        yield {"messageStart": {"role": "assistant"}}
        for event in message(0, by.guard.blocked_input):
            yield event
        yield {"messageStop": {"stopReason": INTERVENED}}
        yield self._traced_in({"metadata": {"usage": {**NO_USAGE}}})

    async def answer(self, events: Events, counted: "Counted", *, whole: bool) -> Events:
        """What the guardrails let out of a model's answer; with `whole` only when its end is known."""
        for each in self._applied:
            each.outputs = []
        self._output = output = Output(self._applied, lambda: counted.usage)
        async with aclosing(output.judged(events, whole=whole)) as judged:
            async for event in judged:
                if stop := event.get("messageStop"):
                    yield {"messageStop": {**stop, "stopReason": self._reason(stop["stopReason"])}}
                else:
                    yield self._traced_in(event) if "metadata" in event else event

    def _reason(self, reason: str) -> str:
        """Who is to run tools is told so, and finds in the trace that something was masked."""
        masked = any(told.intervened(each.outputs) for each in self._applied)
        return INTERVENED if masked and self._tells_masks and reason != "tool_use" else reason

    def _traced_in(self, event: Event) -> Event:
        if not self._traced:
            return event
        said = self._output.said if self._output else []
        return {"metadata": {**event["metadata"], "trace": {"guardrail": told.trace(self._applied, said)}}}


class Counted:
    """A use of the meter that remembers what it was told: what a guardrail ends has no last word on its usage."""

    def __init__(self, use: Metered) -> None:
        self.usage: dict[str, object] = {}
        self._use = use

    async def __aenter__(self) -> Self:
        await self._use.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._use.__aexit__(kind, error, trace)

    def work(self) -> None:
        self._use.work()

    def tell(self, usage: Usage) -> None:
        self.usage |= usage
        self._use.tell(usage)


def _ownership(ctx: Context, guard: Guard) -> Literal["SELF", "CROSS_ACCOUNT"]:
    return "SELF" if account_of(guard.arn) == ctx.account else "CROSS_ACCOUNT"


class _Reading:
    """`input.Reading` for one caller."""

    def __init__(self, ctx: Context, blobs: Blobs, parser: content.Parser) -> None:
        self._ctx = ctx
        self._blobs = blobs
        self._parser = parser

    async def fetched(self, block: Block) -> Block:
        return await content.fetched(block, self._ctx, self._blobs)

    async def text_of(self, document: Block) -> str:
        return await content.text_of(document, self._ctx, self._parser)

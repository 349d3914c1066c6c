"""The steps of an invocation in its request's trace: admission, the wait for an engine, and what the engine does.

Names of attributes follow https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans. Knows no exporter, and keeps
nothing of what is said.
"""

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Generic, Self, TypeVar
from urllib.parse import urlsplit

from craton.core.context import Context
from craton.core.trace import ENGINE, Span, Value, code_of, end
from craton.dialects.converse import Event, Turn
from craton.engines.base import ModelSpec
from craton.engines.registry import REMOTE
from craton.engines.remote.via import traceparent
from craton.usage.meter import Usage

QUEUE = "queue"  # until the model is loaded and has a slot
PARSING = "parsing"  # a document is made text
# The parts of an engine's work that writes: it reads what it is told, then writes token by token.
PREFILL, DECODE = f"{ENGINE}.prefill", f"{ENGINE}.decode"

CHAT = "chat"
EMBEDDINGS = "embeddings"

# As the conventions name providers; who is not here has its engine's name.
_PROVIDERS = {"bedrock": "aws.bedrock"}
_PARAMETERS = {"maxTokens": "max_tokens", "temperature": "temperature", "topP": "top_p"}

Entered = TypeVar("Entered")


class Entering(Generic[Entered]):
    """A context manager, and a span around its entering."""

    def __init__(self, ctx: Context, name: str, model: str, inner: AbstractAsyncContextManager[Entered]) -> None:
        self._ctx = ctx
        self._name = name
        self._model = model
        self._inner = inner

    async def __aenter__(self) -> Entered:
        with self._ctx.trace.begin(self._name, {"gen_ai.request.model": self._model}):
            return await self._inner.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._inner.__aexit__(kind, error, trace)


class Asking:
    """The span of an engine at work; a provider is told of it."""

    def __init__(self, ctx: Context, model: str, spec: ModelSpec, operation: str, turn: Turn | None = None) -> None:
        self._attributes: dict[str, Value] = {
            "gen_ai.operation.name": operation,
            "gen_ai.request.model": model,
            **_served(spec),
        }
        for member, name in _PARAMETERS.items():
            if (value := ((turn or {}).get("inferenceConfig") or {}).get(member)) is not None:
                self._attributes[f"gen_ai.request.{name}"] = value
        self._trace = ctx.trace
        self._usage: dict[str, int] = {}
        self._writes = operation == CHAT
        self._part: Span | None = None

    def __enter__(self) -> Self:
        self._span = self._trace.begin(ENGINE, self._attributes)
        traceparent.set(self._trace.parent_of(self._span))
        if self._writes:
            self._part = self._trace.begin(PREFILL, parent=self._span)
        return self

    def write(self) -> None:
        """A token has come; the first one ends the reading."""
        if self._part and self._part.name == PREFILL:
            end(self._part)
            self._part = self._trace.begin(DECODE, parent=self._span)

    def tell(self, usage: Usage) -> None:
        """Converse's usage, or a part of it, as it is known so far."""
        self._usage |= usage

    def stop(self, event: Event) -> None:
        """The event that tells why the answer ends."""
        self._span.attributes["gen_ai.response.finish_reasons"] = (event["messageStop"]["stopReason"],)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._span.attributes.update(_counted(self._usage))
        if self._part:
            end(self._part, code_of(error))
        end(self._span, code_of(error))


def _served(spec: ModelSpec) -> dict[str, Value]:
    """Who serves the model."""
    if spec.engine not in REMOTE:
        return {"gen_ai.provider.name": "craton", "craton.engine": spec.engine}
    host = urlsplit(str(spec.options.get("base_url") or "")).hostname or str(spec.options.get("provider", ""))
    return {
        "gen_ai.provider.name": _PROVIDERS.get(spec.engine, spec.engine),
        "gen_ai.response.model": str(spec.options.get("model", "")),
        "server.address": host,
    }


def _counted(usage: Usage) -> dict[str, Value]:
    """The conventions count what was read from and written to a cache as input, too."""
    read, written = usage.get("cacheReadInputTokens", 0), usage.get("cacheWriteInputTokens", 0)
    counts = {
        "gen_ai.usage.input_tokens": usage.get("inputTokens", 0) + read + written,
        "gen_ai.usage.output_tokens": usage.get("outputTokens", 0),
        "gen_ai.usage.cache_read.input_tokens": read,
        "gen_ai.usage.cache_creation.input_tokens": written,
    }
    return {name: count for name, count in counts.items() if count}

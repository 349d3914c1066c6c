"""Sends spans to an OpenTelemetry collector, over OTLP/HTTP. The only module that imports OpenTelemetry.

The SDK reads its own variables (`OTEL_*`): endpoint, headers, timeout, resource, service name, sampler, batches. Names
of attributes follow https://opentelemetry.io/docs/specs/semconv/gen-ai/. Knows no content of a conversation.
"""

from collections.abc import Callable, Mapping

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from craton import __version__
from craton.core.call import Call
from craton.core.trace import ENGINE, Span, Trace, Value

_SCOPE = InstrumentationScope("craton", __version__)
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)


class Exporter:
    """A watcher of requests. Spans wait in memory and are sent by a thread; where too many wait, the SDK drops some."""

    def __init__(self, endpoint: str | None = None, exporter: SpanExporter | None = None) -> None:
        """`endpoint` is used where the SDK's variables name none."""
        provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._resource = provider.resource
        self._sampler = provider.sampler
        traces = f"{endpoint.rstrip('/')}/v1/traces" if endpoint else None
        self._processor = BatchSpanProcessor(exporter or OTLPSpanExporter(endpoint=traces))

    def watch(self, call: Call) -> None:
        trace = call.trace
        if not self._sampled(trace, call.name or ""):
            return
        root = trace.spans[0]
        for span in trace.spans:
            if span is root:
                self._send(trace, span, call.name or "request", SpanKind.SERVER, _told(call))
            else:
                self._send(trace, span, _name(span), _kind(span), span.attributes)

    def close(self) -> None:
        """Send what waits, within the time that the SDK's variables allow."""
        shut_down: Callable[[], None] = self._processor.shutdown  # untyped
        shut_down()

    def _sampled(self, trace: Trace, name: str) -> bool:
        """What the caller decided; else what the SDK's sampler does."""
        if trace.sampled is not None:
            return trace.sampled
        return self._sampler.should_sample(None, int(trace.id, 16), name).decision == Decision.RECORD_AND_SAMPLE

    def _send(self, trace: Trace, span: Span, name: str, kind: SpanKind, attributes: Mapping[str, Value]) -> None:
        error = {"error.type": span.error} if span.error else {}
        self._processor.on_end(
            ReadableSpan(
                name,
                context=_context(trace, span.id, remote=False),
                parent=_context(trace, span.parent, remote=span is trace.spans[0]) if span.parent else None,
                resource=self._resource,
                attributes={**attributes, **error},
                kind=kind,
                status=Status(StatusCode.ERROR, span.error) if span.error else Status(StatusCode.UNSET),
                start_time=span.started,
                end_time=span.ended or span.started,
                instrumentation_scope=_SCOPE,
            )
        )


def _resource() -> Resource:
    """What the SDK's variables say of this server; by default it is called craton."""
    told = Resource.create({"service.version": __version__})
    named = not str(told.attributes.get("service.name", "")).startswith("unknown_service")
    return told if named else told.merge(Resource({"service.name": "craton"}))


def _context(trace: Trace, span: str, *, remote: bool) -> SpanContext:
    return SpanContext(int(trace.id, 16), int(span, 16), is_remote=remote, trace_flags=_SAMPLED)


def _told(call: Call) -> dict[str, Value]:
    """Of a request as a whole."""
    service, _, method = (call.name or "").rpartition(".")
    return {
        "rpc.system": "aws-api",
        "rpc.service": service,
        "rpc.method": method,
        "http.response.status_code": call.status,
        "aws.request_id": call.request_id,
        "cloud.account.id": call.account,
        "cloud.region": call.region,
        "client.address": call.source_ip,
        "user_agent.original": call.user_agent,
    }


def _name(span: Span) -> str:
    """As the conventions name a model's span: `chat <model>`."""
    if span.name != ENGINE:
        return span.name
    return f"{span.attributes['gen_ai.operation.name']} {span.attributes['gen_ai.request.model']}"


def _kind(span: Span) -> SpanKind:
    return SpanKind.CLIENT if "server.address" in span.attributes else SpanKind.INTERNAL

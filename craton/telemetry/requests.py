"""Requests that have ended, as they are kept: one each, with its spans. Knows neither where nor for how long."""

import msgspec

from craton.core.call import Call
from craton.core.trace import ENGINE, Span

_LONGEST_MESSAGE = 1024


class Ended(msgspec.Struct, frozen=True, array_like=True):
    """A request. `position` grows with each, `at` is when it began in nanoseconds since 1970, `ms` how long it took."""

    position: int
    request_id: str
    trace_id: str
    at: int
    account: str
    region: str
    principal: str
    key_id: str
    source_ip: str
    user_agent: str
    operation: str
    status: int
    error: str
    message: str
    audit: str
    ms: float
    spans: list[Span]

    @property
    def invoked(self) -> bool:
        """Whether a model was asked."""
        return any(span.name == ENGINE for span in self.spans)


write = msgspec.msgpack.Encoder().encode
read = msgspec.msgpack.Decoder(Ended).decode


def ended(call: Call, position: int) -> Ended:
    return Ended(
        position,
        call.request_id,
        call.trace.id,
        call.trace.spans[0].started,
        call.account,
        call.region,
        call.caller or "",
        call.key_id,
        call.source_ip,
        call.user_agent,
        call.name or "",
        call.status,
        call.error,
        call.message[:_LONGEST_MESSAGE],
        call.audit,
        call.ms,
        call.trace.spans,
    )

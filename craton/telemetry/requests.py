"""Requests as they are kept: one each, with its spans. Knows neither where nor for how long."""

from collections.abc import Sequence
from sys import intern
from typing import Generic, Literal, TypeVar

import msgspec

from craton.core.call import Call
from craton.core.trace import ADMISSION, ENGINE, Span
from craton.usage.records import Used

_LONGEST_MESSAGE = 1024
# Steps that name the model which is asked, and how.
_ASKING = (ADMISSION, ENGINE)
_MODEL, _OPERATION = "gen_ai.request.model", "gen_ai.operation.name"
_EMBEDS = "embeddings"

Class = Literal["SUCCESS", "CLIENT_ERROR", "SERVER_ERROR", "RUNNING"]
Spans = TypeVar("Spans")


class Sums(msgspec.Struct, frozen=True, array_like=True):
    """What all models of a request used. `cost` is in billionths of `currency`, which is empty where there is none, or
    more than one.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0
    currency: str = ""
    invocations: int = 0

    def plus(self, used: Used) -> "Sums":
        alike = not self.invocations or self.currency == used.currency
        return Sums(
            self.input_tokens + used.counts.input_tokens,
            self.output_tokens + used.counts.output_tokens,
            self.cost + used.cost if alike else 0,
            used.currency if alike else "",
            self.invocations + 1,
        )


NOTHING = Sums()


class Request(msgspec.Struct, Generic[Spans], frozen=True, array_like=True):
    """A request. `position` grows with each that ends and is 0 while it runs, `at` is when it began in nanoseconds
    since 1970, `ms` how long it took. `models` are those that were asked, in order, those that only embed first.
    """

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
    spans: Spans
    models: tuple[str, ...] = ()
    sums: Sums = NOTHING

    @property
    def outcome(self) -> Class:
        """A stream that failed after it had begun is an error of the server's, though its status was sent as 200."""
        if not self.position:
            return "RUNNING"
        if self.status >= 500 or (self.status < 400 and self.error):
            return "SERVER_ERROR"
        return "CLIENT_ERROR" if self.status >= 400 else "SUCCESS"

    @property
    def matters(self) -> bool:
        """Whether it asked a model or failed."""
        return bool(self.error or self.models or self.sums.invocations)


# With its spans as they are written, which few who look for a request want to see.
Packed = Request[msgspec.Raw]

write = msgspec.msgpack.Encoder().encode
read = msgspec.msgpack.Decoder(Packed).decode
_spans = msgspec.msgpack.Decoder(list[Span]).decode


def spans(request: Packed) -> list[Span]:
    return _spans(request.spans)


def size(request: Packed) -> int:
    """The bytes of memory that it takes, about."""
    return 900 + len(request.message) + len(memoryview(request.spans))


def packed(call: Call, position: int, ms: float, sums: Sums = NOTHING) -> Packed:
    """The call as it stands; what many requests have in common is in memory once."""
    return Packed(
        position,
        call.request_id,
        call.trace.id,
        call.trace.spans[0].started,
        intern(call.account),
        intern(call.region),
        intern(call.caller or ""),
        intern(call.key_id),
        intern(call.source_ip),
        intern(call.user_agent),
        intern(call.name or ""),
        call.status,
        intern(call.error),
        call.message[:_LONGEST_MESSAGE],
        call.audit,
        ms,
        msgspec.Raw(write(call.trace.spans)),
        _models(call.trace.spans),
        sums,
    )


def used(request: Packed, sums: Sums, model: str) -> Packed:
    """The same, now that it is known what it used."""
    models = request.models if model in request.models else (*request.models, intern(model))
    return msgspec.structs.replace(request, models=models, sums=sums)


def _models(spans: Sequence[Span]) -> tuple[str, ...]:
    asking = [span for span in spans if span.name in _ASKING and _MODEL in span.attributes]
    embedding = {str(span.attributes[_MODEL]) for span in asking if span.attributes.get(_OPERATION) == _EMBEDS}
    last_first = dict.fromkeys(str(span.attributes[_MODEL]) for span in reversed(asking))
    in_order = [*last_first][::-1]
    return tuple(map(intern, sorted(in_order, key=lambda model: model not in embedding)))

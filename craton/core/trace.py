"""What one request did, and when: its spans. Knows no exporter, no door and no capability.

The ids are those of the W3C Trace Context, so that a caller's own trace goes on here.
"""

import asyncio
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from craton.errors import ApiError

Value = str | int | float | bool | tuple[str, ...]

# The steps of a request that others look for.
ADMISSION = "admission"  # the limits that an invocation must pass
ENGINE = "engine"  # a model at work
GUARDRAIL = "guardrail"  # a text that is judged

# Attributes of a guardrail's step.
GUARDRAIL_ID = "aws.bedrock.guardrail.id"
GUARDRAIL_VERSION = "craton.guardrail.version"
GUARDRAIL_SOURCE = "craton.guardrail.source"
GUARDRAIL_INTERVENED = "craton.guardrail.intervened"
GUARDRAIL_UNITS = "craton.guardrail.text_units"
GUARDRAIL_LATENCY = "craton.guardrail.latency_ms"  # of judging: a stream's step lasts longer

CANCELLED = "CANCELLED"  # the error of what ended because nobody waited for it any more

_MOST = 256  # spans that one trace keeps
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


@dataclass(slots=True)
class Span:
    """One step. Times are nanoseconds since 1970, `ended` is 0 while it runs; `error` is the code of what failed.

    As a context manager it ends with its block, and what the block raises is its error.
    """

    name: str
    id: str
    parent: str
    started: int
    ended: int = 0
    attributes: dict[str, Value] = field(default_factory=dict)
    error: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end(self, code_of(error))


class Trace:
    """The spans of one request, in the order they began. `parent` is the caller's span, where it named one."""

    __slots__ = ("id", "parent", "sampled", "spans")

    def __init__(self, id: str = "", parent: str = "", *, sampled: bool | None = None) -> None:
        """`sampled` is what the caller decided; None where that is left to this server."""
        self.id = id or os.urandom(16).hex()
        self.parent = parent
        self.sampled = sampled
        self.spans: list[Span] = []

    @classmethod
    def of(cls, traceparent: str | None, new: str = "") -> Self:
        """The trace that a `traceparent` header names (W3C Trace Context); one with the id `new` where it is none."""
        found = _TRACEPARENT.fullmatch(traceparent.strip()) if traceparent else None
        if found is None:
            return cls(new)
        version, trace, parent, flags, more = found.groups()
        if version == "ff" or (version == "00" and more) or not trace.strip("0") or not parent.strip("0"):
            return cls(new)
        return cls(trace, parent, sampled=bool(int(flags, 16) & 1))

    def parent_of(self, span: Span) -> str:
        """The `traceparent` for a request that is made within this span."""
        return f"00-{self.id}-{span.id}-{'00' if self.sampled is False else '01'}"

    def begin(self, name: str, attributes: Mapping[str, Value] | None = None, *, parent: Span | None = None) -> Span:
        """Begin a span; without a parent it stands under the first one. End it with `end`."""
        above = parent.id if parent else self.spans[0].id if self.spans else self.parent
        span = Span(name, os.urandom(8).hex(), above, time.time_ns(), attributes=dict(attributes or {}))
        if len(self.spans) < _MOST:
            self.spans.append(span)
        return span


def end(span: Span, error: str | None = None) -> None:
    span.ended = time.time_ns()
    span.error = error or span.error


def code_of(error: BaseException | None) -> str | None:
    """What a span tells of an error."""
    if isinstance(error, ApiError):
        return error.code
    if isinstance(error, GeneratorExit | asyncio.CancelledError):
        return CANCELLED
    return type(error).__name__ if error else None

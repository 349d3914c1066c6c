"""What one request did, and when: its spans. Knows no exporter, no door and no capability.

The ids are those of the W3C Trace Context, so that a caller's own trace goes on here.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

Value = str | int | float | bool | tuple[str, ...]

_MOST = 256  # spans that one trace keeps


@dataclass(slots=True)
class Span:
    """One step. Times are nanoseconds since 1970, `ended` is 0 while it runs; `error` is the code of what failed."""

    name: str
    id: str
    parent: str
    started: int
    ended: int = 0
    attributes: dict[str, Value] = field(default_factory=dict)
    error: str | None = None


class Trace:
    """The spans of one request, in the order they began. `parent` is the caller's span, where it named one."""

    __slots__ = ("id", "parent", "sampled", "spans")

    def __init__(self, id: str = "", parent: str = "", *, sampled: bool = True) -> None:
        self.id = id or os.urandom(16).hex()
        self.parent = parent
        self.sampled = sampled
        self.spans: list[Span] = []

    @classmethod
    def of(cls, traceparent: str | None) -> Self:
        """The trace that a `traceparent` header names (W3C Trace Context, version 00); a new one where it is none."""
        version, _, rest = (traceparent or "").strip().partition("-")
        trace, _, rest = rest.partition("-")
        parent, _, flags = rest.partition("-")
        if not (_hex(version, 2) and _hex(trace, 32) and _hex(parent, 16) and _hex(flags[:2], 2)):
            return cls()
        if version == "ff" or not trace.strip("0") or not parent.strip("0"):
            return cls()
        return cls(trace, parent, sampled=bool(int(flags[:2], 16) & 1))

    def begin(self, name: str, parent: Span | None = None, **attributes: Value) -> Span:
        """Begin a span; without a parent it stands under the first one. End it with `end`."""
        above = parent.id if parent else self.spans[0].id if self.spans else self.parent
        span = Span(name, os.urandom(8).hex(), above, time.time_ns(), attributes=attributes)
        if len(self.spans) < _MOST:
            self.spans.append(span)
        return span

    @contextmanager
    def span(self, name: str, parent: Span | None = None, **attributes: Value) -> Iterator[Span]:
        """A span around a block; what the block raises is its error."""
        span = self.begin(name, parent, **attributes)
        try:
            yield span
        except BaseException as error:
            span.error = getattr(error, "code", type(error).__name__)
            raise
        finally:
            end(span)


def end(span: Span, error: str | None = None) -> None:
    span.ended = time.time_ns()
    span.error = error or span.error


def _hex(text: str, length: int) -> bool:
    return len(text) == length and all(character in "0123456789abcdef" for character in text)

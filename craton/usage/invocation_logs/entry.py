"""One invocation while it is logged: what was sent to a model, what has come back so far, what it used.

Knows no configuration's flags and no place where records go.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from craton.core.context import Context
from craton.dialects.converse import Event, Fold
from craton.usage.invocation_logs.settings import Settings
from craton.usage.records import OK, Counts, Used

JSON = "application/json"
encode = msgspec.json.Encoder().encode


@dataclass(slots=True, weakref_slot=True, eq=False)
class Entry:
    """`model` is the identifier that the caller named. Bodies are as they go over the wire, without their headers."""

    settings: Settings
    ctx: Context
    operation: str
    model: str
    input: bytes = b""
    output: bytes = b""
    error: str | None = None
    counts: Counts = field(default_factory=Counts)
    metadata: Mapping[str, str] = field(default_factory=dict)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def size(self) -> int:
        """Bytes that it keeps in memory, about."""
        return len(self.input) + len(self.output) + 1024

    def used(self, used: Used) -> None:
        """Add an invocation that the request made: it may make several. The last one tells how it ended."""
        self.counts.add(used.counts)
        self.model = used.profile or self.model
        self.metadata = used.metadata
        self.error = None if used.status == OK else used.status


class Collector(Protocol):
    """What a streamed answer is logged as."""

    def add(self, event: Event) -> None: ...

    def body(self) -> bytes: ...


class Folded:
    """The answer that the events of ConverseStream add up to, as the real service logs them."""

    def __init__(self) -> None:
        self._fold = Fold()
        self._begun = False

    def add(self, event: Event) -> None:
        self._begun = True
        self._fold.add(event)

    def body(self) -> bytes:
        return encode(self._fold.answer()) if self._begun else b""


class Chunks:
    """The list of the chunks of InvokeModelWithResponseStream."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def add(self, event: Event) -> None:
        self._chunks.append(event["chunk"]["bytes"])

    def body(self) -> bytes:
        return b"[%s]" % b",".join(self._chunks) if self._chunks else b""


def of_events(stream: bytes) -> bytes:
    """The list of the data of server-sent events."""
    lines = (line.removeprefix(b"data: ") for line in stream.split(b"\n") if line.startswith(b"data: "))
    told = [line for line in lines if line != b"[DONE]"]
    return b"[%s]" % b",".join(told) if told else b""

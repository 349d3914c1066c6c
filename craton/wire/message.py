"""One HTTP request and one HTTP response, as plain data.

Knows no server, socket or framework: the door makes a `Request` from what arrived and sends a `Response`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent: nothing is decoded, reordered or folded, since signatures and routes depend on it."""

    method: str
    path: str  # still percent-encoded
    query: str = ""  # without the "?", still percent-encoded
    headers: tuple[tuple[str, str], ...] = ()  # names in lower case, in the order of arrival
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first header of this lower-case name."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class Stream(Protocol):
    """A body that comes in parts. Whoever takes it closes it, read to its end or not."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Response:
    """A response to send; each part of a stream is sent at once."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | Stream = b""

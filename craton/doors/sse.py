"""Server-sent events: how the OpenAI and Anthropic APIs stream. Knows no API's events.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable

import msgspec

from craton.errors import ApiError
from craton.wire.message import Response

HEADERS = (("Content-Type", "text/event-stream; charset=utf-8"), ("Cache-Control", "no-cache"))
_encode = msgspec.json.Encoder().encode


def event(data: object, name: str | None = None) -> bytes:
    """One event with JSON as its data."""
    head = f"event: {name}\n".encode() if name else b""
    return b"%sdata: %s\n\n" % (head, _encode(data))


async def respond(events: AsyncGenerator[bytes], failed: Callable[[ApiError], bytes]) -> Response:
    """The response that sends these events, each at once.

    Waits for the first: an ApiError before it is raised here and answered as any other, with a status. One after it
    becomes the last event, in the words of `failed`.
    """
    return Response(200, list(HEADERS), _Stream(await anext(events), events, failed))


class _Stream(AsyncIterator[bytes]):
    """Closing it closes the events, begun or not."""

    def __init__(self, first: bytes, rest: AsyncGenerator[bytes], failed: Callable[[ApiError], bytes]) -> None:
        self._first: bytes | None = first
        self._rest = rest
        self._failed = failed
        self._ended = False

    async def __anext__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        if self._ended:
            raise StopAsyncIteration
        try:
            return await anext(self._rest)
        except ApiError as error:
            self._ended = True
            return self._failed(error)

    async def aclose(self) -> None:
        await self._rest.aclose()

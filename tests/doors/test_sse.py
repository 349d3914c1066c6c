"""Server-sent events, and where an error shows: before the first event as itself, after it as the last event."""

from collections.abc import AsyncGenerator

import pytest

from craton.doors import sse
from craton.errors import ApiError, ThrottlingException
from craton.wire.message import Response


def failed(error: ApiError) -> bytes:
    return sse.event({"broke": error.message}, "error")


async def read(response: Response) -> bytes:
    assert not isinstance(response.body, bytes)
    return b"".join([part async for part in response.body])


def test_an_event_is_one_line_of_json() -> None:
    assert sse.event({"a": "x\ny"}) == b'data: {"a":"x\\ny"}\n\n'
    assert sse.event({}, "ping") == b"event: ping\ndata: {}\n\n"


async def test_an_error_before_the_first_event_is_raised() -> None:
    async def events() -> AsyncGenerator[bytes]:
        raise ThrottlingException("Too much.")
        yield b""

    with pytest.raises(ThrottlingException):
        await sse.respond(events(), failed)


async def test_an_error_after_the_first_event_is_the_last_one() -> None:
    async def events() -> AsyncGenerator[bytes]:
        yield b"first "
        raise ThrottlingException("Too much.")

    response = await sse.respond(events(), failed)
    assert dict(response.headers)["Content-Type"].startswith("text/event-stream")
    assert await read(response) == b'first event: error\ndata: {"broke":"Too much."}\n\n'


async def test_closing_the_body_closes_the_events_though_it_was_never_read() -> None:
    closed = False

    async def events() -> AsyncGenerator[bytes]:
        nonlocal closed
        try:
            yield b"first"
            yield b"second"
        finally:
            closed = True

    response = await sse.respond(events(), failed)
    assert not isinstance(response.body, bytes)
    await response.body.aclose()
    assert closed

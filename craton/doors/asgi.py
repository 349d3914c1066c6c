"""ASGI in and out: a raw request becomes a `Request`, a `Response` is sent. Knows no operation, caller or error body.

Source: the ASGI HTTP specification, https://asgi.readthedocs.io/en/latest/specs/www.html.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

from craton.config import Limits
from craton.engines.remote.via import PSEUDONYM
from craton.errors import (
    RequestEntityTooLargeException,
    RequestTimeoutException,
    SerializationException,
    ServiceUnavailableException,
    ValidationException,
)
from craton.wire.message import Request, Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

# Most answers take less than this; only a slower one is worth a task that waits for the client to vanish.
PATIENCE_SECONDS = 0.02
# How long a client may take to read what is sent to it, before what it holds is given to others.
STALL_SECONDS = 60.0

_ENDING = "the server ends"


class ClientGone(Exception):
    """The client closed the connection before it had its answer."""


def head(scope: Scope) -> Request:
    """The request without its body. Raises ValidationException where this server sent it itself."""
    request = Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
    )
    if PSEUDONYM in (request.header("via") or ""):
        raise ValidationException(
            "This request was sent by this very server: a provider's base_url leads back here. Give it another."
        )
    return request


async def body(scope: Scope, request: Request, receive: Receive, limits: Limits) -> bytes:
    """The body that follows.

    Raises RequestEntityTooLargeException, RequestTimeoutException, and SerializationException for one without an end.
    """
    announced = request.header("content-length") or ""
    if not announced and scope["http_version"] == "1.1" and request.header("transfer-encoding") is None:
        return b""  # by RFC 9112, 6.3; only in HTTP/2 may a body come unannounced
    if announced.isascii() and announced.isdigit() and int(announced) > limits.body_bytes:
        raise _too_large(limits)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _collect(receive, limits)
    except TimeoutError:
        raise RequestTimeoutException(
            f"The request body did not arrive within {limits.body_seconds:g} seconds. Send it faster, or send less."
        ) from None


async def _collect(receive: Receive, limits: Limits) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            # Said too of a body that is framed wrongly; a client that has gone does not hear this.
            raise SerializationException("The request body broke off before its end. Send the request again, whole.")
        part = message.get("body", b"")
        size += len(part)
        if size > limits.body_bytes:
            raise _too_large(limits)
        parts.append(part)
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(limits: Limits) -> RequestEntityTooLargeException:
    return RequestEntityTooLargeException(
        f"The request body is larger than the {limits.body_bytes} bytes that this server accepts."
    )


async def send_response(send: Send, response: Response, stall: float = STALL_SECONDS) -> None:
    """Send it, each part of a stream at once. The stream is closed however this ends, so that what feeds it stops.

    Raises ServiceUnavailableException where the client reads nothing of a stream for `stall` seconds.
    """
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    start = {"type": "http.response.start", "status": response.status, "headers": headers}
    if isinstance(response.body, bytes):
        await send(start)
        await send_last(send, response.body)
        return
    async with aclosing(response.body) as parts:
        await send(start)
        async for part in parts:
            try:
                async with asyncio.timeout(stall):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            except TimeoutError:
                raise ServiceUnavailableException(
                    f"The answer was ended: nothing of it was read for {stall:g} seconds. Send the request again, and "
                    "read its answer as it comes."
                ) from None
    await send_last(send, b"")


async def send_last(send: Send, part: bytes) -> None:
    """End a streamed body with this part."""
    await send({"type": "http.response.body", "body": part})


@asynccontextmanager
async def while_connected(receive: Receive) -> AsyncIterator[Callable[[], None]]:
    """Run the block, which calls what it is given once it has read the whole request: two must never receive at once.

    From then on, if the client vanishes, whatever the block awaits is cancelled, and ClientGone raised. Likewise, from
    the beginning, ServiceUnavailableException where the server has to end (`Running`).
    """
    task = asyncio.current_task()
    assert task is not None
    gone = False
    timer: asyncio.TimerHandle | None = None
    watcher: asyncio.Task[None] | None = None

    async def wait() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        task.cancel()

    def start() -> None:
        nonlocal watcher
        watcher = asyncio.create_task(wait())

    def watch() -> None:
        nonlocal timer
        timer = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, start)

    try:
        yield watch
    except asyncio.CancelledError as cancelled:
        ending = _ENDING in cancelled.args
        if not (gone or ending) or task.uncancel():
            raise
        if gone:
            raise ClientGone from None
        raise ServiceUnavailableException(
            "The server is shutting down and could not finish this answer. Send the request again."
        ) from None
    finally:
        if timer is not None:
            timer.cancel()
        if watcher is not None:
            watcher.cancel()


class Running:
    """An application, and its requests that are being answered: when the server has to end, so do they.

    `draining` tells that no new requests are wanted: each that still comes is told so in its scope.
    """

    def __init__(self, application: Asgi) -> None:
        self._application = application
        self._tasks: set[asyncio.Task[Any]] = set()
        self.draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["craton.draining"] = self.draining
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._application(scope, receive, send)
        finally:
            self._tasks.discard(task)

    def __len__(self) -> int:
        return len(self._tasks)

    def end(self) -> None:
        """Have each of them tell its client, in the words of its API, that the server ends."""
        for task in self._tasks:
            task.cancel(_ENDING)

"""One request and its answer, at any door: watched while the client is there, and one log line at the end.

Knows no API: a door makes the answer, and words what goes wrong.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog

from craton.doors import asgi
from craton.doors.asgi import ClientGone, Receive, Scope, Send
from craton.errors import ApiError, InternalServerException
from craton.wire.message import Response

log = structlog.get_logger("craton.doors")


@dataclass(slots=True)
class Call:
    """What is known of one request so far, for its error and its log line."""

    request_id: str
    name: str | None = None
    caller: str | None = None
    status: int = 0


C = TypeVar("C", bound=Call)


class Door(Protocol[C]):
    def call(self, request_id: str) -> C: ...

    async def answer(self, call: C, scope: Scope, receive: Receive, watch: Callable[[], None]) -> Response:
        """`watch` is to be called once the whole request is read. Raises ApiError and ClientGone."""
        ...

    def refuse(self, call: C, error: ApiError) -> Response: ...

    def break_off(self, call: C, failure: ApiError) -> bytes:
        """The end of a stream that failed, which must not seem to have ended well."""
        ...


async def serve(door: Door[C], scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, whatever happens. The last resort for what nobody foresaw is here."""
    started = time.perf_counter()
    call = door.call(str(uuid.uuid4()))
    streaming = False
    try:
        async with asgi.while_connected(receive) as watch:
            try:
                response = await door.answer(call, scope, receive, watch)
            except ApiError as error:
                response = door.refuse(call, error)
            call.status = response.status
            streaming = not isinstance(response.body, bytes)
            await asgi.send_response(send, response)
    except ClientGone:
        call.status = 499
    except Exception:
        log.exception("failed", request_id=call.request_id)
        failure = InternalServerException("The server failed on this request; its log says why.")
        if call.status == 0:
            await asgi.send_response(send, door.refuse(call, failure))
        elif streaming:
            await asgi.send_last(send, door.break_off(call, failure))
        call.status = 500
    log.info(
        "request",
        request_id=call.request_id,
        operation=call.name,
        caller=call.caller,
        status=call.status,
        ms=round((time.perf_counter() - started) * 1000, 2),
    )

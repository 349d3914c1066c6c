"""One request and its answer, at any door: watched while the client is there, and one log line at the end.

Knows no API: a door makes the answer, and words what goes wrong.
"""

import time
import uuid
from collections.abc import Callable
from typing import Protocol, TypeVar

import structlog

from craton.core.call import NOBODY, Call, Watchers
from craton.core.trace import CANCELLED, Trace, end
from craton.doors import asgi
from craton.doors.asgi import ClientGone, Receive, Scope, Send
from craton.errors import ApiError, InternalServerException
from craton.wire.message import Response

log = structlog.get_logger("craton.doors")


__all__ = ["NOBODY", "Call", "Door", "Watchers", "serve"]

_LONGEST_AGENT = 256

C = TypeVar("C", bound=Call)


class Door(Protocol[C]):
    @property
    def watchers(self) -> Watchers: ...

    def call(self, request_id: str, trace: Trace) -> C: ...

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
    call = _begun(door, scope)
    for watch_begin in door.watchers.begun:
        watch_begin(call)
    streaming = False
    try:
        async with asgi.while_connected(receive) as watch:
            try:
                response = await door.answer(call, scope, receive, watch)
            except ApiError as error:
                call.error, call.message = error.code, error.message
                response = door.refuse(call, error)
            call.status = response.status
            streaming = not isinstance(response.body, bytes)
            await asgi.send_response(send, response)
    except ClientGone:
        call.status, call.error = 499, CANCELLED
    except ApiError as error:  # the server ends, or the client reads no more
        await _fail(door, call, send, error, streaming)
    except Exception:
        log.exception("failed", request_id=call.request_id)
        failure = InternalServerException("The server failed on this request; its log says why.")
        await _fail(door, call, send, failure, streaming)
        call.status = 500
    call.ms = round((time.perf_counter() - started) * 1000, 2)
    if streaming and not call.error:
        # Told in the stream, whose status was sent before, by the step that ended last.
        call.error = max(call.trace.spans, key=lambda span: span.ended).error or ""
    end(call.trace.spans[0], call.error)
    for watch_end in door.watchers.ended:
        watch_end(call)
    _log(call)


async def _fail(door: Door[C], call: C, send: Send, failure: ApiError, streaming: bool) -> None:
    """End an answer that failed outside of what its door does: refuse the request, or break off what was begun."""
    call.error, call.message = failure.code, failure.message
    if call.status == 0:
        response = door.refuse(call, failure)
        call.status = response.status
        await asgi.send_response(send, response)
    elif streaming:
        await asgi.send_last(send, door.break_off(call, failure))


def _begun(door: Door[C], scope: Scope) -> C:
    """The call of this request, whose trace goes on with the caller's where it names one."""
    request_id = str(uuid.uuid4())
    traceparent = agent = None
    for name, value in scope["headers"]:
        if name == b"traceparent":
            traceparent = value.decode("latin-1")
        elif name == b"user-agent":
            agent = value.decode("latin-1")
    call = door.call(request_id, Trace.of(traceparent, new=request_id.replace("-", "")))
    call.trace.begin("door")
    call.user_agent = (agent or "")[:_LONGEST_AGENT]
    call.source_ip = (scope.get("client") or ("",))[0]
    call.secure = scope.get("scheme") == "https"
    return call


def _log(call: Call) -> None:
    """One line. Neither messages nor headers are in it: they hold what clients sent."""
    given = {"error": call.error, "audit": call.audit}
    log.info(
        "request",
        request_id=call.request_id,
        trace_id=call.trace.id,
        operation=call.name,
        account=call.account or None,
        caller=call.caller,
        status=call.status,
        ms=call.ms,
        **{name: value for name, value in given.items() if value},
    )

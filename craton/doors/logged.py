"""Answers of REST doors, logged for the accounts that want it. Knows no API but that it answers in JSON or events."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import replace

from craton.core.context import Context
from craton.core.trace import CANCELLED
from craton.usage.invocation_logs.entry import Entry, of_events
from craton.usage.invocation_logs.logs import InvocationLogs
from craton.wire.message import Request, Response, Stream

Answer = Callable[[], Awaitable[Response]]


async def logged(
    logs: InvocationLogs, ctx: Context, operation: str, model: object, request: Request, answer: Answer
) -> Response:
    """What `answer` makes of the request. `model` is what the request names as such."""
    entry = await logs.begin(ctx, operation, model if isinstance(model, str) else "")
    if entry is None:
        return await answer()
    entry.input = request.body
    with ExitStack() as ending:
        ending.enter_context(logs.recording(entry))
        response = await answer()
        if isinstance(response.body, bytes):
            entry.output = response.body
            return response
        return replace(response, body=_Watched(response.body, entry, ending.pop_all()))


class _Watched(AsyncIterator[bytes]):
    """The parts of a stream. The entry ends with it, begun or not."""

    def __init__(self, parts: Stream, entry: Entry, ending: ExitStack) -> None:
        self._stream = parts
        self._parts = aiter(parts)
        self._entry = entry
        self._ending = ending
        self._kept: list[bytes] = []
        self._ended = False

    async def __anext__(self) -> bytes:
        try:
            part = await anext(self._parts)
        except StopAsyncIteration:
            self._end(None)
            raise
        self._kept.append(part)
        return part

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            self._end(CANCELLED)

    def _end(self, error: str | None) -> None:
        if not self._ended:
            self._ended = True
            self._entry.error = self._entry.error or error
            self._entry.output = of_events(b"".join(self._kept))
            self._ending.close()

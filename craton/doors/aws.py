"""The AWS door: one signed request in, one modelled answer out, for every service whose model it is given.

The life of a request is `answer`, read from top to bottom. Knows no capability: handlers come in a table.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from craton.audit.trail import Trail, Witnessed
from craton.config import Limits
from craton.core.context import Context
from craton.core.operation import Handler, snake_case
from craton.core.trace import Trace
from craton.doors import acts, asgi, bulk, exchange
from craton.doors.asgi import Receive, Scope, Send
from craton.doors.callers import Callers
from craton.doors.exchange import NOBODY, Call, Watchers
from craton.errors import ApiError, NotImplementedException
from craton.iam.authorization.authorization import Authorization
from craton.iam.authorization.needs import Need
from craton.store.documents import Documents
from craton.store.documents import Scope as Owner
from craton.wire import reader, writer
from craton.wire.message import Request, Response
from craton.wire.router import Router
from craton.wire.spec import Operation, Service

# Entries of an answer from which on it is written in a thread: to write one takes about 4 microseconds.
MANY = 1_000
_HOLDING = (dict, list)


@dataclass(slots=True)
class AwsCall(Call):
    """A call, and the operation whose model says how its errors are written."""

    operation: Operation | None = None

    def found(self, operation: Operation) -> None:
        self.operation = operation
        self.read_only = acts.read_only(operation)
        self.name = operation.full_name


class AwsDoor:
    def __init__(
        self,
        services: Iterable[Service],
        handlers: Mapping[tuple[str, str], Handler],
        callers: Callers,
        authorization: Authorization,
        documents: Documents,
        limits: Limits,
        trail: Trail,
        watchers: Watchers = NOBODY,
    ) -> None:
        services = list(services)
        self._router = Router(services)
        self._handlers = {
            operation: handler
            for service in services
            for operation in service.operations.values()
            if (handler := handlers.get((service.name, snake_case(operation.name))))
        }
        unknown = len(handlers) - len(self._handlers)
        assert not unknown, f"{unknown} handlers are named for no operation of {[s.name for s in services]}"
        self._needs = {
            operation: Need(operation.service.name, operation.name, operation.input.members)
            for operation in self._handlers
        }
        self._callers = callers
        self._authorization = authorization
        self._documents = documents
        self._limits = limits
        self._trail = trail
        self.watchers = watchers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await exchange.serve(self, scope, receive, send)

    def call(self, request_id: str, trace: Trace) -> AwsCall:
        return AwsCall(request_id, trace)

    def refuse(self, call: AwsCall, error: ApiError) -> Response:
        return writer.write_error(call.operation, error, call.request_id)

    def break_off(self, call: AwsCall, failure: ApiError) -> bytes:
        assert call.operation, "a stream is an operation's"
        return writer.exception_frame(call.operation, failure)

    async def answer(self, call: AwsCall, scope: Scope, receive: Receive, watch: Callable[[], None]) -> Response:
        head = asgi.head(scope)
        route = self._router.match(head)
        operation = route.operation
        call.found(operation)
        request = head
        if not operation.takes_events:  # else its events come for as long as its answer does
            body = await asgi.body(scope, head, receive, self._limits)
            watch()
            if body:  # which decides between services that share a path
                request = replace(head, body=body)
                route = self._router.match(request)
                operation = route.operation
                call.found(operation)
        ctx = await self._authenticate(operation, request, call)
        handler = self._handlers.get(operation)
        if handler is None:
            raise NotImplementedException(
                f"This server does not serve {operation.service.name} {operation.name}; "
                "`craton coverage` lists what it serves."
            )
        bulk.check(request.body, self._limits)
        arguments = reader.read(operation, route.labels, request)
        if acts.is_act(operation):
            result = await self._recorded(call, operation, handler, ctx, arguments)
        else:
            result = await self._once(operation, handler, ctx, arguments)
        response = await _written(operation, result, call.request_id)
        await writer.begin(response)
        response.headers.extend(ctx.headers.items())
        return response

    async def _authenticate(self, operation: Operation, request: Request, call: Call) -> Context:
        service = operation.service
        return await self._callers.of(
            request,
            call,
            signing_names=(service.signing_name,),
            bearer=service.bearer,
            streamed=operation.takes_events,
        )

    async def _recorded(
        self, call: AwsCall, operation: Operation, handler: Handler, ctx: Context, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """The same as `_once`, in the audit trail."""
        witnessed = Witnessed(acts.act(operation, call, ctx, arguments))
        try:
            async with self._trail.of(witnessed):
                return await self._once(operation, handler, ctx, arguments)
        finally:
            call.audit = witnessed.hash

    async def _once(
        self, operation: Operation, handler: Handler, ctx: Context, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """The handler's result, where the caller may have it; that of the first call where this one repeats it under
        the same idempotency token.
        """
        await self._authorization.check(ctx, self._needs[operation], arguments)
        token = arguments.get(operation.token_member) if operation.token_member else None
        if token is None or operation.gives_events:
            return await handler(ctx, arguments)
        owner = Owner(ctx.account, ctx.region)
        name = operation.full_name
        return await self._documents.once(owner, name, token, arguments, lambda: handler(ctx, arguments))


async def _written(operation: Operation, result: Mapping[str, Any], request_id: str) -> Response:
    """The response of a result. One with many entries is written in a thread, so that nobody waits for it."""
    if _many(result):
        return await asyncio.to_thread(writer.write, operation, result, request_id)
    return writer.write(operation, result, request_id)


def _many(result: Mapping[str, Any]) -> bool:
    """Whether a result has many entries. Of a list whose first entry holds none, the others are not looked at."""
    count = 0
    waiting: list[Iterable[Any]] = [result.values()]
    for entries in waiting:  # which grows meanwhile
        for each in entries:
            kind = type(each)
            if kind is dict:
                waiting.append(each.values())
            elif kind is list:
                count += len(each)
                if each and type(each[0]) in _HOLDING:
                    waiting.append(each)
        if count + len(waiting) >= MANY:
            return True
    return False

"""The AWS door: one signed request in, one modelled answer out, for every service whose model it is given.

The life of a request is `_answer`, read from top to bottom. Knows no capability: handlers come in a table.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from craton.config import Limits
from craton.core.context import Context
from craton.core.operation import Handler, snake_case
from craton.doors import asgi
from craton.doors.asgi import ClientGone, Receive, Scope, Send
from craton.errors import AccessDeniedException, ApiError, InternalServerException, NotImplementedException
from craton.iam.keys import Keys
from craton.store.documents import Documents
from craton.store.documents import Scope as Owner
from craton.wire import claims, reader, sigv4, writer
from craton.wire.claims import BearerKey
from craton.wire.message import Request, Response
from craton.wire.router import Router
from craton.wire.spec import Operation, Service

log = structlog.get_logger("craton.aws")


@dataclass(slots=True)
class Call:
    """What is known of one request so far, for its error and its log line."""

    request_id: str
    operation: Operation | None = None
    caller: str | None = None
    status: int = 0


class AwsDoor:
    def __init__(
        self,
        services: Iterable[Service],
        handlers: Mapping[tuple[str, str], Handler],
        keys: Keys,
        documents: Documents,
        limits: Limits,
        region: str,
    ) -> None:
        """`region` is the one of callers whose credentials name none (API keys)."""
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
        self._keys = keys
        self._documents = documents
        self._limits = limits
        self._region = region

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        call = Call(str(uuid.uuid4()))
        try:
            async with asgi.while_connected(receive) as watch:
                try:
                    response = await self._answer(call, scope, receive, watch)
                except ApiError as error:
                    response = writer.write_error(call.operation, error, call.request_id)
                call.status = response.status
                await asgi.send_response(send, response)
        except ClientGone:
            call.status = 499
        except Exception:
            log.exception("failed", request_id=call.request_id)
            failure = InternalServerException("The server failed on this request; its log says why.")
            if call.status == 0:
                await asgi.send_response(send, writer.write_error(call.operation, failure, call.request_id))
            elif call.operation and call.operation.output.event_member:  # a stream must not seem to have ended well
                await asgi.send_last(send, writer.exception_frame(call.operation, failure))
            call.status = 500
        log.info(
            "request",
            request_id=call.request_id,
            operation=call.operation and f"{call.operation.service.name}.{call.operation.name}",
            caller=call.caller,
            status=call.status,
            ms=round((time.perf_counter() - started) * 1000, 2),
        )

    async def _answer(self, call: Call, scope: Scope, receive: Receive, watch: Callable[[], None]) -> Response:
        head = asgi.head(scope)
        route = self._router.match(head)
        operation = call.operation = route.operation
        if operation.input.event_member:  # its events come for as long as its answer does
            request = head
        else:
            request = replace(head, body=await asgi.body(scope, head, receive, self._limits))
            watch()
            if request.body:  # which decides between services that share a path
                route = self._router.match(request)
                operation = call.operation = route.operation
        ctx = await self._authenticate(operation, request, call)
        handler = self._handlers.get(operation)
        if handler is None:
            raise NotImplementedException(
                f"This server does not serve {operation.service.name} {operation.name}; "
                "`craton coverage` lists what it serves."
            )
        arguments = reader.read(operation, route.labels, request)
        result = await self._once(operation, handler, ctx, arguments)
        response = writer.write(operation, result, call.request_id)
        await writer.begin(response)
        response.headers.extend(ctx.headers.items())
        return response

    async def _authenticate(self, operation: Operation, request: Request, call: Call) -> Context:
        """Who calls, once the request has proved it; in the region it was signed for."""
        claim = claims.parse(request)
        service = operation.service
        if isinstance(claim, BearerKey):
            if not service.bearer:
                raise AccessDeniedException(f"{service.name} takes no API keys; sign the request with an access key.")
            key = await self._keys.api_key(claim.key)
            call.caller = key.principal
            return Context(key.account, self._region, key.principal, call.request_id)
        credential = await self._keys.credential(claim.access_key_id)
        now = datetime.now(UTC)
        streamed = operation.input.event_member is not None
        sigv4.verify(request, claim, credential.secret, signing_name=service.signing_name, now=now, streamed=streamed)
        call.caller = credential.principal
        return Context(credential.account, claim.scope.region, credential.principal, call.request_id)

    async def _once(
        self, operation: Operation, handler: Handler, ctx: Context, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """The handler's result; that of the first call where this one repeats it under the same idempotency token."""
        members = operation.input.members.items()
        token_name = next((name for name, member in members if member.idempotency_token), None)
        token = arguments.get(token_name) if token_name else None
        if token is None or operation.output.event_member:
            return await handler(ctx, arguments)
        name = f"{operation.service.name}.{operation.name}"
        owner = Owner(ctx.account, ctx.region)
        return await self._documents.once(owner, name, token, arguments, lambda: handler(ctx, arguments))
